//! References: what they say of their target agrees with the target, where it is within the text.
//!
//! <https://hl7.org/fhir/R4/references.html>

use crate::fhir::{Element, with_article};
use crate::profile::{Code, Issue, Severity};

use super::resolve::{named_type, resolve};

/// A reference says another type than its target has.
pub(super) const CODE: Code = Code {
    name: "reference-type",
    title: "A reference says another type than its target has",
    what: "The type in a reference such as `Patient/1`, and the one in Reference.type, are that of the resource that it \
        leads to, where that is in the same text.",
    why: "A reader looks for a resource of that type, and finds none.",
    example: "wrong:  \"reference\": \"Practitioner/1\" where the entry of that address is an Organization",
    specification: "https://hl7.org/fhir/R4/references.html#literal",
};

/// Checks one Reference.
pub(super) fn check(element: Element<'_>, is_type: impl Fn(&str) -> bool) -> Option<Issue> {
    let reference = element.text("reference");
    let target = reference.and_then(|reference| resolve(reference, element)).and_then(Element::resource_type);
    let named = reference.and_then(named_type).filter(|name| is_type(name));
    if let (Some(target), Some(named)) = (target, named)
        && target != named
    {
        let message =
            format!("the reference names {}, and leads to a resource of type {target}", with_article(named));
        let issue = Issue::at(element, &CODE, Severity::Error, message);
        return Some(issue.compared(target, reference.unwrap_or_default()));
    }
    let stated = element.child("type")?;
    // An absolute type is one of a logical model, of which nothing is known here.
    let (wanted, said) = (target.or(named)?, stated.value().filter(|said| is_type(said))?);
    (wanted != said).then(|| {
        let message = format!("`type` says {said}, and the reference leads to a resource of type {wanted}");
        Issue::at(stated, &CODE, Severity::Error, message).compared(wanted, said)
    })
}

#[cfg(test)]
mod tests {
    use crate::fhir::parse_json;

    #[track_caller]
    fn check(reference: &str, ok: bool) {
        let tree = parse_json(&format!(
            r#"{{"resourceType":"Bundle","entry":[
            {{"fullUrl":"urn:uuid:1","resource":{{"resourceType":"Patient","contained":[{{"resourceType":"Device","id":"c"}}],
                "managingOrganization":{reference}}}}},
            {{"fullUrl":"urn:uuid:2","resource":{{"resourceType":"Organization"}}}}]}}"#
        ))
        .unwrap();
        let element = tree.root().child("entry").unwrap().child("resource").unwrap();
        let is_type = |name: &str| ["Patient", "Organization", "Device"].contains(&name);
        let issue = super::check(element.child("managingOrganization").unwrap(), is_type);
        assert_eq!(issue.is_none(), ok, "{reference}: {issue:?}");
    }

    #[test]
    fn types_agree_with_the_target() {
        check(r#"{"reference":"urn:uuid:2"}"#, true);
        check(r#"{"reference":"Organization/2"}"#, true);
        check(r#"{"reference":"Patient/2"}"#, false);
        check(r#"{"reference":"Patient/elsewhere"}"#, true);
        check(r#"{"reference":"urn:uuid:2","type":"Organization"}"#, true);
        check(r#"{"reference":"urn:uuid:2","type":"Patient"}"#, false);
        check(r#"{"reference":"Organization/elsewhere","type":"Patient"}"#, false);
        check(r##"{"reference":"#c","type":"Device"}"##, true);
        check(r##"{"reference":"#c","type":"Patient"}"##, false);
        check(r#"{"type":"Patient"}"#, true);
        check(r#"{"reference":"urn:uuid:2","type":"http://logical.example/model"}"#, true);
    }
}
