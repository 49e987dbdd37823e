//! What is wrong with a request, as the client is told it.

use hyper::StatusCode;
use hyper::header::{self, HeaderName};
use serde_json::json;

/// An error answer: a status and the one issue of its `OperationOutcome`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) status: StatusCode,
    /// A code of <http://hl7.org/fhir/issue-type>.
    pub(super) code: &'static str,
    pub(super) diagnostics: String,
    /// The header that belongs to the status: the methods allowed, for a 405; how to show who one is, for a 401.
    pub(super) header: Option<(HeaderName, String)>,
    /// The code of the Spine, where GP Connect has one of its own for this.
    pub(super) spine: Option<&'static str>,
}

impl Problem {
    pub(super) fn new(status: StatusCode, code: &'static str, diagnostics: impl Into<String>) -> Self {
        Self { status, code, diagnostics: diagnostics.into(), header: None, spine: None }
    }

    /// A request that cannot be read.
    pub(super) fn invalid(diagnostics: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid", diagnostics)
    }

    /// A search value that is not written as its type wants it.
    pub(super) fn value(diagnostics: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "value", diagnostics)
    }

    /// A search feature that the server does not have.
    pub(super) fn unsupported(diagnostics: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "not-supported", diagnostics)
    }

    pub(super) fn not_found(diagnostics: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", diagnostics)
    }

    pub(super) fn method(diagnostics: impl Into<String>, allow: impl Into<String>) -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "not-supported", diagnostics).with(header::ALLOW, allow)
    }

    pub(super) fn with(self, name: HeaderName, value: impl Into<String>) -> Self {
        Self { header: Some((name, value.into())), ..self }
    }

    /// The `OperationOutcome` in JSON.
    pub(super) fn outcome(&self) -> String {
        json!({
            "resourceType": "OperationOutcome",
            "issue": [{ "severity": "error", "code": self.code, "diagnostics": self.diagnostics }],
        })
        .to_string()
    }
}
