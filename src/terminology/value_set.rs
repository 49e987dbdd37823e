//! A value set's composition (ValueSet.compose) and its stored expansion.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::OnceLock;

use super::filter::Filter;
use crate::fhir::Element;

/// What a value set includes and excludes.
#[derive(Debug)]
pub(super) struct ValueSet {
    pub(super) includes: Vec<Part>,
    pub(super) excludes: Vec<Part>,
    /// Its stored expansion.
    pub(super) expansion: Option<Expansion>,
    /// Its codes, where all can be listed; made when it is first asked for.
    pub(super) listing: OnceLock<Option<Listing>>,
}

/// A stored expansion. What it holds is in the set.
#[derive(Debug)]
pub(super) struct Expansion {
    pub(super) codes: Listing,
    /// Whether it holds all codes, so that what it does not hold is not in the set.
    pub(super) is_whole: bool,
}

/// One include or exclude.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) system: Option<String>,
    /// The version of the system that is meant.
    pub(super) version: Option<String>,
    /// The codes, where they are listed.
    pub(super) codes: Option<HashSet<String>>,
    pub(super) filters: Vec<Filter>,
    pub(super) value_sets: Vec<String>,
}

/// Codes by their system, found without a copy of either.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Listing(HashMap<String, HashSet<String>>);

impl ValueSet {
    pub(super) fn read(root: Element<'_>) -> Self {
        let expansion = root.child("expansion");
        let compose = root.child("compose");
        let mut made = Self {
            includes: parts(compose, "include"),
            excludes: parts(compose, "exclude"),
            expansion: expansion
                .map(|expansion| Expansion { codes: expanded(expansion), is_whole: is_whole(expansion) }),
            listing: OnceLock::new(),
        };
        if compose.is_none() {
            // What an expansion holds is in the set, though more may be.
            made.includes = expansion.map(expanded).unwrap_or_default().into_parts();
        }
        made
    }

    /// Whether it includes and excludes the same.
    pub(super) fn is_composed_like(&self, other: &Self) -> bool {
        self.includes == other.includes && self.excludes == other.excludes
    }
}

fn parts(compose: Option<Element<'_>>, name: &str) -> Vec<Part> {
    compose.into_iter().flat_map(|compose| compose.children_named(name)).map(Part::read).collect()
}

impl Part {
    fn read(part: Element<'_>) -> Self {
        let codes: HashSet<String> = part
            .children_named("concept")
            .map(|concept| concept.text("code").unwrap_or_default().to_owned())
            .collect();
        // Some write the version behind the system.
        let system = part.text("system").map(str::trim);
        let (system, version) = match system.and_then(|system| system.split_once('|')) {
            Some((system, version)) => (Some(system), Some(version)),
            None => (system, part.text("version")),
        };
        Self {
            system: system.map(str::to_owned),
            version: version.map(str::to_owned),
            codes: (!codes.is_empty()).then_some(codes),
            filters: part.children_named("filter").map(Filter::read).collect(),
            value_sets: part
                .children_named("valueSet")
                .filter_map(Element::value)
                .map(|url| url.trim().to_owned())
                .collect(),
        }
    }
}

impl Listing {
    /// Without a system, any system will do.
    pub(super) fn contains(&self, system: Option<&str>, code: &str) -> bool {
        match system {
            Some(system) => self.0.get(system).is_some_and(|codes| codes.contains(code)),
            None => self.0.values().any(|codes| codes.contains(code)),
        }
    }

    /// The codes in their order, if they are no more than so many.
    pub(super) fn few(&self, at_most: usize) -> Option<Vec<String>> {
        if self.0.values().any(|codes| codes.len() > at_most) {
            return None;
        }
        let codes: BTreeSet<&String> = self.0.values().flatten().collect();
        (!codes.is_empty() && codes.len() <= at_most).then(|| codes.into_iter().cloned().collect())
    }

    pub(super) fn insert(&mut self, system: String, code: String) {
        self.0.entry(system).or_default().insert(code);
    }

    fn into_parts(self) -> Vec<Part> {
        let part = |(system, codes)| Part {
            system: Some(system),
            version: None,
            codes: Some(codes),
            filters: Vec::new(),
            value_sets: Vec::new(),
        };
        self.0.into_iter().collect::<BTreeMap<_, _>>().into_iter().map(part).collect()
    }
}

/// Whether an expansion holds all codes: no page of many, and not said to be unclosed.
fn is_whole(expansion: Element<'_>) -> bool {
    let count = expansion.descendants().filter(|one| one.name() == "contains").count();
    let total = expansion.text("total").and_then(|total| total.parse::<usize>().ok());
    let offset = expansion.text("offset").is_some_and(|offset| offset != "0");
    let unclosed = expansion.children_named("extension").any(|extension| {
        let says = |url: &str| extension.text("url").is_some_and(|own| own.ends_with(url));
        says("/valueset-unclosed") && extension.text("valueBoolean") == Some("true")
            || says("/valueset-toocostly")
    });
    count > 0 && !offset && !unclosed && total.is_none_or(|total| total <= count)
}

/// The codes of an expansion; what only groups others is none.
fn expanded(expansion: Element<'_>) -> Listing {
    let mut listing = Listing::default();
    for contains in expansion.descendants().filter(|one| one.name() == "contains") {
        if let (Some(system), Some(code)) = (contains.text("system"), contains.text("code"))
            && contains.text("abstract") != Some("true")
        {
            listing.insert(system.to_owned(), code.to_owned());
        }
    }
    listing
}
