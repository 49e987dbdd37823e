//! A code system's concepts and their hierarchy.

use std::collections::HashMap;

use super::Membership;
use super::value_set::Filter;
use crate::fhir::Element;

/// Names a code below a concept that stands elsewhere in the tree.
const SUBSUMES: &str = "http://hl7.org/fhir/StructureDefinition/codesystem-subsumes";
/// How long a chain of parents may be.
const MAX_DEPTH: usize = 64;

/// The codes of a system, if they are all here.
#[derive(Debug)]
pub(super) struct CodeSystem {
    url: String,
    /// Each code with its parents; `None` where the content is not complete.
    concepts: Option<HashMap<String, Vec<String>>>,
    case_sensitive: bool,
}

impl CodeSystem {
    pub(super) fn read(url: &str, root: Element<'_>) -> Self {
        let mut concepts = HashMap::new();
        let case_sensitive = root.text("caseSensitive") != Some("false");
        let complete = root.text("content") == Some("complete");
        if complete {
            for concept in root.children_named("concept") {
                collect(concept, None, case_sensitive, &mut concepts);
            }
        }
        Self { url: url.to_owned(), concepts: complete.then_some(concepts), case_sensitive }
    }

    pub(super) fn codes(&self) -> Option<impl Iterator<Item = &str>> {
        Some(self.concepts.as_ref()?.keys().map(String::as_str))
    }

    pub(super) fn holds(&self, code: &str) -> Membership {
        match &self.concepts {
            Some(concepts) => Membership::of(concepts.contains_key(&self.key(code))),
            None => Membership::unknown(format!("the codes of {} are not here in full", self.url)),
        }
    }

    /// Whether a code that the system holds passes a filter (ValueSet.compose.include.filter).
    pub(super) fn passes(&self, code: &str, filter: &Filter) -> Membership {
        let Some(concepts) = &self.concepts else { return self.holds(code) };
        let (code, value) = (self.key(code), self.key(&filter.value));
        match (filter.property.as_str(), filter.operator.as_str()) {
            ("concept" | "code", "=") => Membership::of(code == value),
            ("concept" | "code", "is-a") => {
                Membership::of(code == value || below(concepts, &code, &value, 0))
            }
            ("concept" | "code", "descendent-of") => Membership::of(below(concepts, &code, &value, 0)),
            ("concept" | "code", "is-not-a") => {
                Membership::of(code != value && !below(concepts, &code, &value, 0))
            }
            ("concept" | "code", "in") => Membership::of(value.split(',').any(|item| item.trim() == code)),
            ("parent", "=") => {
                Membership::of(concepts.get(&code).is_some_and(|parents| parents.contains(&value)))
            }
            (property, operator) => Membership::unknown(format!(
                "the filter `{property} {operator} {}` on {} cannot be evaluated",
                filter.value, self.url
            )),
        }
    }

    /// Whether `special` is `general` or below it; both must be codes of the system.
    pub(super) fn subsumes(&self, general: &str, special: &str) -> Membership {
        let Some(concepts) = &self.concepts else { return self.holds(special) };
        let (general, special) = (self.key(general), self.key(special));
        if !concepts.contains_key(&general) || !concepts.contains_key(&special) {
            return Membership::unknown(format!("not both codes are in {}", self.url));
        }
        Membership::of(general == special || below(concepts, &special, &general, 0))
    }

    fn key(&self, code: &str) -> String {
        key(code, self.case_sensitive)
    }
}

fn key(code: &str, case_sensitive: bool) -> String {
    if case_sensitive { code.to_owned() } else { code.to_lowercase() }
}

fn collect(
    concept: Element<'_>,
    parent: Option<&str>,
    case_sensitive: bool,
    concepts: &mut HashMap<String, Vec<String>>,
) {
    let Some(code) = concept.text("code").map(|code| key(code, case_sensitive)) else { return };
    concepts.entry(code.clone()).or_default().extend(parent.map(str::to_owned));
    for extension in concept.children_named("modifierExtension") {
        if extension.text("url") == Some(SUBSUMES)
            && let Some(below) = extension.text("valueCode")
        {
            concepts.entry(key(below, case_sensitive)).or_default().push(code.clone());
        }
    }
    for inner in concept.children_named("concept") {
        collect(inner, Some(&code), case_sensitive, concepts);
    }
}

fn below(concepts: &HashMap<String, Vec<String>>, code: &str, ancestor: &str, depth: usize) -> bool {
    depth < MAX_DEPTH
        && concepts
            .get(code)
            .into_iter()
            .flatten()
            .any(|parent| parent == ancestor || below(concepts, parent, ancestor, depth + 1))
}
