//! A validation as a FHIR OperationOutcome.
//!
//! <https://hl7.org/fhir/STU3/operationoutcome.html>

use serde_json::{Value, json};

use super::{Issue, Severity, Validation};

const LINE: &str = "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-line";
const COLUMN: &str = "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-col";
/// The code system of our own codes.
const CODES: &str = "urn:proofmark:issue";

/// The outcome of one resource. One without any issue says so in an issue of its own, since an
/// OperationOutcome must have one.
#[must_use]
pub fn operation_outcome(validation: &Validation) -> Value {
    let mut issues: Vec<Value> = validation.issues.iter().map(issue).collect();
    if issues.is_empty() {
        issues.push(json!({
            "severity": "information",
            "code": "informational",
            "details": { "text": "All OK" },
        }));
    }
    json!({ "resourceType": "OperationOutcome", "issue": issues })
}

fn issue(issue: &Issue) -> Value {
    let mut made = serde_json::Map::new();
    if let Some(position) = issue.position {
        made.insert(
            "extension".to_owned(),
            json!([{ "url": LINE, "valueInteger": position.line }, { "url": COLUMN, "valueInteger": position.column }]),
        );
    }
    made.insert("severity".to_owned(), severity(issue.severity).into());
    made.insert("code".to_owned(), kind(issue).into());
    made.insert(
        "details".to_owned(),
        json!({ "coding": [{ "system": CODES, "code": issue.code }], "text": text(issue) }),
    );
    if let Some(definition) = issue.definitions.first() {
        made.insert("diagnostics".to_owned(), definition.as_str().into());
    }
    if !issue.path.is_empty() {
        made.insert("expression".to_owned(), json!([issue.path]));
    }
    Value::Object(made)
}

/// What could not be checked is a warning here: OperationOutcome has no word of its own for it, and the
/// code of the issue (`incomplete`) says it.
fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning | Severity::Undecided => "warning",
        Severity::NotChecked | Severity::Information => "information",
    }
}

/// The issue type of FHIR that comes nearest.
fn kind(issue: &Issue) -> &'static str {
    match (issue.severity, issue.code) {
        (Severity::Undecided | Severity::NotChecked, _) => "incomplete",
        (_, "element-missing") => "required",
        (
            _,
            "element-too-many" | "unknown-element" | "json-array" | "wrong-content" | "type-not-allowed"
            | "body",
        ) => "structure",
        (_, "code-not-in-value-set") => "code-invalid",
        (_, "invariant") => "invariant",
        (_, "reference-target") => "value",
        _ => "invalid",
    }
}

/// The message with what was expected and found.
#[must_use]
fn text(issue: &Issue) -> String {
    let mut text = issue.message.clone();
    if let Some(expected) = &issue.expected {
        text.push_str(&format!("; expected {expected}"));
    }
    if let Some(actual) = &issue.actual {
        text.push_str(&format!("; found {actual}"));
    }
    text
}
