//! Search results: resources of a server, of the type that was searched.
//!
//! <https://hl7.org/fhir/R4/bundle.html#searchset>

use super::{Surroundings, resources};
use crate::fhir::{Element, with_article};
use crate::profile::{Code, Issue, Severity};

/// A search result is none.
pub(in crate::validate) const CODE: Code = Code {
    name: "search-result",
    title: "An entry of a search's answer cannot be a result of it",
    what: "Each resource of a searchset has an id, unless it is the server's OperationOutcome; one that is marked as a \
        match is of the type that the self link searches.",
    why: "A client reads, links and updates what it has found by its id.",
    example: "wrong:  a Patient without id in a searchset",
    specification: "https://hl7.org/fhir/R4/bundle.html#searchset",
};

pub(super) fn check(bundle: Element<'_>, surroundings: &Surroundings<'_>) -> Vec<Issue> {
    let links = bundle.children().filter(|child| child.name() == "link");
    let mut own = links.filter(|link| link.text("relation") == Some("self"));
    let searched = own
        .next()
        .and_then(|link| searched_type(link.text("url")?))
        .filter(|name| (surroundings.is_type)(name));
    let mut issues = Vec::new();
    for (entry, resource) in resources(bundle) {
        let mode = entry.child("search").and_then(|search| search.text("mode"));
        let Some(found) = resource.resource_type() else { continue };
        if found == "OperationOutcome" || mode == Some("outcome") {
            continue;
        }
        if resource.child("id").is_none() {
            issues.push(Issue::at(resource, &CODE, Severity::Error, "a search result needs an id"));
        }
        if let Some(searched) = searched.filter(|searched| mode == Some("match") && *searched != found) {
            let message = format!("{} cannot be a match of a search for {searched}", with_article(found));
            issues.push(Issue::at(resource, &CODE, Severity::Error, message).compared(searched, found));
        }
    }
    issues
}

/// The type that a search's address searches: `Patient` of `https://a.example/fhir/Patient?name=Ada`.
fn searched_type(url: &str) -> Option<&str> {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let path = path.trim_end_matches('/');
    path.strip_suffix("/_search").unwrap_or(path).rsplit('/').next()
}

#[cfg(test)]
mod tests {
    use crate::fhir::{Release, parse_json};
    use crate::validate::bundle::Surroundings;

    #[track_caller]
    fn check(url: &str, entry: &str, count: usize) {
        let tree = parse_json(&format!(
            r#"{{"resourceType":"Bundle","type":"searchset","link":[{{"relation":"self","url":"{url}"}}],"entry":[{entry}]}}"#
        ))
        .unwrap();
        let is_type = |name: &str| matches!(name, "Patient" | "Observation");
        let issues = super::check(tree.root(), &Surroundings { release: Release::R4, is_type: &is_type });
        assert_eq!(issues.len(), count, "{url} {entry}: {issues:?}");
    }

    #[test]
    fn results_have_ids_and_matches_the_type_searched() {
        let patient = r#"{"resource":{"resourceType":"Patient","id":"1"},"search":{"mode":"match"}}"#;
        check("https://a.example/Patient?name=Ada", patient, 0);
        check("https://a.example/Patient/_search", patient, 0);
        check("https://a.example/?_type=Observation", patient, 0);
        check("https://a.example/Patient/1/$everything", patient, 0);
        check("https://a.example/Observation?code=1", patient, 1);
        check("Patient", r#"{"resource":{"resourceType":"Patient"}}"#, 1);
        check("Patient", r#"{"resource":{"resourceType":"OperationOutcome"}}"#, 0);
        check(
            "Patient",
            r#"{"resource":{"resourceType":"Observation","id":"1"},"search":{"mode":"include"}}"#,
            0,
        );
    }
}
