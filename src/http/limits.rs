//! The bounds that requests are sent and answers are read within.

use std::time::Duration;

/// Bounds of requests.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// How long a request may take, from connecting to the last byte.
    pub timeout: Duration,
    /// How large a body may be, in bytes, content encodings taken off.
    pub max_body_bytes: u64,
    /// How many redirects are followed.
    pub max_redirects: usize,
    /// How often a request that is safe to repeat is repeated, at most.
    pub retries: u32,
    /// How many requests are sent a second, at most; as many as come, if not given.
    pub rate: Option<f64>,
    /// How long all requests together may take; for ever, if not given.
    pub budget: Option<Duration>,
    /// How many requests are sent, at most, repeated ones and those for tokens counted; any number, if not given.
    pub max_requests: Option<u64>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            max_body_bytes: 6 << 20,
            max_redirects: 5,
            retries: 2,
            rate: None,
            budget: None,
            max_requests: None,
        }
    }
}
