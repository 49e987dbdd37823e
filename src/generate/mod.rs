//! Standards made of FHIR packages: requirements and scenarios from a CapabilityStatement of kind
//! `requirements`, or, where a package has none, from its profiles and search parameters.
//!
//! What is made of what: docs/generated-standards.md. What is made is of the same types as what is authored, so that
//! plan, judge and reports know no difference.

mod claims;
mod conformance;
mod discovery;
mod error;
mod expectation;
mod expression;
mod includes;
mod interactions;
mod making;
mod maturity;
mod names;
mod profiles;
mod searches;
mod standard;
mod statement;
mod wanted;

pub use error::Error;
pub use standard::{Source, additions, standard};

#[cfg(test)]
mod tests;
