//! What single checks expect: a status, a header, a number, the parts of an OperationOutcome.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::standard::OneOrMany;

/// A status or a class of them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum StatusPattern {
    /// One status.
    Exact(u16),
    /// A class: `2xx`.
    Class(#[schemars(regex(pattern = r"^[1-5]xx$"))] String),
}

impl StatusPattern {
    /// Whether a status is meant.
    #[must_use]
    pub fn matches(&self, status: u16) -> bool {
        match self {
            Self::Exact(exact) => *exact == status,
            Self::Class(class) => class.starts_with(&(status / 100).to_string()),
        }
    }
}

impl std::fmt::Display for StatusPattern {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Exact(exact) => write!(formatter, "{exact}"),
            Self::Class(class) => formatter.write_str(class),
        }
    }
}

/// What is expected of a header.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum HeaderExpectation {
    /// That it is there.
    Present,
    /// That it is not there.
    Absent,
    /// That it has exactly this value.
    Equals(String),
    /// That it matches this regular expression.
    Matches(String),
    /// That it has the value that this header of the request had.
    Echoes(String),
}

/// What is expected of a body, whatever it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum BodyExpectation {
    /// That there is none.
    Empty,
    /// That there is one.
    Present,
}

/// The time that an answer may take: `2s`, `500ms`. A mapping says that more is a failure, not a warning.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum TimeBudget {
    /// More passes with a warning.
    Advisory(#[schemars(regex(pattern = r"^[0-9]+(ms|s)$"))] String),
    /// More fails.
    Binding(BindingTime),
}

/// The time that an answer may take.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BindingTime {
    /// The time: more is a failure.
    #[schemars(regex(pattern = r"^[0-9]+(ms|s)$"), example = &"5s")]
    pub required: String,
}

impl TimeBudget {
    /// The time in milliseconds.
    #[must_use]
    pub fn milliseconds(&self) -> Option<u64> {
        let text = match self {
            Self::Advisory(text) => text,
            Self::Binding(binding) => &binding.required,
        };
        match text.strip_suffix("ms") {
            Some(number) => number.parse().ok(),
            None => text.strip_suffix('s')?.parse::<u64>().ok()?.checked_mul(1000),
        }
    }
}

/// A number of things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Count {
    /// So many.
    Exactly(usize),
    /// Within bounds.
    Between(Bounds),
}

/// Bounds of a number; both count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bounds {
    /// The least.
    #[serde(default)]
    #[schemars(example = 1)]
    pub min: usize,
    /// The most; any number, if not given.
    #[serde(default)]
    #[schemars(example = 3)]
    pub max: Option<usize>,
}

impl Count {
    /// Whether a number is meant.
    #[must_use]
    pub fn matches(self, number: usize) -> bool {
        match self {
            Self::Exactly(exact) => number == exact,
            Self::Between(Bounds { min, max }) => number >= min && max.is_none_or(|max| number <= max),
        }
    }

    /// Whether every number is meant, so that nothing could fail.
    #[must_use]
    pub fn is_any(self) -> bool {
        matches!(self, Self::Between(Bounds { min: 0, max: None }))
    }

    /// Whether no number is meant, so that nothing could pass.
    #[must_use]
    pub fn is_none(self) -> bool {
        matches!(self, Self::Between(Bounds { min, max: Some(max) }) if min > max)
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Exactly(exact) => write!(formatter, "{exact}"),
            Self::Between(Bounds { min, max: None }) => write!(formatter, "at least {min}"),
            Self::Between(Bounds { min, max: Some(max) }) => write!(formatter, "{min} to {max}"),
        }
    }
}

/// What is expected of an `OperationOutcome`: at least one issue, each with severity and code. One issue has all
/// that is given.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct OutcomeExpectation {
    /// Does not apply where there is no body.
    #[serde(default)]
    #[schemars(example = true)]
    pub if_body: bool,
    /// Issue types of which the issue has one.
    #[serde(default)]
    #[schemars(example = ["invalid", "value"])]
    pub code: Vec<String>,
    /// Severities of which the issue has one; `error` and `fatal`, if not given.
    #[serde(default)]
    #[schemars(example = ["warning"])]
    pub severity: Vec<String>,
    /// Codings of which `details` of the issue has one.
    #[serde(default)]
    #[schemars(example = serde_json::json!({"system": "https://fhir.nhs.uk/STU3/CodeSystem/Spine-ErrorOrWarningCode-1",
        "code": "INVALID_NHS_NUMBER"}))]
    pub coding: OneOrMany<CodingPattern>,
}

/// A coding that an error is told by.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CodingPattern {
    /// Its system; any, if not given.
    #[serde(default)]
    #[schemars(example = &"https://fhir.nhs.uk/STU3/CodeSystem/Spine-ErrorOrWarningCode-1")]
    pub system: Option<String>,
    /// Its code.
    #[schemars(example = &"INVALID_NHS_NUMBER")]
    pub code: String,
}

impl std::fmt::Display for CodingPattern {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.system {
            Some(system) => write!(formatter, "{system}|{}", self.code),
            None => formatter.write_str(&self.code),
        }
    }
}

/// A JSON Schema that the body meets.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum SchemaSource {
    /// A file below the standard's folder.
    File(String),
    /// The schema itself.
    Inline(serde_json::Map<String, Value>),
}

/// A FHIRPath expression that is expected to be true, or to give a value.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum PathExpectation {
    /// The expression alone.
    Expression(String),
    /// The expression with what it means.
    Explained(ExplainedPath),
}

/// A FHIRPath expression with what it means. It has `says`, `equals` or both.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExplainedPath {
    /// What is checked, in words.
    #[serde(default)]
    #[schemars(example = &"that the version is the one that was sent")]
    pub says: Option<String>,
    /// The expression.
    #[schemars(example = &"meta.versionId")]
    pub path: String,
    /// The one value that it gives, as text; that it is true, if not given.
    #[serde(default)]
    #[schemars(example = &"${versionId}")]
    pub equals: Option<String>,
    /// What to do where it does not hold.
    #[serde(default)]
    #[schemars(example = &"Count the version up with each change.")]
    pub hint: Option<String>,
}

impl PathExpectation {
    /// The expression.
    #[must_use]
    pub fn path(&self) -> &str {
        match self {
            Self::Expression(path) => path,
            Self::Explained(explained) => &explained.path,
        }
    }
}

/// A deviation of systems in the field that is known and written down. It is shown with what fails, and does not
/// make it pass.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KnownDeviation {
    /// Where it is written down: an address, or the number of an entry.
    #[schemars(example = &"https://example.org/known-issues/12")]
    pub reference: String,
    /// What it is, in words.
    #[schemars(example = &"Version 4.2 answers 400 where 404 is right.")]
    pub says: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_and_counts() {
        assert!(StatusPattern::Class("4xx".into()).matches(404));
        assert!(!StatusPattern::Class("4xx".into()).matches(500));
        assert!(Count::Between(Bounds { min: 2, max: None }).matches(2));
        assert!(!Count::Between(Bounds { min: 0, max: Some(1) }).matches(2));
        assert!(Count::Between(Bounds { min: 2, max: Some(1) }).is_none());
    }

    #[test]
    fn times() {
        let budget: TimeBudget = serde_json::from_str(r#""500ms""#).unwrap();
        assert_eq!(budget.milliseconds(), Some(500));
        let budget: TimeBudget = serde_json::from_str(r#"{"required":"5s"}"#).unwrap();
        assert_eq!(budget.milliseconds(), Some(5000));
    }
}
