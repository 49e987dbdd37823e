//! Content that a body must have.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A resource whose content the body has: one of `resource` and `answer`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// The resource: its structure, its text in JSON or XML, or a file of these below the standard's folder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = serde_json::json!({"resourceType": "Patient", "gender": "male"}))]
    pub resource: Option<Value>,
    /// The body of the answer that an earlier step kept under this name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"created")]
    pub answer: Option<String>,
}
