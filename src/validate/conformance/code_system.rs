//! CodeSystem: what it says of its content, and its concepts.
//!
//! <https://hl7.org/fhir/R4/codesystem.html>

use std::collections::HashSet;

use super::concept_property;
use super::findings::Findings;
use crate::fhir::{Canonical, Element, Release};
use crate::profile::{Code, Issue, Severity};
use crate::terminology::Membership;

/// What a code system says of its content is not so.
pub(super) const CONTENT: Code = Code {
    name: "code-system-content",
    title: "What a code system says of its content is not so",
    what: "A code system whose content is `not-present` holds no concepts; one that is `complete` holds as many as \
        it counts; one that supplements another says so, names it, and adds no codes to it.",
    why: "Whoever reads the content decides by these whether a code that is not in it is a wrong code.",
    example: "wrong:  \"content\": \"complete\", \"supplements\": \"http://loinc.org\"\n\
        right:  \"content\": \"supplement\", \"supplements\": \"http://loinc.org\"",
    specification: "https://hl7.org/fhir/R4/codesystem-definitions.html#CodeSystem.content",
};

/// Two concepts have the same code.
pub(super) const DUPLICATE: Code = Code {
    name: "code-system-duplicate",
    title: "Two concepts of a code system have the same code",
    what: "The codes of a code system differ, and by more than small and capital letters where it is not \
        case-sensitive.",
    why: "A code with two meanings has none.",
    example: "wrong:  \"caseSensitive\": false with the codes \"ab\" and \"AB\"\nright:  codes that differ otherwise",
    specification: "https://hl7.org/fhir/R4/codesystem.html#identification",
};

/// The value set of all codes is something else.
pub(super) const WHOLE_VALUE_SET: Code = Code {
    name: "code-system-value-set",
    title: "The value set of all codes of a code system is something else",
    what: "The value set that a code system names as that of all its codes includes this system as a whole, and \
        nothing else. STU3 does not demand it.",
    why: "Readers take the one for the other.",
    example: "wrong:  a value set that lists three of the codes\nright:  one include with the system and nothing more",
    specification: "https://hl7.org/fhir/R4/codesystem-definitions.html#CodeSystem.valueSet",
};

pub(super) fn judge(resource: Element<'_>, findings: &mut Findings<'_>) {
    content(resource, findings);
    duplicates(resource, findings);
    whole_value_set(resource, findings);
    concept_property::judge(resource, findings);
}

