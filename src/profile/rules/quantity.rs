//! The unit of a Quantity: its code, where its system says what is one.
//!
//! <https://hl7.org/fhir/R4/datatypes.html#Quantity>

use super::coding;
use crate::fhir::Element;
use crate::profile::{Code, Issue, Severity};
use crate::terminology::Terminology;
use crate::ucum;

/// A UCUM code carries a remark.
pub const ANNOTATION: Code = Code {
    name: "unit-annotation",
    title: "The code of a unit carries an annotation",
    what: "A UCUM code with text in braces behind a unit, such as mm[Hg]{hg}.",
    why: "UCUM gives annotations no meaning: they are passed over when units are compared, and are easily read as if \
        they said something. What is measured belongs in the code of the observation.",
    example: "doubtful:  \"code\": \"mg{creatinine}\"\nright:     \"code\": \"mg\"",
    specification: "https://ucum.org/ucum#section-Curly-Braces",
};

/// Checks one Quantity.
pub(super) fn check(element: Element<'_>, terminology: &Terminology) -> Vec<Issue> {
    let (mut system, mut code) = (None, None);
    for child in element.children() {
        match child.name() {
            "system" => system = child.value(),
            "code" => code = Some(child),
            _ => {}
        }
    }
    let (Some(system), Some(code)) = (system, code) else { return Vec::new() };
    let Some(text) = code.value() else { return Vec::new() };
    let mut issues = Vec::new();
    issues.extend(coding::unknown_code(code, system, text, terminology));
    if issues.is_empty()
        && system == ucum::SYSTEM
        && let Some(remark) = ucum::annotation(text)
    {
        let message = format!("the annotation `{{{remark}}}` of the unit `{text}` has no meaning for UCUM");
        issues.push(Issue::at(code, &ANNOTATION, Severity::Warning, message));
    }
    issues
}
