//! Code systems and value sets: whether a code belongs, does not, or cannot be told.

mod code_system;
mod comparison;
mod filter;
mod grammar;
mod membership;
mod packaged;
mod service;
mod snomed_identifier;
mod value_set;

pub use code_system::{CodeSystem, Concept};
pub use comparison::Codes;
pub use membership::Membership;
pub use packaged::Terminology;
pub use service::{Answer, Client, Question, Service, Told, Unusable};
pub use snomed_identifier::{is_snomed_code, is_snomed_identifier};

#[cfg(test)]
mod tests;
