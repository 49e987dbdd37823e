//! How finished an artefact is, by what it says of itself. A version number says nothing of it.

use super::expectation::extension;
use crate::fhir::Element;
use crate::standard::{Lifecycle, Maturity};

/// Where in the process of standards an artefact is, in the words of HL7.
const STANDARDS_STATUS: &str = "http://hl7.org/fhir/StructureDefinition/structuredefinition-standards-status";
/// HL7's maturity level of an artefact, 0 to 5.
const MATURITY_LEVEL: &str = "http://hl7.org/fhir/StructureDefinition/structuredefinition-fmm";

/// The maturity of a conformance resource. What is retired or still a draft is that, whatever else is said, but for
/// HL7's status of a standard, which is the more exact of the two.
pub(super) fn maturity(artefact: Element<'_>) -> Maturity {
    if artefact.text("status") == Some("retired") {
        return Maturity::Retired;
    }
    match standards_status(artefact) {
        Some("draft" | "informative") => return Maturity::Draft,
        Some("trial-use") => return Maturity::Trial,
        Some("normative") => return Maturity::Active,
        Some("deprecated") => return Maturity::Deprecated,
        _ => {}
    }
    match (artefact.text("status"), level(artefact)) {
        (Some("active"), Some("0")) => Maturity::Draft,
        (Some("active"), Some("1" | "2" | "3" | "4")) => Maturity::Trial,
        (Some("active"), _) => Maturity::Active,
        _ => Maturity::Draft,
    }
}

/// The same with the words of the publisher.
pub(super) fn lifecycle(artefact: Element<'_>) -> Lifecycle {
    let mut label = format!("status {}", artefact.text("status").unwrap_or("not stated"));
    if let Some(status) = standards_status(artefact) {
        label.push_str(&format!(", standards status {status}"));
    }
    if let Some(level) = level(artefact) {
        label.push_str(&format!(", maturity level {level}"));
    }
    let published = artefact.text("date").and_then(|date| date.get(..10)).map(str::to_owned);
    Lifecycle { status: maturity(artefact), label, published, effective: None, conformance: None, ends: None }
}

fn standards_status(artefact: Element<'_>) -> Option<&str> {
    extension(artefact, STANDARDS_STATUS)?.text("valueCode")
}

fn level(artefact: Element<'_>) -> Option<&str> {
    extension(artefact, MATURITY_LEVEL)?.text("valueInteger")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::parse_json;

    fn of(status: &str, extension: &str) -> Maturity {
        let text = format!(
            r#"{{"resourceType":"CapabilityStatement","status":"{status}","extension":[{extension}],"version":"9.9.9"}}"#
        );
        maturity(parse_json(&text).unwrap().root())
    }

    #[test]
    fn the_more_exact_word_wins() {
        let standards = |code: &str| format!(r#"{{"url":"{STANDARDS_STATUS}","valueCode":"{code}"}}"#);
        let level = |number: u8| format!(r#"{{"url":"{MATURITY_LEVEL}","valueInteger":{number}}}"#);
        assert_eq!(of("active", ""), Maturity::Active);
        assert_eq!(of("draft", ""), Maturity::Draft);
        assert_eq!(of("draft", &standards("trial-use")), Maturity::Trial);
        assert_eq!(of("active", &standards("informative")), Maturity::Draft);
        assert_eq!(of("active", &level(2)), Maturity::Trial);
        assert_eq!(of("active", &level(5)), Maturity::Active);
        assert_eq!(of("retired", &standards("normative")), Maturity::Retired);
        assert_eq!(of("unknown", ""), Maturity::Draft);
    }
}
