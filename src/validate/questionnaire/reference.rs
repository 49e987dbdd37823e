//! The type of the resource that an answer points to.

use crate::code::Code;
use crate::fhir::Element;
use crate::profile::{Issue, Severity};

use super::findings::Findings;
use super::form::Item;
use super::value::Value;

/// A reference to a resource of a type that the question does not ask for.
pub(super) const CODE: Code = Code {
    name: "questionnaire-answer-reference",
    title: "An answer points to a resource of a type that the question does not ask for",
    what: "Where a question lists resource types by the extension referenceResource, or profiles by \
        referenceProfile, the answer points to a resource of one of them.",
    why: "A reader that follows the reference expects a resource of one of these types.",
    example: "referenceResource is Patient.\n  wrong:  \"valueReference\": { \"reference\": \"Organization/1\" }",
    specification: "https://hl7.org/fhir/R4/extension-questionnaire-referenceresource.html",
};

const RESOURCE: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-referenceResource";
const PROFILE: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-referenceProfile";

/// Checks one reference. One whose type cannot be told from its text is not judged here.
pub(super) fn check(reference: Element<'_>, item: Item<'_>, findings: &mut Findings<'_>) {
    let mut allowed: Vec<String> =
        item.extensions(RESOURCE).map(|value| value.written().to_owned()).collect();
    let profiles: Vec<&str> = item
        .extensions(PROFILE)
        .filter_map(|value| value.element.value().or_else(|| value.element.text("reference")))
        .collect();
    let types: Option<Vec<String>> =
        profiles.iter().map(|profile| findings.set.type_of_profile(profile)).collect();
    let Some(found) = target_type(reference) else { return };
    let Some(types) = types else {
        let message = format!("a profile that `{}` asks for is not loaded", item.link_id());
        return findings.not_checked(reference, item, message);
    };
    allowed.extend(types);
    if allowed.is_empty()
        || allowed.iter().any(|allowed| allowed == found || allowed == "Resource")
        || !findings.set.is_type(found)
    {
        return;
    }
    let message = format!("the answer to `{}` points to a resource of type {found}", item.link_id());
    let issue = Issue::at(reference, &CODE, Severity::Error, message);
    let actual = Value { element: reference, kind: "Reference" };
    findings.add(issue.compared(allowed.join(" or "), super::value::words(actual)), Some(item));
}

/// The type of the resource that a reference names, as far as its text or the contained resources tell.
fn target_type(reference: Element<'_>) -> Option<&str> {
    let text = reference.text("reference").unwrap_or_default();
    if let Some(id) = text.strip_prefix('#') {
        return reference.contained(id)?.resource_type();
    }
    if let Some(named) = reference.text("type") {
        return Some(named.rsplit('/').next().unwrap_or(named));
    }
    if text.starts_with("urn:") {
        return None;
    }
    let path = text.split_once("/_history/").map_or(text, |(path, _)| path);
    let mut parts = path.rsplit('/');
    let (_id, name) = (parts.next()?, parts.next()?);
    name.starts_with(|first: char| first.is_ascii_uppercase()).then_some(name)
}
