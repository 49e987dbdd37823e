//! What is found in one conformance resource, and what its rules may ask.

use std::sync::Arc;

use crate::fhir::{Canonical, Element, Tree, with_article};
use crate::profile::{Code, Issue, SchemaSet, Severity};
use crate::terminology::{Membership, is_snomed_code};

/// After so many findings the rest is not looked for: a hostile resource can hold millions.
const ENOUGH: usize = 1_000;

/// The system of SNOMED CT.
pub(super) const SNOMED: &str = "http://snomed.info/sct";

/// A definition that another names is not in the loaded packages.
pub(super) const NOT_LOADED: Code = Code {
    name: "definition-not-loaded",
    title: "What a definition builds on is not in the loaded packages",
    what: "The code systems, value sets, profiles and search parameters that a definition names are loaded.",
    why: "What rests on them was not checked, and what is not checked is not passed.",
    example: "A ValueSet that lists codes of http://example.org/colours: load the package that holds that \
        CodeSystem with --package.",
    specification: "https://hl7.org/fhir/R4/references.html#canonical",
};

/// A definition names another that is of the wrong kind.
pub(super) const WRONG_KIND: Code = Code {
    name: "definition-wrong-kind",
    title: "A definition names a resource of another kind",
    what: "Where a definition names a ValueSet, a profile or the like by its canonical URL, what has that URL is \
        of that kind.",
    why: "Whoever expands or validates by it looks for a resource that is not there.",
    example: "wrong:  ElementDefinition.binding.valueSet with the URL of a CodeSystem\n\
        right:  the URL of a ValueSet that holds the codes of that system",
    specification: "https://hl7.org/fhir/R4/references.html#canonical",
};

/// The kinds of resources that others name by their canonical URL.
const KINDS: [&str; 6] =
    ["StructureDefinition", "ValueSet", "CodeSystem", "SearchParameter", "OperationDefinition", "ConceptMap"];

/// Gathers the findings in one resource.
pub(super) struct Findings<'a> {
    pub(super) set: &'a SchemaSet,
    issues: Vec<Issue>,
}

impl<'a> Findings<'a> {
    pub(super) fn new(set: &'a SchemaSet) -> Self {
        Self { set, issues: Vec::new() }
    }

    pub(super) fn into_issues(self) -> Vec<Issue> {
        self.issues
    }

    pub(super) fn add(&mut self, issue: Issue) {
        if self.issues.len() < ENOUGH {
            self.issues.push(issue);
        }
    }

    pub(super) fn error(&mut self, place: Element<'_>, code: &Code, message: impl Into<String>) {
        self.add(Issue::at(place, code, Severity::Error, message));
    }

    pub(super) fn warning(&mut self, place: Element<'_>, code: &Code, message: impl Into<String>) {
        self.add(Issue::at(place, code, Severity::Warning, message));
    }

    /// The definition of a kind that an element names. Reports one that is not loaded, or of another kind.
    pub(super) fn find(&mut self, kind: &str, place: Element<'_>, canonical: &str) -> Option<&'a Arc<Tree>> {
        let packages = self.set.packages();
        if let Some(found) = packages.find(kind, canonical) {
            return found.tree();
        }
        let url = Canonical::parse(canonical).url;
        let other =
            KINDS.iter().find(|other| packages.find(other, url).is_some()).filter(|other| **other != kind);
        if let Some(other) = other {
            let issue =
                Issue::at(place, &WRONG_KIND, Severity::Error, format!("{url} is {}", with_article(other)));
            self.add(issue.compared(with_article(kind), with_article(other)));
        } else {
            self.not_loaded(place, format!("the {kind} {canonical} is not in the loaded packages"));
        }
        None
    }

    /// Whether a system has a code; of SNOMED CT at least whether it can be one.
    pub(super) fn has_code(&self, system: &str, code: &str) -> Membership {
        if system == SNOMED && !is_snomed_code(code) {
            return Membership::NotMember;
        }
        self.set.terminology().has_code(system, code)
    }

    pub(super) fn not_loaded(&mut self, place: Element<'_>, message: impl Into<String>) {
        self.add(Issue::at(place, &NOT_LOADED, Severity::NotChecked, message));
    }
}
