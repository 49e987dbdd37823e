//! Profiles whose obligations a profile takes over.
//!
//! <https://hl7.org/fhir/extensions/StructureDefinition-inherit-obligations.html>

use super::definition::Definition;
use crate::profile::Code;
use crate::validate::conformance::findings::Findings;

/// A profile takes obligations over from one that gives none.
pub(super) const CODE: Code = Code {
    name: "definition-obligations",
    title: "A profile takes obligations over from one that is no obligation profile",
    what: "A profile named in the extension inherit-obligations is marked by the extension obligation-profile.",
    why: "Only such a profile is made to be taken over; any other would bring rules that nobody meant.",
    example: "right:  the other profile has { \"url\": \"…/obligation-profile\", \"valueBoolean\": true }",
    specification: "https://hl7.org/fhir/extensions/StructureDefinition-inherit-obligations.html",
};

/// The extension, where HL7 publishes it now and where it did at first.
const INHERIT: [&str; 2] = [
    "http://hl7.org/fhir/StructureDefinition/inherit-obligations",
    "http://hl7.org/fhir/tools/StructureDefinition/inherit-obligations",
];
/// The mark of an obligation profile, under its names so far.
const MARK: [&str; 3] = [
    "http://hl7.org/fhir/StructureDefinition/obligation-profile",
    "http://hl7.org/fhir/StructureDefinition/obligation-profile-flag",
    "http://hl7.org/fhir/tools/StructureDefinition/obligation-profile",
];

pub(super) fn check(definition: &Definition<'_>, findings: &mut Findings<'_>) {
    for extension in definition.root.children_named("extension") {
        let named = extension.child("valueCanonical").and_then(|place| Some((place, place.value()?)));
        let Some((place, canonical)) = named.filter(|_| extension.text("url").is_some_and(is(&INHERIT)))
        else {
            continue;
        };
        let Some(profile) = findings.find("StructureDefinition", place, canonical) else { continue };
        let mut marks = profile.root().children_named("extension");
        let is_marked = marks.any(|mark| {
            mark.text("url").is_some_and(is(&MARK)) && mark.text("valueBoolean") != Some("false")
        });
        if !is_marked {
            findings.error(place, &CODE, format!("{canonical} is not marked as an obligation profile"));
        }
    }
}

fn is(urls: &'static [&str]) -> impl Fn(&str) -> bool {
    |url| urls.contains(&url)
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::found;
    use crate::fhir::Release;

    fn profile(url: &str, extension: &str) -> String {
        format!(
            r#"{{"resourceType":"StructureDefinition","extension":[{extension}],"url":"{url}","kind":"resource",
                "type":"Patient","derivation":"constraint",
                "baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","differential":{{"element":[]}}}}"#
        )
    }

    #[test]
    fn obligations_come_from_obligation_profiles() {
        let inherit = r#"{"url":"http://hl7.org/fhir/StructureDefinition/inherit-obligations","valueCanonical":"http://example.org/other"}"#;
        let judged = |mark: &str| {
            let other = profile("http://example.org/other", mark);
            found(Release::R4, &[&other], &profile("http://example.org/own", inherit))
        };
        let mark =
            r#"{"url":"http://hl7.org/fhir/StructureDefinition/obligation-profile","valueBoolean":true}"#;
        assert!(judged(mark).is_empty());
        let error = ["error definition-obligations StructureDefinition.extension[0].valueCanonical"];
        assert_eq!(judged(""), error);
        assert_eq!(judged(&mark.replace("true", "false")), error);
    }
}
