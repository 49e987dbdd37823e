//! The types that a reference may point to (ElementDefinition.type.targetProfile).

use serde::Serialize;

use crate::fhir::Element;
use crate::profile::{Code, Issue, Severity};

/// A reference points to a resource of another type than allowed.
pub const CODE: Code = Code {
    name: "reference-target",
    title: "A reference points to a resource of a type that is not allowed",
    what: "The type in a reference such as `Patient/123`, of its target where that is in the same text, or else in Reference.type, \
        is one of those that the profile names. Whether the target follows the profile named is checked where the target itself is read.",
    why: "A reader that follows the reference expects a resource of one of these types.",
    example: "wrong:  \"patient\": { \"reference\": \"Organization/1\" }\nright:  \"patient\": { \"reference\": \"Patient/1\" }",
    specification: "https://hl7.org/fhir/STU3/references.html",
};

/// Whether a reference points to an allowed type could not be told.
pub const NOT_CHECKED: Code = Code {
    name: "reference-not-checked",
    title: "The target of a reference could not be checked",
    what: "The profile allows targets by profiles that are not in the loaded packages, so that their types are \
        not known.",
    why: "It is listed so that nobody takes it for checked; it does not decide.",
    example: "Load the package that holds the profile with --package.",
    specification: "https://hl7.org/fhir/STU3/references.html",
};

/// The resource types allowed; targets that are profiles stand for the type that they constrain.
#[derive(Debug, Default, Serialize)]
pub struct ReferenceTargets {
    pub(crate) types: Vec<String>,
    /// Those that are profiles, with the type that each constrains.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) profiles: Vec<(String, String)>,
    /// Profiles whose type is not known.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) unknown: Vec<String>,
}

impl ReferenceTargets {
    /// The profiles on a type that a target may follow.
    pub(crate) fn of_type(&self, type_name: &str) -> impl Iterator<Item = &str> {
        self.profiles.iter().filter(move |(of, _)| of == type_name).map(|(_, profile)| profile.as_str())
    }

    /// Whether any resource of a type may be the target.
    pub(crate) fn allows_any(&self, type_name: &str) -> bool {
        // `types` has the type of each profile as well.
        let count = |name: &str| self.types.iter().filter(|known| *known == name).count();
        count("Resource") > 0 || count(type_name) > self.of_type(type_name).count()
    }

    /// Checks one Reference: by the type that its text names, that its target has, or that it states itself. One of
    /// which none tells is not judged.
    #[must_use]
    pub fn check<'t>(
        &self,
        element: Element<'t>,
        is_type: impl Fn(&str) -> bool,
        resolve: impl Fn(&str) -> Option<Element<'t>>,
    ) -> Option<Issue> {
        let reference = element.text("reference");
        // An absolute address need not be one of a FHIR server, and then says no type; the text may hold its target.
        let leads_to = |reference| {
            target_type(element, reference)
                .filter(|found| !reference.contains(':') || is_type(found))
                .or_else(|| resolve(reference)?.resource_type())
        };
        let found =
            reference.and_then(leads_to).or_else(|| stated_type(element).filter(|found| is_type(found)))?;
        if self.types.iter().any(|allowed| allowed == found || allowed == "Resource") {
            return None;
        }
        if !self.unknown.is_empty() {
            let message = format!(
                "whether `{}` may point to a resource of type {found} was not checked: not loaded are {}",
                element.name(),
                self.unknown.join(", ")
            );
            let mut issue = Issue::at(element, &NOT_CHECKED, Severity::NotChecked, message);
            issue.expected = Some(self.advice());
            return Some(issue);
        }
        let message = format!("`{}` points to a resource of type {found}", element.name());
        let actual = reference.unwrap_or(found);
        Some(Issue::at(element, &CODE, Severity::Error, message).compared(self.types.join(" or "), actual))
    }

    /// What to do about profiles that are not loaded.
    pub(crate) fn advice(&self) -> String {
        format!("load with --package the package that holds {}", self.unknown.join(" and "))
    }
}