fn concepts(resource: Element<'_>) -> impl Iterator<Item = Element<'_>> {
    resource.descendants().filter(move |element| {
        element.name() == "concept"
            && element.parent().is_some_and(|parent| parent == resource || parent.name() == "concept")
    })
}

fn content(resource: Element<'_>, findings: &mut Findings<'_>) {
    let Some(place) = resource.child("content") else { return };
    let content = place.value().unwrap_or_default();
    let supplements = resource.child("supplements");
    if content == "not-present"
        && let Some(first) = resource.child("concept")
    {
        findings.error(first, &CONTENT, "the content is said not to be present, and there are concepts");
    }
    if content == "complete"
        && resource.text("compositional") != Some("true")
        && let Some(count) = resource.child("count")
        && let Some(stated) = count.value().and_then(|text| text.parse::<usize>().ok())
    {
        let found = concepts(resource).count();
        if found != stated {
            let message = "the code system is complete, and holds another number of concepts than it counts";
            let issue = Issue::at(count, &CONTENT, Severity::Error, message);
            findings.add(issue.compared(stated.to_string(), found.to_string()));
        }
    }
    match supplements {
        None if content == "supplement" => {
            findings.error(place, &CONTENT, "the supplement does not say which code system it supplements");
        }
        None => {}
        Some(supplements) => {
            if content != "supplement" {
                let message = "a code system that supplements another has the content `supplement`";
                let issue = Issue::at(place, &CONTENT, Severity::Error, message);
                findings.add(issue.compared("supplement", content));
            }
            supplement(resource, supplements, findings);
        }
    }
}

/// A supplement adds to concepts of another system, and none of its own.
fn supplement(resource: Element<'_>, supplements: Element<'_>, findings: &mut Findings<'_>) {
    let Some(system) = supplements.value().map(|canonical| Canonical::parse(canonical).url) else { return };
    let mut unknown = None;
    for place in concepts(resource).filter_map(|concept| concept.child("code")) {
        let Some(code) = place.value() else { continue };
        match findings.has_code(system, code) {
            Membership::Member => {}
            Membership::NotMember => {
                let message = format!("`{code}` is no code of {system}, which this supplements");
                findings.error(place, &CONTENT, message);
            }
            Membership::Unknown(reason) => unknown = Some(reason),
        }
    }
    if let Some(reason) = unknown {
        findings.not_loaded(supplements, format!("the codes of the supplement were not checked: {reason}"));
    }
}

/// Where case counts, the invariant csd-1 says it.
fn duplicates(resource: Element<'_>, findings: &mut Findings<'_>) {
    if resource.text("caseSensitive") != Some("false") {
        return;
    }
    let (mut exact, mut folded) = (HashSet::new(), HashSet::new());
    for place in concepts(resource).filter_map(|concept| concept.child("code")) {
        let Some(code) = place.value() else { continue };
        let is_new = exact.insert(code);
        if !folded.insert(code.to_lowercase()) && is_new {
            let message = format!("`{code}` is another code but for its case, which does not count here");
            findings.error(place, &DUPLICATE, message);
        }
    }
}

fn whole_value_set(resource: Element<'_>, findings: &mut Findings<'_>) {
    // STU3 lets the value set hold more than the code system.
    if findings.set.packages().release() == Release::Stu3 {
        return;
    }
    let Some(place) = resource.child("valueSet") else { return };
    let (Some(canonical), Some(url)) = (place.value(), resource.text("url")) else { return };
    let Some(found) = findings.find("ValueSet", place, canonical) else { return };
    let Some(compose) = found.root().child("compose") else { return };
    let is_whole = |include: Element<'_>| {
        include.text("system") == Some(url)
            && include.children().all(|child| !matches!(child.name(), "concept" | "filter" | "valueSet"))
    };
    let mut includes = compose.children_named("include");
    let is_only_this = includes.next().is_some_and(is_whole) && includes.next().is_none();
    if !is_only_this || compose.child("exclude").is_some() {
        let message = format!("the value set {canonical} is not that of all codes of this code system");
        findings.error(place, &WHOLE_VALUE_SET, message);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{alone, found};
    use crate::fhir::Release;

    fn system(rest: &str) -> String {
        format!(r#"{{"resourceType":"CodeSystem","url":"http://example.org/colours",{rest}}}"#)
    }

    #[test]
    fn content_is_what_it_is_said_to_be() {
        for (rest, expected) in [
            (r#""content":"not-present""#, None),
            (r#""content":"not-present","concept":[{"code":"a"}]"#, Some("concept[0]")),
            (r#""content":"complete","count":2,"concept":[{"code":"a","concept":[{"code":"b"}]}]"#, None),
            (r#""content":"complete","count":3,"concept":[{"code":"a"}]"#, Some("count")),
            (r#""content":"fragment","count":3,"concept":[{"code":"a"}]"#, None),
            (r#""content":"supplement""#, Some("content")),
            (r#""content":"complete","supplements":"http://hl7.org/fhir/address-use""#, Some("content")),
            (
                r#""content":"supplement","supplements":"http://hl7.org/fhir/address-use","concept":[{"code":"x"}]"#,
                Some("concept[0].code"),
            ),
            (
                r#""content":"supplement","supplements":"http://hl7.org/fhir/address-use","concept":[{"code":"home"}]"#,
                None,
            ),
        ] {
            let expected: Vec<String> = expected
                .iter()
                .map(|place| format!("error code-system-content CodeSystem.{place}"))
                .collect();
            assert_eq!(alone(&system(rest)), expected, "{rest}");
        }
    }

    #[test]
    fn codes_differ_by_more_than_case_where_that_does_not_count() {
        let codes = |sensitive: bool| {
            alone(&system(&format!(
                r#""content":"complete","caseSensitive":{sensitive},"concept":[{{"code":"a"}},{{"code":"A"}}]"#
            )))
        };
        assert!(codes(true).is_empty());
        assert_eq!(codes(false), ["error code-system-duplicate CodeSystem.concept[1].code"]);
    }

    #[test]
    fn the_value_set_of_all_codes_is_the_whole_system() {
        let judged = |release: Release, include: &str| {
            let value_set = format!(
                r#"{{"resourceType":"ValueSet","url":"http://example.org/all","compose":{{"include":[{include}]}}}}"#
            );
            found(
                release,
                &[&value_set],
                &system(r#""content":"complete","valueSet":"http://example.org/all""#),
            )
        };
        let whole = r#"{"system":"http://example.org/colours"}"#;
        let more = format!(r#"{whole},{{"system":"http://example.org/shapes"}}"#);
        let part = r#"{"system":"http://example.org/colours","concept":[{"code":"red"}]}"#;
        let wrong = ["error code-system-value-set CodeSystem.valueSet"];
        assert!(judged(Release::R4, whole).is_empty());
        assert_eq!(judged(Release::R4, &more), wrong);
        assert_eq!(judged(Release::R4, part), wrong);
        assert!(judged(Release::Stu3, part).is_empty());
    }
}
