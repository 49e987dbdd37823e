//! Configuration: `proofmark.toml`, below flags and environment, above the defaults.

mod environment;
mod file;
mod secret;

pub use environment::{
    BASELINE, CACHE_HOME, COLOR, CONFIG, ENDPOINT, NO_COLOR, OFFLINE, OUT, PACKAGE_CACHE, PROFILES, REGISTRY,
    STANDARD, WAIVERS,
};
pub use file::{Auth, Config, LimitsConfig, PackagesConfig, SupplierConfig};
pub use secret::Secret;
