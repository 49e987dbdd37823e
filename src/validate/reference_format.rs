//! The text of a reference: that it can lead anywhere at all.
//!
//! <https://hl7.org/fhir/R4/references.html#literal>

use crate::fhir::Element;
use crate::profile::{Code, Issue, Severity};

/// A reference is no address.
pub(super) const CODE: Code = Code {
    name: "reference-format",
    title: "A reference is no address",
    what: "Reference.reference is #id of a contained resource, Type/id with or without /_history/version, or an absolute \
        URI. In a transaction it can be a search, Type?parameter=value. White space is an error, any other form a warning.",
    why: "A reader that follows it finds nothing, and cannot tell what was meant.",
    example: "wrong:  \"reference\": \"Dr Ashcombe\"\nright:  \"reference\": \"Practitioner/1\"\nright:  \"display\": \
        \"Dr Ashcombe\"",
    specification: "https://hl7.org/fhir/R4/references.html#literal",
};

/// Checks the text of one Reference.
pub(super) fn check(element: Element<'_>, is_type: impl Fn(&str) -> bool) -> Option<Issue> {
    let place = element.child("reference")?;
    let reference = place.value().filter(|reference| !is_well_formed(reference, is_type))?;
    let message = format!("`{reference}` is no reference");
    let expected = "#id, Type/id with a type of this FHIR release, or an absolute URI";
    // A relative address may mean something to a server; one with white space is no URI at all.
    let is_uri = !reference.contains(char::is_whitespace);
    let severity = if is_uri { Severity::Warning } else { Severity::Error };
    Some(Issue::at(place, &CODE, severity, message).compared(expected, reference))
}

fn is_well_formed(reference: &str, is_type: impl Fn(&str) -> bool) -> bool {
    if reference.starts_with('#') {
        return true;
    }
    if let Some((kind, _)) = reference.split_once('?').filter(|(kind, _)| !kind.contains([':', '/'])) {
        return is_type(kind);
    }
    if reference.contains(char::is_whitespace) {
        return false;
    }
    if reference.contains(':') {
        return true;
    }
    let mut parts = reference.split('/');
    let kind = parts.next().is_some_and(is_type);
    let id = parts.next().is_some_and(is_id);
    match (parts.next(), parts.next(), parts.next()) {
        (None, None, None) => kind && id,
        (Some("_history"), Some(version), None) => kind && id && is_id(version),
        _ => false,
    }
}

fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::is_well_formed;

    #[test]
    fn a_reference_is_an_address() {
        let is_type = |name: &str| matches!(name, "Patient" | "Organization");
        for right in [
            "#a",
            "#",
            "Patient/1",
            "Patient/1/_history/2",
            "http://example.org/fhir/Patient/1",
            "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0",
            "Patient?identifier=http://example.org|1",
        ] {
            assert!(is_well_formed(right, is_type), "{right}");
        }
        let long = format!("Patient/{}", "1".repeat(65));
        for wrong in [
            "hello world",
            "Patient",
            "Patient/",
            "Patient/a b",
            "Patient/1/2",
            "Patient/1/_history",
            "Pateint/1",
            "http://example.org/a b",
            &long,
        ] {
            assert!(!is_well_formed(wrong, is_type), "{wrong}");
        }
    }
}
