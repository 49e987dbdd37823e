//! Code systems and value sets: whether a code belongs, does not, or cannot be told.

mod code_system;
mod comparison;
mod grammar;
mod membership;
mod value_set;

pub use comparison::Codes;
pub use membership::Membership;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::fhir::{Canonical, Element};
use crate::package::PackageSet;
use code_system::CodeSystem;
use value_set::ValueSet;

/// How deep value sets may include each other.
const MAX_DEPTH: usize = 16;

/// The terminology of a set of packages. What they do not hold is [`Membership::Unknown`].
#[derive(Debug)]
pub struct Terminology {
    packages: Arc<PackageSet>,
    code_systems: Mutex<HashMap<String, Option<Arc<CodeSystem>>>>,
    value_sets: Mutex<HashMap<String, Option<Arc<ValueSet>>>>,
}

impl Terminology {
    /// The terminology that the packages hold.
    #[must_use]
    pub fn new(packages: Arc<PackageSet>) -> Self {
        Self { packages, code_systems: Mutex::default(), value_sets: Mutex::default() }
    }

    /// Whether a code is a member of a value set. Without a system (elements of type `code`), any system
    /// of the value set will do.
    pub fn membership(&self, value_set: &str, system: Option<&str>, code: &str) -> Membership {
        self.member_at(value_set, system, code, 0)
    }

    /// The same, of a value set that is in no package: one that another resource contains.
    pub fn membership_in(&self, value_set: Element<'_>, system: Option<&str>, code: &str) -> Membership {
        self.member_in(&ValueSet::read(value_set), system, code, 0)
    }

    /// Whether a code is another or below it in the hierarchy of their system.
    pub fn subsumes(&self, system: &str, general: &str, special: &str) -> Membership {
        match self.code_system(system) {
            Some(found) => found.subsumes(general, special),
            None => Membership::unknown(format!("the codes of {system} are not in the loaded packages")),
        }
    }

    /// The codes of a value set, if it enumerates few enough to print; for messages.
    #[must_use]
    pub fn listed(&self, value_set: &str, at_most: usize) -> Option<Vec<String>> {
        let set = self.value_set(value_set)?;
        let mut codes = Vec::new();
        for include in &set.includes {
            match &include.codes {
                Some(listed) => codes.extend(listed.iter().cloned()),
                None if include.filters.is_empty() && include.value_sets.is_empty() => {
                    let system = self.code_system(include.system.as_deref()?)?;
                    codes.extend(system.codes()?.map(str::to_owned));
                }
                None => return None,
            }
        }
        codes.sort();
        codes.dedup();
        (!codes.is_empty() && codes.len() <= at_most).then_some(codes)
    }

    fn member_at(&self, value_set: &str, system: Option<&str>, code: &str, depth: usize) -> Membership {
        if depth > MAX_DEPTH {
            return Membership::unknown(format!("value sets nest deeper than {MAX_DEPTH} levels"));
        }
        if let Some(membership) = grammar::of_value_set(value_set, code) {
            return membership;
        }
        let Some(set) = self.value_set(value_set) else {
            return Membership::unknown(format!("value set {value_set} is not in the loaded packages"));
        };
        self.member_in(&set, system, code, depth)
    }

    fn member_in(&self, set: &ValueSet, system: Option<&str>, code: &str, depth: usize) -> Membership {
        let within = |parts: &[value_set::Part]| {
            parts.iter().fold(Membership::NotMember, |found, part| {
                if found == Membership::Member {
                    found
                } else {
                    found.or(self.of_part(part, system, code, depth))
                }
            })
        };
        match within(&set.includes) {
            Membership::NotMember => Membership::NotMember,
            included => included.and(within(&set.excludes).negate()),
        }
    }

    /// All that one include or exclude says must hold together (ValueSet.compose.include).
    fn of_part(&self, part: &value_set::Part, system: Option<&str>, code: &str, depth: usize) -> Membership {
        let mut found = Membership::Member;
        for inner in &part.value_sets {
            found = found.and(self.member_at(inner, system, code, depth + 1));
        }
        let Some(own) = part.system.as_deref() else { return found };
        if system.is_some_and(|system| system != own) {
            return Membership::NotMember;
        }
        if let Some(codes) = &part.codes {
            return found.and(Membership::of(codes.contains(code)));
        }
        if part.filters.is_empty()
            && let Some(membership) = grammar::of_code_system(own, code)
        {
            return found.and(membership);
        }
        let Some(code_system) = self.code_system(own) else {
            return found
                .and(Membership::unknown(format!("the codes of {own} are not in the loaded packages")));
        };
        found = found.and(code_system.holds(code));
        for filter in &part.filters {
            found = found.and(code_system.passes(code, filter));
        }
        found
    }

    fn code_system(&self, url: &str) -> Option<Arc<CodeSystem>> {
        let mut known = self.code_systems.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known.get(url) {
            return found.clone();
        }
        let made = self
            .packages
            .find("CodeSystem", url)
            .and_then(|definition| definition.tree().cloned())
            .map(|tree| Arc::new(CodeSystem::read(url, tree.root())));
        known.insert(url.to_owned(), made.clone());
        made
    }

    fn value_set(&self, canonical: &str) -> Option<Arc<ValueSet>> {
        let mut known = self.value_sets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known.get(canonical) {
            return found.clone();
        }
        // Bindings may name a version that is not loaded; another version of the set is then used.
        let made = self
            .packages
            .find("ValueSet", canonical)
            .or_else(|| self.packages.find("ValueSet", Canonical::parse(canonical).url))
            .and_then(|definition| definition.tree().cloned())
            .map(|tree| Arc::new(ValueSet::read(tree.root())));
        known.insert(canonical.to_owned(), made.clone());
        made
    }
}

#[cfg(test)]
mod tests;
