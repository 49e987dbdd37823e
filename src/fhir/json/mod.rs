//! JSON into the tree and the tree into JSON, by the FHIR rules for JSON.
//!
//! Hand-written because three things are needed that general parsers do not give together: the place
//! of every value, duplicate keys kept rather than dropped, and numbers as they were written.
//! See <https://hl7.org/fhir/STU3/json.html>.

mod parse;
mod scanner;
mod siblings;
mod write;

#[cfg(test)]
mod tests;

pub use parse::parse;
pub(super) use siblings::is_sibling;
pub use write::write;
