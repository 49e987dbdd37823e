//! UCUM, the code system of units (<https://ucum.org/ucum>): which codes are well-formed, and conversion between
//! those that clinical data uses.

mod atoms;
mod conversion;
mod grammar;

pub use grammar::{annotation, is_valid};

pub(crate) use conversion::{commensurable, compare, convert, divide, is_convertible, multiply};

/// The URI of UCUM as a FHIR code system.
pub const SYSTEM: &str = "http://unitsofmeasure.org";
