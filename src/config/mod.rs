//! Configuration: `proofmark.toml`, below flags and environment, above the defaults.

mod auth;
mod campaign;
mod environment;
mod file;
mod identities;
mod limits;
mod maps;
mod source;
mod tls;

pub use auth::{ApiKey, Auth, Basic, KeyAlgorithm, OAuth2, SecretPlace, Unsigned};
pub use campaign::{Campaign, CampaignSupplier};
pub use environment::{
    BASELINE, BUDGET, CACHE_HOME, COLOR, CONFIG, ENDPOINT, MAX_REQUESTS, NO_COLOR, OFFLINE, OUT,
    PACKAGE_CACHE, PROFILES, RATE, REGISTRY, RETRIES, STANDARD, WAIVERS,
};
pub use file::{Config, PackagesConfig, SupplierConfig};
pub use limits::{LimitsConfig, parse_budget, parse_rate};
pub use maps::Mapped;
pub use source::{SecretFrom, Sources};
pub use tls::{CertificateConfig, NamedProxy, NoProxy, ProxyConfig, TlsConfig, TlsMinimum};