/// The type that a reference states itself (Reference.type, R4), where it is one of FHIR. An address is relative to
/// that of HL7's types.
fn stated_type(element: Element<'_>) -> Option<&str> {
    let stated = element.text("type")?;
    Some(stated.strip_prefix("http://hl7.org/fhir/StructureDefinition/").unwrap_or(stated))
}

/// The type of the resource that a reference points to, as far as its text or the contained resources tell.
pub(in crate::profile) fn target_type<'t>(element: Element<'t>, reference: &'t str) -> Option<&'t str> {
    if let Some(id) = reference.strip_prefix('#') {
        return element.contained(id)?.resource_type();
    }
    if reference.starts_with("urn:") {
        return None;
    }
    let path = reference.split_once("/_history/").map_or(reference, |(path, _)| path);
    let mut parts = path.rsplit('/');
    let (_id, name) = (parts.next()?, parts.next()?);
    let type_like = name.starts_with(|letter: char| letter.is_ascii_uppercase())
        && name.chars().all(|letter| letter.is_ascii_alphabetic());
    type_like.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::parse_json;

    #[track_caller]
    fn check(reference: &str, ok: bool) {
        let text = format!(
            r#"{{"resourceType":"Observation","contained":[{{"resourceType":"Device","id":"d"}}],"subject":{{"reference":"{reference}"}}}}"#
        );
        let tree = parse_json(&text).unwrap();
        let issue = ReferenceTargets { types: vec!["Patient".into()], ..ReferenceTargets::default() }.check(
            tree.root().child("subject").unwrap(),
            |name| matches!(name, "Patient" | "Device"),
            |reference| reference.starts_with("urn:oid").then(|| tree.root()),
        );
        assert_eq!(issue.is_none(), ok, "{reference}");
    }

    #[test]
    fn a_logical_reference_is_judged_by_the_type_that_it_states() {
        let found = |reference: &str| {
            let text = format!(r#"{{"resourceType":"Observation","subject":{reference}}}"#);
            let tree = parse_json(&text).unwrap();
            let targets = ReferenceTargets { types: vec!["Patient".into()], ..ReferenceTargets::default() };
            let subject = tree.root().child("subject").unwrap();
            targets
                .check(subject, |name| matches!(name, "Patient" | "Device"), |_| None)
                .map(|issue| issue.actual.unwrap())
        };
        assert_eq!(found(r#"{"type":"Patient","identifier":{"value":"1"}}"#), None);
        assert_eq!(found(r#"{"type":"Device","identifier":{"value":"1"}}"#).as_deref(), Some("Device"));
        let long = r#"{"type":"http://hl7.org/fhir/StructureDefinition/Device","display":"x"}"#;
        assert_eq!(found(long).as_deref(), Some("Device"));
        let unresolved = r#"{"reference":"urn:uuid:1","type":"Device"}"#;
        assert_eq!(found(unresolved).as_deref(), Some("urn:uuid:1"));
        assert_eq!(found(r#"{"type":"http://logical.example/Device"}"#), None, "a logical model");
        assert_eq!(found(r#"{"reference":"Patient/1","type":"Device"}"#), None, "another rule's matter");
    }

    #[test]
    fn what_to_load_is_said() {
        let tree = parse_json(r#"{"resourceType":"Patient","x":{"reference":"Patient/1"}}"#).unwrap();
        let targets = ReferenceTargets { unknown: vec!["http://x/p".into()], ..ReferenceTargets::default() };
        let issue = targets.check(tree.root().child("x").unwrap(), |_| true, |_| None).unwrap();
        assert_eq!(issue.severity, Severity::NotChecked);
        assert!(issue.expected.unwrap().contains("--package the package that holds http://x/p"));
    }

    #[test]
    fn the_type_is_read_from_the_reference() {
        check("Patient/1", true);
        check("http://example.org/fhir/Patient/1/_history/2", true);
        check("urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", true);
        check("http://example.org/something", true);
        check("http://example.org/Something/1", true);
        check("Device/1", false);
        check("http://example.org/fhir/Device/1", false);
        check("#d", false);
        check("urn:oid:1.2", false);
    }
}
