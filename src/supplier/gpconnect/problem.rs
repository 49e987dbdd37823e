//! Errors as GP Connect tells them: a code of the Spine in one issue of its own `OperationOutcome` profile.

use hyper::{StatusCode, header};
use serde_json::json;

use super::urls::{code_system, profile};
use crate::supplier::answer::Answer;
use crate::supplier::problem::Problem;

/// A request that is malformed, or whose headers or token are.
pub(super) fn bad_request(diagnostics: impl Into<String>) -> Problem {
    Problem::invalid(diagnostics)
}

/// A body that breaks its profile or a rule.
pub(super) fn invalid_resource(diagnostics: impl Into<String>) -> Problem {
    of(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "INVALID_RESOURCE", diagnostics)
}

/// A parameter whose value is wrong.
pub(super) fn invalid_parameter(diagnostics: impl Into<String>) -> Problem {
    of(StatusCode::UNPROCESSABLE_ENTITY, "invalid", "INVALID_PARAMETER", diagnostics)
}

/// What is not here, by the code of its kind.
pub(super) fn not_found(code: &'static str, diagnostics: impl Into<String>) -> Problem {
    of(StatusCode::NOT_FOUND, "not-found", code, diagnostics)
}

/// A value of an identifier that cannot be one.
pub(super) fn invalid_value(code: &'static str, diagnostics: impl Into<String>) -> Problem {
    of(StatusCode::BAD_REQUEST, "value", code, diagnostics)
}

/// An error with a code of the Spine; `issue` is a code of <http://hl7.org/fhir/issue-type>.
pub(super) fn of(
    status: StatusCode,
    issue: &'static str,
    code: &'static str,
    diagnostics: impl Into<String>,
) -> Problem {
    Problem { spine: Some(code), ..Problem::new(status, issue, diagnostics) }
}

/// The answer to a request that cannot be met.
pub(in crate::supplier) fn refusal(problem: &Problem) -> Answer {
    let code = problem.spine.unwrap_or_else(|| usual(problem.status));
    let outcome = json!({
        "resourceType": "OperationOutcome",
        "meta": { "profile": [profile("GPConnect-OperationOutcome-1")] },
        "issue": [{
            "severity": "error",
            "code": problem.code,
            "details": { "coding": [{
                "system": code_system("Spine-ErrorOrWarningCode-1"),
                "code": code,
                "display": display(code),
            }] },
            "diagnostics": problem.diagnostics,
        }],
    });
    let mut answer = Answer { status: problem.status, ..Answer::ok(outcome.to_string()) };
    if let Some((name, value)) = &problem.header {
        answer.header(name.clone(), value);
    }
    answer.header(header::CACHE_CONTROL, "no-store");
    answer
}

/// The code of the Spine for what every supplier refuses.
fn usual(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "NO_RECORD_FOUND",
        StatusCode::CONFLICT => "FHIR_CONSTRAINT_VIOLATION",
        StatusCode::UNPROCESSABLE_ENTITY => "INVALID_RESOURCE",
        status if status.is_server_error() => "INTERNAL_SERVER_ERROR",
        _ => "BAD_REQUEST",
    }
}

/// The display of a code of Spine-ErrorOrWarningCode-1.
fn display(code: &str) -> &'static str {
    match code {
        "NO_RECORD_FOUND" => "No record found",
        "PATIENT_NOT_FOUND" => "Patient not found",
        "PRACTITIONER_NOT_FOUND" => "Practitioner not found",
        "ORGANISATION_NOT_FOUND" => "Organisation not found",
        "INVALID_NHS_NUMBER" => "Invalid NHS number",
        "INVALID_IDENTIFIER_SYSTEM" => "Invalid identifier system",
        "INVALID_PATIENT_DEMOGRAPHICS" => "Invalid patient demographics",
        "INVALID_PARAMETER" => "Invalid parameter",
        "INVALID_RESOURCE" => "Invalid validation of resource",
        "REFERENCE_NOT_FOUND" => "Reference not found",
        "NO_PATIENT_CONSENT" => "Patient has not provided consent to share data",
        "DUPLICATE_REJECTED" => "Create would lead to creation of a duplicate resource",
        "FHIR_CONSTRAINT_VIOLATION" => "FHIR constraint violated",
        "INTERNAL_SERVER_ERROR" => "Unexpected internal server error",
        _ => "Bad request",
    }
}
