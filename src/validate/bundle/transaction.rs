//! Transactions and batches: each request fits its resource, and none stands twice.
//!
//! <https://hl7.org/fhir/R4/http.html#transaction>

use std::collections::HashSet;

use super::Surroundings;
use crate::fhir::Element;
use crate::profile::{Code, Issue, Severity};

/// A request cannot be carried out.
pub(in crate::validate) const CODE: Code = Code {
    name: "transaction-request",
    title: "A request of a transaction does not fit its resource, or stands twice",
    what: "The address of a create is the resource's type; that of an update its type and id, or its type and a \
        search. A transaction changes each resource once.",
    why: "A server cannot carry out the request, and with it the whole transaction fails.",
    example: "wrong:  \"method\": \"PUT\", \"url\": \"Patient/1\" with an Observation\nright:  with the Patient of id 1",
    specification: "https://hl7.org/fhir/R4/http.html#transaction",
};

pub(super) fn check(bundle: Element<'_>, surroundings: &Surroundings<'_>) -> Vec<Issue> {
    let is_transaction = bundle.text("type") == Some("transaction");
    let mut already = HashSet::new();
    let mut issues = Vec::new();
    for entry in bundle.children().filter(|child| child.name() == "entry") {
        let Some(request) = entry.child("request") else { continue };
        let (Some(method), Some(url)) = (request.text("method"), request.text("url")) else { continue };
        let target = Target::of(url);
        if let Some(message) = mismatch(method, &target, entry.child("resource"), surroundings) {
            issues.push(Issue::at(request, &CODE, Severity::Error, message));
        }
        let changes = matches!(method, "PUT" | "DELETE" | "PATCH");
        if is_transaction
            && changes
            && !target.is_search
            && target.id.is_some()
            && !already.insert((target.name, target.id))
        {
            let message = format!("the transaction changes `{url}` more than once");
            issues.push(Issue::at(request, &CODE, Severity::Error, message));
        }
    }
    issues
}

/// What the address of a request names.
struct Target<'t> {
    name: &'t str,
    id: Option<&'t str>,
    is_search: bool,
    is_operation: bool,
}

impl<'t> Target<'t> {
    /// Addresses are relative to the server; absolute ones are seen too.
    fn of(url: &'t str) -> Self {
        let (path, is_search) = url.split_once('?').map_or((url, false), |(path, _)| (path, true));
        let absolute = path.contains("://");
        let mut parts = path.trim_matches('/').rsplit('/');
        let last = parts.next().unwrap_or_default();
        let before = parts
            .next()
            .filter(|before| !absolute || before.starts_with(|letter: char| letter.is_ascii_uppercase()));
        let is_operation = path.contains('$');
        match before {
            Some(name) => Self { name, id: Some(last), is_search, is_operation },
            None => Self { name: last, id: None, is_search, is_operation },
        }
    }
}

fn mismatch(
    method: &str,
    target: &Target<'_>,
    resource: Option<Element<'_>>,
    surroundings: &Surroundings<'_>,
) -> Option<String> {
    let found = resource?.resource_type()?;
    if target.is_operation || !(surroundings.is_type)(target.name) {
        return None;
    }
    match method {
        "POST" | "PUT" if target.name != found => {
            Some(format!("the request is for {}, and the resource is of type {found}", target.name))
        }
        "PUT" => {
            let (wanted, own) = (target.id.filter(|_| !target.is_search)?, resource?.text("id")?);
            (wanted != own)
                .then(|| format!("the request is for {found}/{wanted}, and the resource has the id {own}"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::fhir::{Release, parse_json};
    use crate::validate::bundle::Surroundings;

    #[track_caller]
    fn check(entries: &[(&str, &str, &str)], count: usize) {
        let entries: Vec<String> = entries
            .iter()
            .map(|(method, url, id)| {
                format!(
                    r#"{{"resource":{{"resourceType":"Patient","id":"{id}"}},"request":{{"method":"{method}","url":"{url}"}}}}"#
                )
            })
            .collect();
        let text =
            format!(r#"{{"resourceType":"Bundle","type":"transaction","entry":[{}]}}"#, entries.join(","));
        let tree = parse_json(&text).unwrap();
        let is_type = |name: &str| matches!(name, "Patient" | "Observation");
        let issues = super::check(tree.root(), &Surroundings { release: Release::R4, is_type: &is_type });
        assert_eq!(issues.len(), count, "{entries:?}: {issues:?}");
    }

    #[test]
    fn requests_fit_their_resources_and_stand_once() {
        check(&[("PUT", "Patient/1", "1"), ("PUT", "Patient/2", "2")], 0);
        check(&[("POST", "Patient", "1")], 0);
        check(&[("PUT", "Patient?identifier=1", "1")], 0);
        check(&[("PUT", "https://a.example/fhir/Patient/1", "1")], 0);
        check(&[("POST", "Patient/1/$match", "1"), ("POST", "$process", "1")], 0);
        check(&[("PUT", "Patient/2", "1")], 1);
        check(&[("POST", "Observation", "1")], 1);
        check(&[("PUT", "Patient/1", "1"), ("PUT", "Patient/1", "1")], 1);
    }
}
