//! Resources that are judged by more than their profile: by another resource that they answer to.

use crate::fhir::Element;
use crate::profile::{Issue, SchemaSet};

use super::{measure, questionnaire};

/// What the companion of a resource says of it; nothing for most types.
pub(super) fn check(resource: Element<'_>, type_name: &str, set: &SchemaSet) -> Vec<Issue> {
    match type_name {
        "Questionnaire" => questionnaire::check_questionnaire(resource, set),
        "QuestionnaireResponse" => questionnaire::check_response(resource, set),
        "Measure" => measure::check_measure(resource, set),
        "MeasureReport" => measure::check_report(resource, set),
        _ => Vec::new(),
    }
}
