//! What judging an entry may look at besides the entry.

use crate::fhir::Element;
use crate::validate::SchemaSet;

use super::super::Page;

/// The definitions, the answer that the entry is in, and where it came from.
#[derive(Clone, Copy)]
pub(super) struct Surroundings<'s> {
    /// The definitions, and the terminology.
    pub(super) schemas: &'s SchemaSet,
    /// The pages of the answer, for what references lead to.
    pub(super) pages: &'s [Page],
    /// The address of the search, from which the server's own address is told.
    pub(super) address: Option<&'s str>,
}

impl<'s> Surroundings<'s> {
    /// Whether `base` is the server's own address: that of the search, or that of the entries' addresses.
    pub(super) fn is_own(&self, base: &str, entry: Option<Element<'_>>) -> bool {
        let asked = self.address.and_then(|address| {
            let address = address.split(['?', '#']).next().unwrap_or(address).trim_end_matches('/');
            let address = address.strip_suffix("/_search").unwrap_or(address);
            address.rsplit_once('/').map(|(base, _)| base)
        });
        let told = entry.and_then(|entry| {
            let (above, _) = entry.text("fullUrl")?.rsplit_once('/')?;
            above.rsplit_once('/').map(|(base, _)| base)
        });
        asked == Some(base) || told == Some(base)
    }

    /// The resources of the answer that a reference leads to.
    pub(super) fn targets(&self, reference: Element<'_>, address: &str) -> Vec<Element<'s>> {
        let address = without_version(address);
        let found = self.pages.iter().filter_map(|page| page.tree().ok()).flat_map(|tree| {
            let bundle = tree.root();
            let by_address = tree.entries_at(bundle, address);
            let own = match split_address(address) {
                Some((None, kind, id)) => Some(format!("{kind}/{id}")),
                Some((Some(base), kind, id)) if self.is_own(base, entry_of(reference)) => {
                    Some(format!("{kind}/{id}"))
                }
                _ => None,
            };
            let by_identity: Vec<Element<'s>> =
                own.map(|own| tree.entries_of(bundle, &own).collect()).unwrap_or_default();
            by_address.chain(by_identity)
        });
        let mut targets: Vec<Element<'s>> = Vec::new();
        for target in found.filter_map(|entry| entry.child("resource")) {
            if !targets.contains(&target) {
                targets.push(target);
            }
        }
        targets
    }
}

/// The entry of a Bundle that an element is in.
pub(super) fn entry_of(element: Element<'_>) -> Option<Element<'_>> {
    let mut element = element;
    while let Some(parent) = element.parent() {
        if element.is_called("entry") && parent.resource_type() == Some("Bundle") {
            return Some(element);
        }
        element = parent;
    }
    None
}

/// A reference without the version that it names.
pub(super) fn without_version(reference: &str) -> &str {
    reference.split_once("/_history/").map_or(reference, |(reference, _)| reference)
}

/// The base, type and id of `base/Type/id` or `Type/id`.
pub(super) fn split_address(address: &str) -> Option<(Option<&str>, &str, &str)> {
    let (above, id) = address.rsplit_once('/')?;
    let (base, kind) = match above.rsplit_once('/') {
        Some((base, kind)) => (Some(base), kind),
        None => (None, above),
    };
    let is_type = kind.starts_with(|letter: char| letter.is_ascii_uppercase())
        && kind.bytes().all(|byte| byte.is_ascii_alphabetic());
    (is_type && !id.is_empty()).then_some((base, kind, id))
}
