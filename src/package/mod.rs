//! FHIR packages: conformance resources by canonical URL, from archives, folders, the cache that FHIR
//! tools share, and the program itself; and the registries that packages are fetched from.

mod archive;
mod cache;
mod compact;
mod definition;
mod digest;
mod error;
mod index;
mod install;
mod loaded;
mod loader;
mod lock;
mod manifest;
mod range;
mod reference;
mod registry;
mod set;
mod version;

pub use cache::{Cache, Unpacked};
pub use definition::Definition;
pub use digest::ContentDigest;
pub use error::{Change, Error, Problem};
pub use install::{Event, Installed, Installer, Missing, Outcome};
pub use loaded::Package;
pub use loader::{Loaded, Loader};
pub use lock::Lock;
pub use manifest::Manifest;
pub use range::Range;
pub use reference::{PackageId, Reference};
pub use registry::{DEFAULT_REGISTRIES, NotFound, Registries, Registry};
pub use set::PackageSet;
pub use version::Version;
