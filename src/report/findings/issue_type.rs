//! The issue type of FHIR that comes nearest to each of our codes.
//!
//! <https://hl7.org/fhir/STU3/valueset-issue-type.html>; all that is used here is in R4 as well.

use crate::validate::{Issue, Severity};

/// The type of an issue. What could not be checked is `incomplete`, whatever the code.
pub(super) fn issue_type(issue: &Issue) -> &'static str {
    match issue.severity {
        Severity::Undecided | Severity::NotChecked => "incomplete",
        _ => of_code(issue.code).unwrap_or("invalid"),
    }
}

/// The type of the issues with a code; a test holds that each code of validation is here.
fn of_code(code: &str) -> Option<&'static str> {
    Some(match code {
        "document-composition"
        | "document-unreachable"
        | "duplicate-id"
        | "duplicate-key"
        | "element-order"
        | "element-too-many"
        | "empty-element"
        | "json-array"
        | "json-null"
        | "json-shape"
        | "json-type"
        | "malformed"
        | "message-header"
        | "narrative-entity"
        | "slice-closed"
        | "slice-order"
        | "type-not-allowed"
        | "unknown-element"
        | "unknown-resource"
        | "wrong-content"
        | "xml-shape" => "structure",
        "document-date" | "element-missing" | "search-result" | "search-self-link" | "value-missing" => {
            "required"
        }
        "attachment-data"
        | "fixed-value"
        | "full-url-identity"
        | "full-url-relative"
        | "nhs-number-check-digit"
        | "nhs-number-format"
        | "nhs-number-repeated"
        | "ods-code-format"
        | "pattern-value"
        | "primitive-format"
        | "professional-number-format"
        | "reference-aggregation"
        | "reference-target"
        | "reference-target-profile"
        | "reference-format"
        | "reference-type"
        | "reference-urn"
        | "sds-id-format"
        | "uprn-format"
        | "value-form"
        | "value-out-of-range"
        | "value-too-short" => "value",
        "invariant" | "narrative-language" => "invariant",
        "code-not-in-value-set"
        | "code-not-for-use"
        | "code-without-system"
        | "not-a-code-system"
        | "unknown-code"
        | "unit-annotation"
        | "wrong-display" => "code-invalid",
        "vital-sign" => "informational",
        "extension-context"
        | "extension-modifier"
        | "extension-not-allowed"
        | "extension-part"
        | "extension-release"
        | "extension-url" => "extension",
        "value-too-long" => "too-long",
        "document-reference"
        | "message-focus"
        | "narrative-link"
        | "profile-not-loaded"
        | "code-system-version" => "not-found",
        "markup-in-text" => "security",
        "search-total" | "transaction-request" => "business-rule",
        "no-profile-holds" | "wrong-profile" => "invalid",
        "too-many-issues" => "too-costly",
        "code-not-checked"
        | "extension-not-checked"
        | "implicit-rules"
        | "invariant-not-checked"
        | "not-read"
        | "profile-defect"
        | "reference-aggregation-not-checked"
        | "reference-not-checked"
        | "too-long-to-check"
        | "value-range-not-checked" => "incomplete",
        _ => return of_companion(code),
    })
}

/// The same, of the resources that are judged by another one, which they answer to.
fn of_companion(code: &str) -> Option<&'static str> {
    Some(match code {
        "questionnaire-item-unknown"
        | "questionnaire-item-misplaced"
        | "questionnaire-item-order"
        | "questionnaire-item-repeated"
        | "questionnaire-item-shape"
        | "questionnaire-answer-type"
        | "questionnaire-value-type"
        | "measure-report-group"
        | "measure-report-population"
        | "measure-report-stratifier" => "structure",
        "questionnaire-answer-missing" | "questionnaire-answer-too-few" => "required",
        "questionnaire-answer-option" => "code-invalid",
        "questionnaire-item-not-enabled"
        | "questionnaire-option-exclusive"
        | "questionnaire-enable-when"
        | "measure-report-count" => "business-rule",
        "questionnaire-answer-bounds"
        | "questionnaire-answer-text"
        | "questionnaire-answer-unit"
        | "questionnaire-answer-attachment"
        | "questionnaire-answer-reference"
        | "questionnaire-free-text"
        | "questionnaire-wrong-type"
        | "measure-wrong-type"
        | "measure-report-score" => "value",
        "measure-criteria" => "not-found",
        "questionnaire-answer-not-checked"
        | "questionnaire-not-loaded"
        | "measure-not-loaded"
        | "measure-criteria-not-checked" => "incomplete",
        _ => return of_definition(code),
    })
}

/// Those of conformance resources.
fn of_definition(code: &str) -> Option<&'static str> {
    Some(match code {
        "concept-map-code" | "value-set-code" => "code-invalid",
        "definition-not-loaded" => "not-found",
        "definition-extension" => "extension",
        "definition-value" | "identifier-not-uri" => "value",
        "definition-cardinality" | "definition-element" | "definition-slicing" | "definition-type" => {
            "structure"
        }
        "expression-broken" | "value-set-filter" | "value-set-system" => "invalid",
        "capability-profile"
        | "capability-search-parameter"
        | "code-system-content"
        | "code-system-duplicate"
        | "code-system-property"
        | "code-system-value-set"
        | "definition-base"
        | "definition-obligations"
        | "definition-type-profile"
        | "definition-wrong-kind"
        | "search-parameter-derivation"
        | "value-set-circle" => "business-rule",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::codes;

    #[test]
    fn each_code_of_validation_has_a_type() {
        let without: Vec<&str> =
            codes().iter().map(|code| code.name).filter(|code| of_code(code).is_none()).collect();
        assert!(without.is_empty(), "add to of_code, with the issue type that comes nearest: {without:?}");
    }
}
