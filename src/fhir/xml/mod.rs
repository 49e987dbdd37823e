//! XML into the tree and the tree into XML, by the FHIR rules for XML.
//!
//! See <https://hl7.org/fhir/STU3/xml.html>. A document type declaration is refused: FHIR has no use
//! for one and it is the door to entity attacks.

mod bounds;
mod characters;
mod document;
mod narrative;
mod parse;
mod start_tag;
mod write;

#[cfg(test)]
mod tests;

pub use parse::parse;
pub use write::{NotXml, write};

/// The namespace of all elements of FHIR but the narrative.
const FHIR: &str = "http://hl7.org/fhir";
/// The namespace of the narrative.
const XHTML: &str = "http://www.w3.org/1999/xhtml";
