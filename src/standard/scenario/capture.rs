//! What is kept of an answer for later steps.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where a captured value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Capture {
    /// A FHIRPath on the body; of several values the first.
    Path(String),
    /// Elsewhere in the answer.
    From(CaptureFrom),
}

/// A value from elsewhere than the body: one of `header` and `status`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CaptureFrom {
    /// The value of a header.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"Location")]
    pub header: Option<String>,
    /// The part of it that a regular expression finds: its first group, or else all that it matches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"Patient/([A-Za-z0-9.-]+)")]
    pub matches: Option<String>,
    /// The number of the status.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[schemars(example = true)]
    pub status: bool,
}
