//! A value set's composition (ValueSet.compose), or its stored expansion where it has no composition.

use std::collections::HashSet;

use indexmap::IndexMap;

use crate::fhir::Element;

/// What a value set includes and excludes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ValueSet {
    pub(super) includes: Vec<Part>,
    pub(super) excludes: Vec<Part>,
}

/// One include or exclude.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) system: Option<String>,
    /// The codes, where they are listed.
    pub(super) codes: Option<HashSet<String>>,
    pub(super) filters: Vec<Filter>,
    pub(super) value_sets: Vec<String>,
}

/// A rule that picks codes of a system.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Filter {
    pub(super) property: String,
    pub(super) operator: String,
    pub(super) value: String,
}

impl ValueSet {
    pub(super) fn read(root: Element<'_>) -> Self {
        let Some(compose) = root.child("compose") else {
            return Self { includes: expansion(root), excludes: Vec::new() };
        };
        Self {
            includes: compose.children_named("include").map(Part::read).collect(),
            excludes: compose.children_named("exclude").map(Part::read).collect(),
        }
    }
}

impl Part {
    fn read(part: Element<'_>) -> Self {
        let text = |element: Element<'_>, name: &str| element.text(name).unwrap_or_default().to_owned();
        let codes: HashSet<String> =
            part.children_named("concept").map(|concept| text(concept, "code")).collect();
        Self {
            system: part.text("system").map(|system| system.trim().to_owned()),
            codes: (!codes.is_empty()).then_some(codes),
            filters: part
                .children_named("filter")
                .map(|filter| Filter {
                    property: text(filter, "property"),
                    operator: text(filter, "op"),
                    value: text(filter, "value"),
                })
                .collect(),
            value_sets: part
                .children_named("valueSet")
                .filter_map(Element::value)
                .map(str::to_owned)
                .collect(),
        }
    }
}

/// The codes of an expansion, one part a system.
fn expansion(root: Element<'_>) -> Vec<Part> {
    let mut systems: IndexMap<String, HashSet<String>> = IndexMap::new();
    for contains in root.child("expansion").into_iter().flat_map(Element::descendants) {
        if let (Some(system), Some(code)) = (contains.text("system"), contains.text("code")) {
            systems.entry(system.to_owned()).or_default().insert(code.to_owned());
        }
    }
    let part = |(system, codes)| Part {
        system: Some(system),
        codes: Some(codes),
        filters: Vec::new(),
        value_sets: Vec::new(),
    };
    systems.into_iter().map(part).collect()
}
