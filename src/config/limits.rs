//! Bounds and pace of requests as configured: `[limits]`.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::http::Limits;

/// Bounds of requests, and how fast they are sent.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LimitsConfig {
    /// How long a request may take, in seconds; 30 by default.
    #[serde(default)]
    pub timeout_seconds: Option<f64>,
    /// How large a body may be, in megabytes; 6 by default.
    #[serde(default)]
    pub max_body_megabytes: Option<u64>,
    /// How many requests are sent a second, at most; as many as come, by default.
    #[serde(default)]
    pub rate: Option<f64>,
    /// How often a request that is safe to repeat is repeated, at most; 2 by default.
    #[serde(default)]
    pub retries: Option<u32>,
    /// How long a run may send, for instance `90s`, `10m` or `1h 30m`; as long as it takes, by default.
    #[serde(default)]
    pub budget: Option<String>,
    /// How many requests a run may send; as many as it takes, by default.
    #[serde(default)]
    pub max_requests: Option<u64>,
}

impl LimitsConfig {
    /// What is wrong with it, if anything is.
    pub(super) fn problem(&self) -> Option<String> {
        if self.max_body_megabytes.is_some_and(|size| !(1..=1024).contains(&size)) {
            return Some("max-body-megabytes must be between 1 and 1024".to_owned());
        }
        if self.timeout_seconds.is_some_and(|seconds| !(0.001..=3600.0).contains(&seconds)) {
            return Some("timeout-seconds must be between 0.001 and 3600".to_owned());
        }
        let rate = self.rate.and_then(|rate| check_rate(rate).err());
        let retries = self.retries.filter(|retries| *retries > 10);
        let retries = retries.map(|_| "retries must be between 0 and 10".to_owned());
        let budget = self.budget.as_deref().and_then(|budget| parse_budget(budget).err());
        rate.or(retries).or(budget)
    }

    /// The bounds: what is given here, in place of those.
    #[must_use]
    pub fn over(&self, default: Limits) -> Limits {
        let budget = self.budget.as_deref().and_then(|budget| parse_budget(budget).ok());
        Limits {
            timeout: self.timeout_seconds.map_or(default.timeout, Duration::from_secs_f64),
            max_body_bytes: self.max_body_megabytes.map_or(default.max_body_bytes, |size| size << 20),
            rate: self.rate.or(default.rate),
            retries: self.retries.unwrap_or(default.retries),
            budget: budget.or(default.budget),
            max_requests: self.max_requests.or(default.max_requests),
            ..default
        }
    }
}

/// Whether a number can be a rate.
fn check_rate(rate: f64) -> Result<f64, String> {
    if (0.01..=10_000.0).contains(&rate) {
        Ok(rate)
    } else {
        Err("rate must be between 0.01 and 10000 requests a second".to_owned())
    }
}

/// Requests a second, as a flag gives them.
///
/// # Errors
/// It is no number, or none that can be a rate.
pub fn parse_rate(text: &str) -> Result<f64, String> {
    check_rate(text.parse().map_err(|_| format!("`{text}` is no number"))?)
}

/// A time such as `90s`, `10m` or `1h 30m`.
///
/// # Errors
/// It is none, or not more than nothing.
pub fn parse_budget(text: &str) -> Result<Duration, String> {
    let wrong = || format!("budget: `{text}` is no time; expected for instance 90s, 10m or 1h 30m");
    let parsed: jiff::SignedDuration = text.parse().map_err(|_| wrong())?;
    Duration::try_from(parsed).ok().filter(|time| !time.is_zero()).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_as_people_write_it() {
        assert_eq!(parse_budget("90s").unwrap(), Duration::from_secs(90));
        assert_eq!(parse_budget("1h 30m").unwrap(), Duration::from_mins(90));
        for text in ["10", "-5m", "0s", "soon"] {
            assert!(parse_budget(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_given_stands_in_place_of_the_default() {
        let limits = LimitsConfig { rate: Some(5.0), budget: Some("1m".into()), ..LimitsConfig::default() };
        let limits = limits.over(Limits::default());
        assert_eq!((limits.rate, limits.retries), (Some(5.0), Limits::default().retries));
        assert_eq!(limits.budget, Some(Duration::from_mins(1)));
    }
}
