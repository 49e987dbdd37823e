//! FHIR packages: conformance resources by canonical URL, from archives, folders and the program itself.

mod archive;
mod compact;
mod definition;
mod error;
mod loaded;
mod set;

pub use definition::Definition;
pub use error::{Error, Problem};
pub use loaded::Package;
pub use set::PackageSet;
