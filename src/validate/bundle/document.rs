//! Documents: a Composition first, what it refers to beside it, and nothing that it has no link to.
//!
//! <https://hl7.org/fhir/R4/documents.html#content>

use super::graph::Graph;
use super::{Surroundings, resources};
use crate::fhir::{Element, Release};
use crate::profile::{Code, Issue, Severity};
use crate::validate::resolve::{by_identity, entries, is_relative, resolve};

/// A document does not begin with a Composition.
pub(in crate::validate) const FIRST: Code = Code {
    name: "document-composition",
    title: "A document does not begin with a Composition",
    what: "The first entry of a Bundle of type document is its Composition.",
    why: "The Composition says what the document is, about whom, by whom; readers start from it.",
    example: "wrong:  entry[0] is a Patient\nright:  entry[0] is the Composition",
    specification: "https://hl7.org/fhir/STU3/documents.html#content",
};

/// A document has no date.
pub(in crate::validate) const DATE: Code = Code {
    name: "document-date",
    title: "A document does not say when it was put together",
    what: "In STU3 a Bundle of type document has meta.lastUpdated; later releases have Bundle.timestamp for it.",
    why: "Of two documents with one Composition, readers cannot tell which is the later.",
    example: "right in STU3:  \"meta\": { \"lastUpdated\": \"2019-05-02T09:30:00Z\" }",
    specification: "https://hl7.org/fhir/STU3/documents.html#content",
};

/// What the Composition refers to is not in the document, or is there more than once.
pub(in crate::validate) const REFERENCE: Code = Code {
    name: "document-reference",
    title: "What a Composition refers to is not in the document",
    what: "The subject, encounter, authors, attesters, custodian, event details and section entries of the \
        Composition are entries of the document, each found by its fullUrl and only once.",
    why: "A document stands for itself: it is signed, stored and read without the server that it came from.",
    example: "wrong:  a section's entry `Observation/1` from https://a.example/fhir/Composition/1 where no entry has the \
        fullUrl https://a.example/fhir/Observation/1\nright:  the Observation is in the document, under that fullUrl",
    specification: "https://hl7.org/fhir/R4/documents.html#content",
};

/// An entry has no link to the Composition.
pub(in crate::validate) const UNREACHABLE: Code = Code {
    name: "document-unreachable",
    title: "An entry of a document has no link to its Composition",
    what: "Each entry is reached from the Composition by references. An entry that only refers to the others is \
        said to be so in a warning, unless it is a Provenance.",
    why: "Nobody can tell what an entry without a link is in the document for, and no reader shows it.",
    example: "wrong:  an Observation that no section lists and nothing refers to",
    specification: "https://hl7.org/fhir/R4/documents.html#content",
};

pub(super) fn check(bundle: Element<'_>, surroundings: &Surroundings<'_>) -> Vec<Issue> {
    let mut issues = Vec::new();
    let first = bundle.child("entry");
    let composition = first.and_then(|entry| entry.child("resource"));
    if surroundings.release == Release::Stu3
        && bundle.child("meta").and_then(|meta| meta.child("lastUpdated")).is_none()
    {
        issues.push(Issue::at(bundle, &DATE, Severity::Error, "a document needs `meta.lastUpdated`"));
    }
    let Some(composition) = composition.filter(|first| first.resource_type() == Some("Composition")) else {
        // R4 has a rule of its own for it (bdl-11).
        if surroundings.release == Release::Stu3 {
            let found = composition.and_then(Element::resource_type).unwrap_or("nothing");
            let message = "the first entry of a document is its Composition";
            let issue = Issue::at(first.unwrap_or(bundle), &FIRST, Severity::Error, message);
            issues.push(issue.compared("Composition", found));
        }
        return issues;
    };
    issues.extend(required(composition).filter_map(|element| present(element, bundle)));
    issues.extend(unreachable(bundle, composition));
    issues
}

