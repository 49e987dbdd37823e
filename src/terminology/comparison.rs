//! The same value set, or two, in two collections of packages: which codes, and whether defined alike.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::packaged::MAX_DEPTH;
use super::value_set::{Listing, Part, ValueSet};
use super::{Membership, Terminology, grammar};
use crate::fhir::Canonical;

/// How many codes a value set may hold to be compared code by code.
const MAX_CODES: usize = 50_000;

/// Codes, each as its system and itself.
pub type Codes = BTreeSet<(String, String)>;

impl Terminology {
    /// All codes of a value set, where the loaded packages hold enough to list them.
    #[must_use]
    pub fn codes(&self, value_set: &str) -> Option<Codes> {
        self.codes_at(value_set, 0)
    }

    /// Whether a value set is composed alike here and there; `None` where one of the two does not hold it.
    #[must_use]
    pub fn is_composed_alike(&self, other: &Self, value_set: &str) -> Option<bool> {
        if grammar::is_value_set(value_set) {
            return Some(true);
        }
        let (here, there) = (self.tree_of(value_set)?, other.tree_of(value_set)?);
        let alike = || Some(self.value_set(value_set)?.is_composed_like(other.value_set(value_set)?));
        if Arc::ptr_eq(&here, &there) { Some(true) } else { alike() }
    }

    /// The codes of a value set, ready to be looked up, where all can be listed.
    pub(super) fn listing<'s>(&self, set: &'s ValueSet) -> Option<&'s Listing> {
        let made = set.listing.get_or_init(|| {
            let mut listing = Listing::default();
            for (system, code) in self.codes_of(set, 0)? {
                listing.insert(system, code);
            }
            Some(listing)
        });
        made.as_ref()
    }

    fn tree_of(&self, value_set: &str) -> Option<Arc<crate::fhir::Tree>> {
        let found = self
            .packages
            .find("ValueSet", value_set)
            .or_else(|| self.packages.find("ValueSet", Canonical::parse(value_set).url));
        found?.tree().cloned()
    }

    fn codes_at(&self, value_set: &str, depth: usize) -> Option<Codes> {
        let set = self.value_set(value_set).filter(|_| depth <= MAX_DEPTH)?;
        self.codes_of(set, depth)
    }

    fn codes_of(&self, set: &ValueSet, depth: usize) -> Option<Codes> {
        let mut codes = Codes::new();
        for part in &set.includes {
            codes.append(&mut self.codes_of_part(part, depth)?);
        }
        for part in &set.excludes {
            let excluded = self.codes_of_part(part, depth)?;
            codes.retain(|code| !excluded.contains(code));
        }
        (codes.len() <= MAX_CODES).then_some(codes)
    }

    /// What an include or exclude says must hold together, so that its parts are intersected.
    fn codes_of_part(&self, part: &Part, depth: usize) -> Option<Codes> {
        let mut found: Option<Codes> = match (&part.system, &part.codes) {
            (Some(system), Some(codes)) => {
                Some(codes.iter().map(|code| (system.clone(), code.clone())).collect())
            }
            (Some(system), None) => {
                let found = self.system_of(part)?;
                let mut codes = Codes::new();
                for code in found.codes()? {
                    let mut passes = Membership::Member;
                    for filter in &part.filters {
                        passes = passes.and(filter.passes(found, code));
                    }
                    if passes.decided()? {
                        codes.insert((system.clone(), code.to_owned()));
                    }
                }
                Some(codes)
            }
            (None, _) => None,
        };
        for inner in &part.value_sets {
            let codes = self.codes_at(inner, depth + 1)?;
            found = Some(match found {
                Some(found) => found.intersection(&codes).cloned().collect(),
                None => codes,
            });
        }
        found
    }
}
