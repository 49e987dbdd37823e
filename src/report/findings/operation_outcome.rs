//! A validation as a FHIR OperationOutcome.
//!
//! <https://hl7.org/fhir/STU3/operationoutcome.html>

use serde_json::{Value, json};

use super::issue_type::issue_type;
use crate::inert::visible;
use crate::validate::{Issue, Severity, Validation};

const LINE: &str = "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-line";
const COLUMN: &str = "http://hl7.org/fhir/StructureDefinition/operationoutcome-issue-col";
/// The code system of our own codes.
const CODES: &str = "urn:proofmark:issue";

/// The outcome of one resource. One without any issue says so in an issue of its own, since an
/// OperationOutcome must have one.
#[must_use]
pub fn render(validation: &Validation) -> Value {
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
    made.insert("code".to_owned(), issue_type(issue).into());
    made.insert(
        "details".to_owned(),
        json!({ "coding": [{ "system": CODES, "code": issue.code }], "text": text(issue) }),
    );
    if !issue.definitions.is_empty() {
        made.insert("diagnostics".to_owned(), visible(&issue.definitions.join(", ")).into());
    }
    if !issue.path.is_empty() {
        made.insert("expression".to_owned(), json!([visible(&issue.path)]));
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

/// The message with what was expected and found. A FHIR string holds no control character.
fn text(issue: &Issue) -> String {
    let mut text = issue.message.clone();
    if let Some(expected) = &issue.expected {
        text.push_str(&format!("; expected {expected}"));
    }
    if let Some(actual) = &issue.actual {
        text.push_str(&format!("; found {actual}"));
    }
    visible(&text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::Position;

    #[test]
    fn an_issue_says_all_it_knows_and_is_a_fhir_string() {
        let issue = Issue {
            code: "code-not-in-value-set",
            severity: Severity::Error,
            path: "Patient.gender".to_owned(),
            position: Some(Position { line: 3, column: 13 }),
            definitions: vec![
                "http://x/p|1#Patient.gender".to_owned(),
                "http://x/q#Patient.gender".to_owned(),
            ],
            message: "\"F\u{1b}[31m\" is not a code".to_owned(),
            expected: Some("a code of http://x/v".to_owned()),
            actual: Some("F".to_owned()),
        };
        insta::assert_json_snapshot!(render(&Validation { issues: vec![issue] }));
    }

    #[test]
    fn what_could_not_be_checked_is_no_error_and_no_silence() {
        let mut issue = Issue {
            code: "code-not-checked",
            severity: Severity::Undecided,
            path: "Patient".to_owned(),
            position: None,
            definitions: Vec::new(),
            message: "not here".to_owned(),
            expected: None,
            actual: None,
        };
        for (severity, expected) in [(Severity::Undecided, "warning"), (Severity::NotChecked, "information")]
        {
            issue.severity = severity;
            let outcome = render(&Validation { issues: vec![issue.clone()] });
            assert_eq!(outcome["issue"][0]["severity"], expected);
            assert_eq!(outcome["issue"][0]["code"], "incomplete");
        }
    }
}
