//! Messages: a `MessageHeader` first, with what it is about beside it.
//!
//! <https://hl7.org/fhir/R4/messaging.html#bundle>

use super::Surroundings;
use crate::fhir::{Element, Release};
use crate::profile::{Code, Issue, Severity};
use crate::validate::resolve::{by_identity, entries, is_relative};

/// A message does not begin with a `MessageHeader`.
pub(in crate::validate) const FIRST: Code = Code {
    name: "message-header",
    title: "A message does not begin with a MessageHeader",
    what: "The first entry of a Bundle of type message is its MessageHeader.",
    why: "The header says what the message is and what to do with it; receivers route by it.",
    example: "wrong:  entry[0] is a Patient\nright:  entry[0] is the MessageHeader",
    specification: "https://hl7.org/fhir/STU3/messaging.html#bundle",
};

/// What a message is about is not in it.
pub(in crate::validate) const FOCUS: Code = Code {
    name: "message-focus",
    title: "The focus of a message is not in it",
    what: "Each resource that MessageHeader.focus refers to is an entry of the message, found by its fullUrl.",
    why: "The receiver has nothing but the message to act on.",
    example: "wrong:  a focus `Patient/1` where no entry has that address\nright:  the Patient is in the message",
    specification: "https://hl7.org/fhir/R4/messageheader-definitions.html#MessageHeader.focus",
};

pub(super) fn check(bundle: Element<'_>, surroundings: &Surroundings<'_>) -> Vec<Issue> {
    let first = bundle.child("entry");
    let header = first.and_then(|entry| entry.child("resource"));
    let Some(header) = header.filter(|first| first.resource_type() == Some("MessageHeader")) else {
        // R4 has a rule of its own for it (bdl-12).
        if surroundings.release != Release::Stu3 {
            return Vec::new();
        }
        let found = header.and_then(Element::resource_type).unwrap_or("nothing");
        let message = "the first entry of a message is its MessageHeader";
        let issue = Issue::at(first.unwrap_or(bundle), &FIRST, Severity::Error, message);
        return vec![issue.compared("MessageHeader", found)];
    };
    let focuses = header.children().filter(|child| child.name() == "focus");
    focuses.filter_map(|focus| present(focus, bundle)).collect()
}

fn present(focus: Element<'_>, bundle: Element<'_>) -> Option<Issue> {
    let reference = focus.text("reference").filter(|reference| !reference.starts_with('#'))?;
    if !entries(reference, focus, bundle).is_empty() {
        return None;
    }
    let message = format!("`{reference}` is not in the message");
    let mut issue = Issue::at(focus, &FOCUS, Severity::Error, message);
    if is_relative(reference)
        && let Some(near) = by_identity(bundle, reference).first().and_then(|entry| entry.text("fullUrl"))
    {
        issue.actual = Some(format!("a resource of this type and id, but with the fullUrl {near}"));
    }
    Some(issue)
}

#[cfg(test)]
mod tests {
    use crate::fhir::{Release, parse_json};
    use crate::validate::bundle::Surroundings;

    fn check(release: Release, entries: &str) -> Vec<String> {
        let tree =
            parse_json(&format!(r#"{{"resourceType":"Bundle","type":"message","entry":[{entries}]}}"#))
                .unwrap();
        let issues = super::check(tree.root(), &Surroundings { release, is_type: &|_| true });
        issues.iter().map(|issue| format!("{} {}", issue.code, issue.path)).collect()
    }

    #[test]
    fn the_header_is_first_and_its_focus_is_there() {
        let patient = r#"{"fullUrl":"urn:uuid:2","resource":{"resourceType":"Patient","id":"p"}}"#;
        let header = |focus: &str| {
            format!(
                r#"{{"fullUrl":"urn:uuid:1","resource":{{"resourceType":"MessageHeader","focus":[{{"reference":"{focus}"}}]}}}},{patient}"#
            )
        };
        assert!(check(Release::R4, &header("urn:uuid:2")).is_empty());
        assert_eq!(
            check(Release::R4, &header("Patient/p")),
            ["message-focus Bundle.entry[0].resource.focus[0]"]
        );
        assert_eq!(check(Release::Stu3, patient), ["message-header Bundle.entry[0]"]);
        assert!(check(Release::R4, patient).is_empty(), "R4 has bdl-12 for it");
    }
}
