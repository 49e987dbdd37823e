//! Numbers of doctors: of their register, and as prescribers.

use super::is_digits;
use crate::fhir::Element;
use crate::profile::{Code, Issue, Severity};

/// A number does not look like one of a doctor.
pub(in crate::profile::rules) const CODE: Code = Code {
    name: "professional-number-format",
    title: "A doctor's number has an unusual shape",
    what: "With the system https://fhir.hl7.org.uk/Id/gmc-number, seven digits, or C and seven digits for a consultant; \
        with https://fhir.hl7.org.uk/Id/gmp-number, G and seven digits.",
    why: "The numbers are looked up in registers. One of another shape is in none.",
    example: "doubtful:  GMC 7012345\nright:     7012345",
    specification: "https://www.datadictionary.nhs.uk/data_elements/general_medical_council_reference_number.html",
};

pub(super) fn general_medical_council(value: Element<'_>, text: &str) -> Option<Issue> {
    let digits = text.strip_prefix('C').unwrap_or(text);
    (!is_digits(digits, 7..=7)).then(|| unusual(value, text, "a GMC number", "7 digits, or C and 7 digits"))
}

pub(super) fn general_medical_practitioner(value: Element<'_>, text: &str) -> Option<Issue> {
    let usual = text.strip_prefix('G').is_some_and(|digits| is_digits(digits, 7..=7));
    (!usual).then(|| unusual(value, text, "a GMP number", "G and 7 digits"))
}

fn unusual(value: Element<'_>, text: &str, what: &str, expected: &str) -> Issue {
    let message = format!("`{text}` does not look like {what}");
    Issue::at(value, &CODE, Severity::Warning, message).compared(expected, text)
}