/// What the Composition refers to and a document must hold.
fn required(composition: Element<'_>) -> impl Iterator<Item = Element<'_>> {
    composition.descendants().filter(move |element| {
        let Some(parent) = element.parent() else { return false };
        match element.name() {
            "subject" | "encounter" | "author" | "custodian" => parent == composition,
            "party" => parent.name() == "attester" && parent.parent() == Some(composition),
            "detail" => parent.name() == "event" && parent.parent() == Some(composition),
            "entry" => parent.name() == "section",
            _ => false,
        }
    })
}

fn present(element: Element<'_>, bundle: Element<'_>) -> Option<Issue> {
    let reference = element.text("reference").filter(|reference| !reference.starts_with('#'))?;
    let count = entries(reference, element, bundle).len();
    // A document within a message may leave what it refers to in the message.
    if count == 0 && bundle.parent().is_some_and(|around| resolve(reference, around).is_some()) {
        return None;
    }
    let message = match count {
        1 => return None,
        0 => format!("`{reference}` is not in the document"),
        _ => format!("`{reference}` is in the document {count} times, and cannot be told apart"),
    };
    let mut issue = Issue::at(element, &REFERENCE, Severity::Error, message);
    if count == 0
        && is_relative(reference)
        && let Some(near) = by_identity(bundle, reference).first().and_then(|entry| entry.text("fullUrl"))
    {
        issue.actual = Some(format!("a resource of this type and id, but with the fullUrl {near}"));
    }
    Some(issue)
}

fn unreachable<'t>(bundle: Element<'t>, composition: Element<'t>) -> Vec<Issue> {
    let graph = Graph::new(bundle);
    let mut from: Vec<usize> =
        composition.parent().and_then(|entry| graph.number(entry)).into_iter().collect();
    // A document may say which style sheet to show it with.
    let links = bundle.children().filter(|child| child.name() == "link");
    let sheets = links.filter(|link| link.text("relation") == Some("stylesheet"));
    let sheets = sheets.filter_map(|link| link.text("url")).flat_map(|url| entries(url, composition, bundle));
    from.extend(sheets.filter_map(|entry| graph.number(entry)));
    let (forwards, either_way) = (graph.forwards(&from), graph.either_way(&from));
    let entries = resources(bundle).zip(forwards).zip(either_way);
    let found = entries.filter_map(|(((entry, resource), forwards), either_way)| {
        let kind = resource.resource_type().unwrap_or_default();
        let (severity, message) = match (forwards, either_way) {
            (true, _) => return None,
            (false, true) if kind == "Provenance" => return None,
            (false, true) => {
                (Severity::Warning, "is not reached by following references from the Composition")
            }
            (false, false) => (Severity::Error, "has no link to the Composition, in neither direction"),
        };
        Some(Issue::at(entry, &UNREACHABLE, severity, format!("the {kind} {message}")))
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use crate::fhir::{Release, parse_json};
    use crate::validate::bundle::Surroundings;

    fn check(release: Release, more: &str, entries: &str) -> Vec<String> {
        let tree = parse_json(&format!(
            r#"{{"resourceType":"Bundle",{more}"type":"document","entry":[{entries}]}}"#
        ))
        .unwrap();
        let issues = super::check(tree.root(), &Surroundings { release, is_type: &|_| true });
        issues.iter().map(|issue| format!("{:?} {} {}", issue.severity, issue.code, issue.path)).collect()
    }

    const COMPOSITION: &str = r##"{"fullUrl":"https://a.example/Composition/c","resource":{"resourceType":"Composition","id":"c",
        "subject":{"reference":"Patient/p"},"author":[{"reference":"#inner"},{"display":"somebody"}],
        "section":[{"section":[{"entry":[{"reference":"https://a.example/List/l"}]}]}]}}"##;

    fn entry(url: &str, name: &str, id: &str, more: &str) -> String {
        format!(r#",{{"fullUrl":"{url}","resource":{{"resourceType":"{name}","id":"{id}"{more}}}}}"#)
    }

    #[test]
    fn what_the_composition_refers_to_is_there_once_by_its_full_url() {
        let list = entry("https://a.example/List/l", "List", "l", "");
        let with = |others: &str| check(Release::R4, "", &format!("{COMPOSITION}{list}{others}"));
        let patient = entry("https://a.example/Patient/p", "Patient", "p", "");
        assert!(with(&patient).is_empty(), "{:?}", with(&patient));
        assert_eq!(with(""), ["Error document-reference Bundle.entry[0].resource.subject"]);
        let elsewhere = with(&entry("https://b.example/Patient/p", "Patient", "p", ""));
        assert_eq!(
            elsewhere,
            [
                "Error document-reference Bundle.entry[0].resource.subject",
                "Error document-unreachable Bundle.entry[2]"
            ]
        );
        let twice = with(&format!("{patient}{patient}"));
        assert_eq!(twice, ["Error document-reference Bundle.entry[0].resource.subject"]);
    }

    #[test]
    fn entries_are_linked_with_the_composition() {
        let known = format!(
            "{COMPOSITION}{}{}",
            entry("https://a.example/List/l", "List", "l", r#","source":{"reference":"Device/d"}"#),
            entry("https://a.example/Patient/p", "Patient", "p", "")
        );
        let with = |others: &str| check(Release::R4, "", &format!("{known}{others}"));
        assert!(with(&entry("https://a.example/Device/d", "Device", "d", "")).is_empty());
        let pointing = |name: &str| {
            entry(
                "https://a.example/x",
                name,
                "x",
                r#","target":{"reference":"https://a.example/Patient/p"}"#,
            )
        };
        assert!(with(&pointing("Provenance")).is_empty());
        assert_eq!(with(&pointing("Observation")), ["Warning document-unreachable Bundle.entry[3]"]);
        assert_eq!(
            with(&entry("https://a.example/y", "Device", "y", "")),
            ["Error document-unreachable Bundle.entry[3]"]
        );
        let sheet = r#""link":[{"relation":"stylesheet","url":"https://a.example/Binary/css"}],"#;
        let binary = entry("https://a.example/Binary/css", "Binary", "css", "");
        assert!(check(Release::R4, sheet, &format!("{known}{binary}")).is_empty());
    }

    #[test]
    fn stu3_wants_a_date_and_a_composition() {
        assert_eq!(
            check(Release::Stu3, "", r#"{"resource":{"resourceType":"Patient"}}"#),
            ["Error document-date Bundle", "Error document-composition Bundle.entry[0]"]
        );
        let dated = r#""meta":{"lastUpdated":"2019-05-02T09:30:00Z"},"#;
        let composition = r#"{"resource":{"resourceType":"Composition"}}"#;
        assert!(check(Release::Stu3, dated, composition).is_empty());
    }
}
