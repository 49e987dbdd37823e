//! A value of an exchange, compared with another by an operator.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A value of the answer, or of the request, compared with another.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// What is checked, in words.
    #[serde(default)]
    #[schemars(example = &"that something was found")]
    pub says: Option<String>,
    /// What is compared: `status`, `contentType`, `resource` (the type of the body), `method`, `url`, or a mapping with
    /// one of `header`, `requestHeader`, `fhirpath`, `requestFhirpath` and `value`.
    #[schemars(example = &"status", example = serde_json::json!({"fhirpath": "total"}))]
    pub of: Subject,
    /// How: `equals`, if not given.
    #[serde(default)]
    #[schemars(example = &"greaterThan")]
    pub operator: Operator,
    /// What it is compared with, as text; for `in` and `notIn` a list with commas.
    #[serde(default)]
    #[schemars(example = &"0", example = &"200,201")]
    pub value: Option<String>,
}

/// What is compared.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Subject {
    /// The status.
    Status,
    /// The media type, without its parameters.
    ContentType,
    /// The resource type of the body.
    Resource,
    /// The method of the request.
    Method,
    /// The address of the request: whole, or from its path on.
    Url,
    /// A header of the answer.
    Header(String),
    /// A header of the request.
    RequestHeader(String),
    /// What a FHIRPath finds in the body.
    Fhirpath(String),
    /// What a FHIRPath finds in the body of the request.
    RequestFhirpath(String),
    /// A text, in which `${…}` is filled in.
    Value(String),
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Operator {
    /// They are the same text or number.
    #[default]
    Equals,
    /// They are not.
    NotEquals,
    /// It is one of a list.
    In,
    /// It is none of a list.
    NotIn,
    /// It is the greater number or the later date.
    GreaterThan,
    /// It is the lesser number or the earlier date.
    LessThan,
    /// There is nothing.
    Empty,
    /// There is something.
    NotEmpty,
    /// The text is a part of it.
    Contains,
    /// The text is no part of it.
    NotContains,
}

impl Operator {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Equals,
        Self::NotEquals,
        Self::In,
        Self::NotIn,
        Self::GreaterThan,
        Self::LessThan,
        Self::Empty,
        Self::NotEmpty,
        Self::Contains,
        Self::NotContains,
    ];

    /// Whether it compares with something.
    #[must_use]
    pub fn needs_value(self) -> bool {
        !matches!(self, Self::Empty | Self::NotEmpty)
    }

    /// The operator that holds where this one, of the negative kind, does not.
    #[must_use]
    pub fn negated(self) -> Option<Self> {
        Some(match self {
            Self::NotEquals => Self::Equals,
            Self::NotIn => Self::In,
            Self::NotContains => Self::Contains,
            _ => return None,
        })
    }

    /// In words, before the value.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Equals => "equal to",
            Self::NotEquals => "not equal to",
            Self::In => "one of",
            Self::NotIn => "none of",
            Self::GreaterThan => "greater than",
            Self::LessThan => "less than",
            Self::Empty => "not there",
            Self::NotEmpty => "there",
            Self::Contains => "with",
            Self::NotContains => "without",
        }
    }
}

impl std::fmt::Display for Operator {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Equals => "equals",
            Self::NotEquals => "notEquals",
            Self::In => "in",
            Self::NotIn => "notIn",
            Self::GreaterThan => "greaterThan",
            Self::LessThan => "lessThan",
            Self::Empty => "empty",
            Self::NotEmpty => "notEmpty",
            Self::Contains => "contains",
            Self::NotContains => "notContains",
        })
    }
}

impl Subject {
    /// In words.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Status => "the status".to_owned(),
            Self::ContentType => "the media type".to_owned(),
            Self::Resource => "the resource type".to_owned(),
            Self::Method => "the method of the request".to_owned(),
            Self::Url => "the address of the request".to_owned(),
            Self::Header(name) => format!("the header {name}"),
            Self::RequestHeader(name) => format!("the header {name} of the request"),
            Self::Fhirpath(path) => format!("`{path}`"),
            Self::RequestFhirpath(path) => format!("`{path}` of the request"),
            Self::Value(text) => format!("`{text}`"),
        }
    }
}
