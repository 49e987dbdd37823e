//! How fast and how much a run may send: flags over what is configured.

use std::time::Duration;

use crate::config;
use crate::http::Limits;

/// How fast and how much a run may send.
#[derive(Debug, Default, clap::Args)]
pub(super) struct PaceArguments {
    /// How many requests are sent a second, at most
    #[arg(long, value_name = "N", env = config::RATE, value_parser = config::parse_rate)]
    rate: Option<f64>,
    /// How often a request that is safe to repeat is repeated, at most; 2 unless given
    #[arg(long, value_name = "N", env = config::RETRIES, value_parser = clap::value_parser!(u32).range(0..=10))]
    retries: Option<u32>,
    /// How long the run may send, for instance 90s or 10m; the rest is then not demonstrated
    #[arg(long, value_name = "TIME", env = config::BUDGET, value_parser = config::parse_budget)]
    budget: Option<Duration>,
    /// How many requests the run may send; the rest is then not demonstrated
    #[arg(long, value_name = "N", env = config::MAX_REQUESTS)]
    max_requests: Option<u64>,
}

impl PaceArguments {
    /// The bounds: what is given here, in place of those.
    pub(super) fn over(&self, configured: Limits) -> Limits {
        Limits {
            rate: self.rate.or(configured.rate),
            retries: self.retries.unwrap_or(configured.retries),
            budget: self.budget.or(configured.budget),
            max_requests: self.max_requests.or(configured.max_requests),
            ..configured
        }
    }
}
