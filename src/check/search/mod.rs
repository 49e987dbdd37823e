//! Searches: whether each entry meets the parameters that were sent, and whether the result is shaped as asked.
//!
//! <https://hl7.org/fhir/STU3/search.html>, <https://hl7.org/fhir/R4/search.html>

mod amount;
mod chain;
mod composite;
mod date;
mod definition;
mod escape;
mod held;
mod links;
mod matches;
mod meets;
mod met;
mod number;
mod parameter;
mod prefix;
mod quantity;
mod reference;
mod span;
mod string;
mod surroundings;
mod token;
mod token_modifier;
mod uri;
mod words;

pub use links::{PAGING, SELF_LINK, paging, self_link};
pub use matches::{MATCHES, matches};

#[cfg(test)]
mod tests;
