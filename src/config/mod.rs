//! Configuration: `proofmark.toml`, below flags and environment, above the defaults.

mod environment;
mod file;
mod secret;

pub use environment::{COLOR, CONFIG, ENDPOINT, NO_COLOR, OUT, PROFILES, STANDARD};
pub use file::{Auth, Config, LimitsConfig, SupplierConfig};
pub use secret::Secret;
