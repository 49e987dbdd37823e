//! The narrative, beyond what its invariants say: entities, and languages as a profile wants them.
//!
//! <https://hl7.org/fhir/R4/narrative.html>

use roxmltree::Document;
use serde::Serialize;

use crate::fhir::Element;
use crate::profile::{Code, Issue, Severity};

/// A narrative has an entity that XML does not know.
pub const ENTITY: Code = Code {
    name: "narrative-entity",
    title: "A narrative has an entity that XML does not know",
    what: "A narrative is XHTML without a document type, so that of all entities only &amp;, &lt;, &gt;, &quot; and &apos; \
        have names. Other characters stand for themselves or are written by their number.",
    why: "An XML parser refuses the whole narrative.",
    example: "wrong:  CPT&reg;\nright:  CPT&#174;",
    specification: "https://hl7.org/fhir/R4/narrative.html",
};

/// A narrative has not the sections by language that a profile wants.
pub const LANGUAGE: Code = Code {
    name: "narrative-language",
    title: "A narrative does not have the sections by language that the profile wants",
    what: "The profile says with the extension narrative-language-control whether the narrative has a `div` of its own \
        for each language, or for which language there is one.",
    why: "A reader of another language is shown the section in it.",
    example: "right:  <div xmlns=\"http://www.w3.org/1999/xhtml\"><div lang=\"cy\" xml:lang=\"cy\">…</div></div>",
    specification: "https://hl7.org/fhir/R4/languages.html",
};

/// Checks the entities of a narrative. In an XML resource an unknown one is not well-formed, and found before.
#[must_use]
pub fn check(element: Element<'_>) -> Option<Issue> {
    let markup = element.value()?;
    let entity = memchr::memchr_iter(b'&', markup.as_bytes()).find_map(|at| {
        let rest = &markup[at + 1..];
        let name = &rest[..rest.find(|letter: char| !letter.is_ascii_alphanumeric())?];
        let is_entity = rest[name.len()..].starts_with(';')
            && name.starts_with(|letter: char| letter.is_ascii_alphabetic());
        (is_entity && !matches!(name, "amp" | "lt" | "gt" | "quot" | "apos")).then_some(name)
    })?;
    let message = format!("the narrative has the entity `&{entity};`, which XML does not know");
    let issue = Issue::at(element, &ENTITY, Severity::Error, message);
    Some(issue.compared("the character itself, or its number as in &#160;", format!("&{entity};")))
}

/// What a profile wants of the languages of a narrative: `_yes` for sections, `_no` for none, or the language of one.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct NarrativeLanguage(pub(crate) String);

impl NarrativeLanguage {
    /// Checks one Narrative.
    #[must_use]
    pub fn check(&self, narrative: Element<'_>) -> Option<Issue> {
        let division = narrative.child("div")?;
        // What is not well-formed is another finding.
        let document = Document::parse(division.value()?).ok()?;
        let sections = document.root_element().children().filter(roxmltree::Node::is_element);
        let languages: Vec<&str> = sections
            .filter_map(|section| {
                section
                    .attribute("lang")
                    .or_else(|| section.attribute(("http://www.w3.org/XML/1998/namespace", "lang")))
            })
            .collect();
        let (holds, expected) = match self.0.as_str() {
            "_yes" => (!languages.is_empty(), "a section for each language".to_owned()),
            "_no" => (languages.is_empty(), "no sections by language".to_owned()),
            language => (languages.contains(&language), format!("a section in {language}")),
        };
        let actual = if languages.is_empty() { "none".to_owned() } else { languages.join(", ") };
        let message = "the narrative does not have the sections by language that the profile wants";
        (!holds).then(|| Issue::at(division, &LANGUAGE, Severity::Error, message).compared(expected, actual))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::{Tree, parse_json};

    fn narrative(inner: &str) -> Tree {
        let division = format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{inner}</div>");
        parse_json(&serde_json::json!({ "resourceType": "Patient", "text": { "div": division } }).to_string())
            .unwrap()
    }

    #[test]
    fn only_entities_of_xml_have_names() {
        let found = |inner: &str| {
            let tree = narrative(inner);
            check(tree.root().child("text").unwrap().child("div").unwrap()).map(|issue| issue.actual.unwrap())
        };
        assert_eq!(found("a &amp; b &lt; c &#174; &#xAE;"), None);
        assert_eq!(found("a &amp; CPT&reg;"), Some("&reg;".to_owned()));
        assert_eq!(found("fish & chips; more"), None, "that is no entity, but not well-formed");
    }

    #[test]
    fn sections_by_language_are_as_the_profile_wants() {
        let holds = |wanted: &str, inner: &str| {
            NarrativeLanguage(wanted.to_owned())
                .check(narrative(inner).root().child("text").unwrap())
                .is_none()
        };
        let welsh = "<div lang=\"cy\">x</div>";
        assert!(holds("_yes", welsh) && !holds("_yes", "x"));
        assert!(holds("_no", "<p>x</p>") && !holds("_no", "<div xml:lang=\"cy\">x</div>"));
        assert!(holds("cy", welsh) && !holds("en", welsh));
    }
}
