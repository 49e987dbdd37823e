//! Identifiers of the NHS, told by their system: one file each. Other systems are left alone.

mod number;
mod ods_code;
mod professional;
mod sds;
mod uprn;

use crate::fhir::Element;
use crate::profile::{Code, Issue};

/// The codes of these rules.
pub(super) const CODES: [&Code; 7] = [
    &number::FORMAT,
    &number::CHECK_DIGIT,
    &number::REPEATED,
    &ods_code::CODE,
    &professional::CODE,
    &sds::CODE,
    &uprn::CODE,
];

/// Checks an Identifier by its system.
pub(super) fn check_identifier(element: Element<'_>) -> Option<Issue> {
    let (mut system, mut found) = (None, None);
    for child in element.children() {
        match child.name() {
            "system" => system = child.value(),
            "value" => found = Some(child),
            _ => {}
        }
    }
    let name = system?.strip_prefix("https://fhir.").filter(|rest| rest.contains("/Id/"))?;
    let value = found?;
    let text = value.value()?;
    match name {
        "nhs.uk/Id/nhs-number" => number::check(value, text),
        "nhs.uk/Id/ods-organization-code" | "nhs.uk/Id/ods-site-code" => ods_code::check(value, text),
        "nhs.uk/Id/sds-user-id" | "nhs.uk/Id/sds-role-profile-id" => sds::check(value, text),
        "nhs.uk/Id/UPRN" | "nhs.uk/Id/uprn" => uprn::check(value, text),
        "hl7.org.uk/Id/gmc-number" => professional::general_medical_council(value, text),
        "hl7.org.uk/Id/gmp-number" => professional::general_medical_practitioner(value, text),
        _ => None,
    }
}

/// Checks an extension that holds the key of an address.
pub(super) fn check_extension(element: Element<'_>) -> Option<Issue> {
    uprn::check_extension(element)
}

/// Whether a text is so many digits.
fn is_digits(text: &str, count: std::ops::RangeInclusive<usize>) -> bool {
    count.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests;
