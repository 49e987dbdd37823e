//! Registries that speak the FHIR package registry protocol, which is npm's: a document of a package's
//! versions, and an archive for each.

mod checksum;
mod fetch;
mod metadata;
mod registries;

pub use registries::{DEFAULT_REGISTRIES, NotFound, Registries, Registry};
