//! The address of an entry: absolute, and that of its resource.

use super::Surroundings;
use crate::fhir::Element;
use crate::profile::{Code, Issue, Severity};
use crate::validate::resolve::{is_relative, restful};

/// A `fullUrl` is relative.
pub(in crate::validate) const ABSOLUTE: Code = Code {
    name: "full-url-relative",
    title: "The fullUrl of an entry is not an absolute address",
    what: "Bundle.entry.fullUrl is the absolute address of the resource, or a urn:uuid where it has none yet.",
    why: "References are matched with it; a relative one matches none.",
    example: "wrong:  \"fullUrl\": \"Patient/1\"\nright:  \"fullUrl\": \"https://example.org/fhir/Patient/1\"",
    specification: "https://hl7.org/fhir/R4/bundle.html#bundle-unique",
};

/// A `fullUrl` and the resource's id disagree.
pub(in crate::validate) const IDENTITY: Code = Code {
    name: "full-url-identity",
    title: "The fullUrl of an entry is not that of its resource",
    what: "A fullUrl that is an address on a FHIR server ends in the type and id of the resource.",
    why: "Readers take the address for the resource's; whoever follows it finds another resource, or none.",
    example: "wrong:  \"fullUrl\": \"https://example.org/fhir/Patient/1\" with a resource of id 2\n\
        right:  \"fullUrl\": \"https://example.org/fhir/Patient/2\"",
    specification: "https://hl7.org/fhir/R4/bundle-definitions.html#Bundle.entry.fullUrl",
};

pub(super) fn check(bundle: Element<'_>, surroundings: &Surroundings<'_>) -> Vec<Issue> {
    let entries = bundle.children().filter(|child| child.name() == "entry");
    entries.filter_map(|entry| check_entry(entry, surroundings)).collect()
}

fn check_entry(entry: Element<'_>, surroundings: &Surroundings<'_>) -> Option<Issue> {
    let full_url = entry.child("fullUrl")?;
    let url = full_url.value()?;
    if is_relative(url) {
        let message = format!("the fullUrl `{url}` is not absolute");
        let issue = Issue::at(full_url, &ABSOLUTE, Severity::Error, message);
        return Some(issue.compared("an absolute address or urn:uuid:…", url));
    }
    let resource = entry.child("resource")?;
    let (_, name, id) = restful(url).filter(|(_, name, _)| (surroundings.is_type)(name))?;
    // What is to be created gets its id from the server.
    let is_new = entry.child("request").and_then(|request| request.text("method")) == Some("POST");
    let (own_name, own_id) = (resource.resource_type()?, resource.text("id"));
    if own_name == name && own_id.map_or(is_new, |own_id| own_id == id) {
        return None;
    }
    let actual = match own_id {
        Some(own_id) => format!("{own_name}/{own_id}"),
        None => format!("{own_name} without id"),
    };
    let message = format!("the fullUrl `{url}` is not the address of its resource");
    Some(Issue::at(full_url, &IDENTITY, Severity::Error, message).compared(format!("{name}/{id}"), actual))
}

#[cfg(test)]
mod tests {
    use crate::fhir::{Release, parse_json};
    use crate::validate::bundle::Surroundings;

    #[track_caller]
    fn check(entry: &str, code: Option<&str>) {
        let tree = parse_json(&format!(r#"{{"resourceType":"Bundle","entry":[{entry}]}}"#)).unwrap();
        let surroundings = Surroundings { release: Release::R4, is_type: &|name| name == "Patient" };
        let issues = super::check(tree.root(), &surroundings);
        assert_eq!(issues.first().map(|issue| issue.code), code, "{entry}");
    }

    #[test]
    fn addresses_are_absolute_and_those_of_their_resources() {
        let entry = |url: &str, id: &str| {
            format!(r#"{{"fullUrl":"{url}","resource":{{"resourceType":"Patient","id":"{id}"}}}}"#)
        };
        check(&entry("https://a.example/Patient/1", "1"), None);
        check(&entry("https://a.example/Patient/2", "1"), Some("full-url-identity"));
        check(&entry("https://a.example/Unknown/2", "1"), None);
        check(&entry("urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "1"), None);
        check(&entry("Patient/1", "1"), Some("full-url-relative"));
    }

    #[test]
    fn a_resource_that_is_to_be_created_needs_no_id() {
        let entry = |method: &str| {
            format!(
                r#"{{"fullUrl":"https://a.example/Patient/1","resource":{{"resourceType":"Patient"}},
                "request":{{"method":"{method}","url":"Patient"}}}}"#
            )
        };
        check(&entry("POST"), None);
        check(&entry("PUT"), Some("full-url-identity"));
    }
}
