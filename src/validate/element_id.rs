//! The ids of elements, which are unique within their resource.
//!
//! <https://hl7.org/fhir/R4/element.html#id>

use crate::fhir::Element;
use crate::profile::{Code, Issue, Severity};

/// Two elements of a resource have the same id.
pub(super) const CODE: Code = Code {
    name: "duplicate-id",
    title: "Two elements or contained resources of a resource have the same id",
    what: "The id of an element is its own within the resource, and that of a contained resource among the contained.",
    why: "A link within the resource, from its narrative for instance, leads to one of the two, and nobody knows which.",
    example: "wrong:  \"name\": [{ \"id\": \"a1\", … }], \"telecom\": [{ \"id\": \"a1\", … }]",
    specification: "https://hl7.org/fhir/R4/element.html",
};

/// Checks the ids within a resource. Resources within it have ids of their own.
pub(super) fn check(resource: Element<'_>) -> Vec<Issue> {
    let mut ids = Vec::new();
    collect(resource, &mut ids);
    // A reference `#id` leads to one contained resource.
    let mut issues = repeated(resource.children_named("contained").filter_map(|inner| inner.child("id")));
    if ids.len() > 1 {
        issues.extend(repeated(ids.into_iter()));
    }
    issues
}

fn repeated<'t>(ids: impl Iterator<Item = Element<'t>>) -> Vec<Issue> {
    let mut issues = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for id in ids {
        if let Some(value) = id.value()
            && !seen.insert(value)
        {
            let message = format!("another element of this resource has the id `{value}`");
            issues.push(Issue::at(id, &CODE, Severity::Error, message));
        }
    }
    issues
}

fn collect<'t>(parent: Element<'t>, ids: &mut Vec<Element<'t>>) {
    let is_resource = parent.resource_type().is_some();
    for child in parent.children() {
        match child.name() {
            "id" if !is_resource => ids.push(child),
            // The same element has the same id in both.
            "snapshot" | "differential" if parent.resource_type() == Some("StructureDefinition") => {}
            _ if child.resource_type().is_some() => {}
            _ => collect(child, ids),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::fhir::parse_json;

    #[track_caller]
    fn check(resource: &str, expected: &[&str]) {
        let tree = parse_json(resource).unwrap();
        let paths: Vec<String> = super::check(tree.root()).into_iter().map(|issue| issue.path).collect();
        assert_eq!(paths, expected);
    }

    #[test]
    fn an_id_is_one_element_s() {
        check(
            r#"{"resourceType":"Patient","id":"a","name":[{"id":"a","_family":{"id":"b"}},{"id":"c"}]}"#,
            &[],
        );
        check(
            r#"{"resourceType":"Patient","name":[{"id":"a","_family":{"id":"b"}}],"telecom":[{"id":"b"}]}"#,
            &["Patient.telecom[0].id"],
        );
    }

    #[test]
    fn contained_resources_are_told_apart() {
        check(
            r#"{"resourceType":"Patient","id":"a","contained":[{"resourceType":"Organization","id":"a"},
                {"resourceType":"Practitioner","id":"b"},{"resourceType":"Organization","id":"b"}]}"#,
            &["Patient.contained[2].id"],
        );
    }

    #[test]
    fn resources_within_have_ids_of_their_own() {
        check(
            r#"{"resourceType":"Patient","name":[{"id":"a"}],
                "contained":[{"resourceType":"Patient","id":"a","name":[{"id":"a"}]}]}"#,
            &[],
        );
        check(
            r#"{"resourceType":"StructureDefinition","snapshot":{"element":[{"id":"Patient"}]},
                "differential":{"element":[{"id":"Patient"}]}}"#,
            &[],
        );
    }
}
