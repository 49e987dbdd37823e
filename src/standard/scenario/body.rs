//! The body of a request: a text, a structure, a file of the standard's, bytes, or a form.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::standard::OneOrMany;

/// The body of a request.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Body {
    /// A text, sent as it is.
    Text(String),
    /// A body that is made.
    Made(Box<MadeBody>),
}

/// A body that is made. Exactly one of `resource`, `json`, `file`, `base64`, `form` and `answer` says of
/// what.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MadeBody {
    /// A FHIR resource: its structure, its text in JSON or XML, or a file of these below the standard's folder. It is
    /// sent as XML where the step's `Content-Type` is one of XML, and else as JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"data/patient-a.json")]
    pub resource: Option<Value>,
    /// Changes to the `resource` or `answer`, as JSON Merge Patch (RFC 7386): what is given replaces, null removes. A text,
    /// of a matrix for instance, is such a change in JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = serde_json::json!({"birthDate": null, "gender": "unknown"}))]
    pub merge: Option<Value>,
    /// Further changes to the `resource` or `answer`, as JSON Patch (RFC 6902): `add`, `replace` and `remove`. A text is
    /// such a list in JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = serde_json::json!([{"op": "add", "path": "/name/-", "value": {"use": "nickname", "text": "Nia"}}]))]
    pub patch: Option<Value>,
    /// Any structure, sent as JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = serde_json::json!([{"op": "replace", "path": "/gender", "value": "other"}]))]
    pub json: Option<Value>,
    /// A file below the standard's folder, sent as it is. In JSON, XML and text files `${…}` is filled in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"data/not-a-resource.txt")]
    pub file: Option<String>,
    /// Bytes, in Base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"eyJyZXNvdXJjZVR5cGUiOv8=")]
    pub base64: Option<String>,
    /// The fields of a form, `application/x-www-form-urlencoded`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = serde_json::json!({"grant_type": "client_credentials"}))]
    pub form: Option<IndexMap<String, OneOrMany<String>>>,
    /// The body of the answer that an earlier step kept under this name: as it came, or, with `merge` or `patch`,
    /// changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"created")]
    pub answer: Option<String>,
}

impl MadeBody {
    /// How many of the things that a body can be made of it names; one is right.
    #[must_use]
    pub fn kinds(&self) -> usize {
        usize::from(self.resource.is_some())
            + usize::from(self.json.is_some())
            + usize::from(self.file.is_some())
            + usize::from(self.base64.is_some())
            + usize::from(self.form.is_some())
            + usize::from(self.answer.is_some())
    }

    /// The file of the standard's that it is made of.
    #[must_use]
    pub fn source(&self) -> Option<&str> {
        self.file
            .as_deref()
            .or_else(|| self.resource.as_ref()?.as_str().filter(|text| !is_resource_text(text)))
    }
}

/// Whether a text is a resource itself, and not the name of a file that holds one.
#[must_use]
pub fn is_resource_text(text: &str) -> bool {
    text.trim_start().starts_with(['{', '<'])
}

impl Body {
    /// The file of the standard's that it is made of.
    #[must_use]
    pub fn source(&self) -> Option<&str> {
        match self {
            Self::Text(_) => None,
            Self::Made(made) => made.source(),
        }
    }
}
