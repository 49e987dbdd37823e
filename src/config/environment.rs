//! Every environment variable that Proofmark reads, but for those of proxies (`HTTPS_PROXY`, `NO_PROXY` and their
//! like), which the HTTP client reads by their usual rules.

/// The endpoint, as `--endpoint`.
pub const ENDPOINT: &str = "PROOFMARK_ENDPOINT";
/// The standard, as `--standard`.
pub const STANDARD: &str = "PROOFMARK_STANDARD";
/// The configuration file, as `--config`.
pub const CONFIG: &str = "PROOFMARK_CONFIG";
/// The folder of further standards, as `--profiles`.
pub const PROFILES: &str = "PROOFMARK_PROFILES";
/// The folder that a run is written to, as `--out`.
pub const OUT: &str = "PROOFMARK_OUT";
/// The file of waivers, as `--waivers`.
pub const WAIVERS: &str = "PROOFMARK_WAIVERS";
/// The run that is compared with, as `--baseline`.
pub const BASELINE: &str = "PROOFMARK_BASELINE";
/// When to colour, as `--color`.
pub const COLOR: &str = "PROOFMARK_COLOR";
/// If set to anything, no colour (<https://no-color.org>).
pub const NO_COLOR: &str = "NO_COLOR";
/// The folder of unpacked packages, as `--package-cache`.
pub const PACKAGE_CACHE: &str = "PROOFMARK_PACKAGE_CACHE";
/// The registries to fetch packages from, with commas between, as `--registry`.
pub const REGISTRY: &str = "PROOFMARK_REGISTRY";
/// If set, packages are not fetched, as `--offline`.
pub const OFFLINE: &str = "PROOFMARK_OFFLINE";
/// The folder of what may be made again, `~/.cache` unless set (XDG Base Directory Specification).
pub const CACHE_HOME: &str = "XDG_CACHE_HOME";
/// How many requests are sent a second, as `--rate`.
pub const RATE: &str = "PROOFMARK_RATE";
/// How often a request that is safe to repeat is repeated, as `--retries`.
pub const RETRIES: &str = "PROOFMARK_RETRIES";
/// How long a run may send, as `--budget`.
pub const BUDGET: &str = "PROOFMARK_BUDGET";
/// How many requests a run may send, as `--max-requests`.
pub const MAX_REQUESTS: &str = "PROOFMARK_MAX_REQUESTS";
