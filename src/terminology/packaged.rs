//! What the loaded packages tell of codes.

use std::sync::{Arc, OnceLock};

use elsa::sync::FrozenMap;

use super::code_system::CodeSystem;
use super::service::Asking;
use super::value_set::{Part, ValueSet};
use super::{Answer, Membership, Question, Service, Told, grammar};
use crate::fhir::{Canonical, Element};
use crate::package::PackageSet;

/// How deep value sets may include each other.
pub(super) const MAX_DEPTH: usize = 16;

/// The terminology of a set of packages. What they do not hold is [`Membership::Unknown`].
#[derive(Debug)]
pub struct Terminology {
    pub(super) packages: Arc<PackageSet>,
    code_systems: FrozenMap<String, Box<Option<CodeSystem>>>,
    value_sets: FrozenMap<String, Box<Option<ValueSet>>>,
    /// The supplements of the packages: the system that each adds to, and the displays that it adds.
    supplements: OnceLock<Vec<(String, CodeSystem)>>,
    /// What is known besides the packages, and who is asked more. Set once.
    asking: OnceLock<Asking>,
}

impl Terminology {
    /// The terminology that the packages hold.
    #[must_use]
    pub fn new(packages: Arc<PackageSet>) -> Self {
        Self {
            packages,
            code_systems: FrozenMap::new(),
            value_sets: FrozenMap::new(),
            supplements: OnceLock::new(),
            asking: OnceLock::new(),
        }
    }

    /// The same, with a service for what the packages do not tell. What is unknown is put down as it comes up, and is
    /// known after [`Terminology::ask`] if the service knows it.
    #[must_use]
    pub fn asking(self, service: Box<dyn Service>) -> Self {
        Self { asking: OnceLock::from(Asking::new(Some(service), Vec::new())), ..self }
    }

    /// From now on, what a service told before is known, and a service, if there is one, is asked the rest. Says
    /// whether that was done: it can be done once.
    pub fn recall(&self, known: Vec<Told>, service: Option<Box<dyn Service>>) -> bool {
        self.asking.set(Asking::new(service, known)).is_ok()
    }

    /// Whether questions wait to be asked.
    #[must_use]
    pub fn has_questions(&self) -> bool {
        self.asking.get().is_some_and(Asking::waits)
    }

    /// Asks the service all that has come up, and returns what it told of that; does nothing where there is none. It
    /// takes as long as the service does.
    pub fn ask(&self) -> Vec<Told> {
        self.asking.get().map(Asking::ask).unwrap_or_default()
    }

    /// All that a service was asked, with what it told, in an order of their own.
    #[must_use]
    pub fn told(&self) -> Vec<Told> {
        self.asking.get().map(Asking::all).unwrap_or_default()
    }

    /// How many questions the service answered, and how many it could not; `None` without a service.
    #[must_use]
    pub fn asked(&self) -> Option<(usize, usize)> {
        self.asking.get().map(Asking::counts)
    }

    /// What the service said of a code, if it was asked.
    #[must_use]
    pub fn said(&self, value_set: Option<&str>, system: Option<&str>, code: &str) -> Option<Answer> {
        self.asking.get()?.said(&self.question(value_set, system, code)?)
    }

    /// The answer of the service, where there is one.
    fn answer(&self, value_set: Option<&str>, system: Option<&str>, code: &str) -> Option<Membership> {
        let asking = self.asking.get()?;
        let answer = asking.answer(self.question(value_set, system, code)?)?;
        Some(Membership::of(answer.member))
    }

    /// What is asked. A code without a system is one of the only system that the value set draws on.
    fn question(&self, value_set: Option<&str>, system: Option<&str>, code: &str) -> Option<Question> {
        let only_system = || {
            let mut systems = self.value_set(value_set?)?.includes.iter().map(|part| part.system.as_deref());
            let first = systems.next()??;
            systems.all(|other| other == Some(first)).then_some(first)
        };
        let system = system.or_else(only_system)?.to_owned();
        Some(Question { value_set: value_set.map(str::to_owned), system, code: code.to_owned() })
    }

    /// Whether a code is a member of a value set. Without a system (elements of type `code`), any system
    /// of the value set will do.
    pub fn membership(&self, value_set: &str, system: Option<&str>, code: &str) -> Membership {
        // Nearly all codes are right, and nearly all sets can be listed: nothing is made for these.
        if let Some(set) = self.value_set(value_set)
            && let Some(listing) = self.listing(set)
            && listing.contains(system, code)
        {
            return Membership::Member;
        }
        match self.member_at(value_set, system, code, 0) {
            Membership::Unknown(reason) => {
                self.answer(Some(value_set), system, code).unwrap_or(Membership::Unknown(reason))
            }
            told => told,
        }
    }

    /// The same, of a value set that is in no package: one that another resource contains.
    pub fn membership_in(&self, value_set: Element<'_>, system: Option<&str>, code: &str) -> Membership {
        self.member_in(&ValueSet::read(value_set), system, code, 0)
    }

    /// Whether a code is a member, if the value set can be listed, so that nothing has to be worked out.
    #[must_use]
    pub fn listed_membership(&self, value_set: &str, system: Option<&str>, code: &str) -> Option<bool> {
        let set = self.value_set(value_set)?;
        if self.listing(set)?.contains(system, code) {
            return Some(true);
        }
        self.membership(value_set, system, code).decided()
    }

    /// Whether a system has a code, by its definition, or by its grammar where it is one.
    #[must_use]
    pub fn has_code(&self, system: &str, code: &str) -> Membership {
        if let Some(membership) = grammar::of_code_system(system, code) {
            return membership;
        }
        let found = self.code_system(system).map(|found| found.holds(code));
        match found.filter(|found| !matches!(found, Membership::Unknown(_))) {
            Some(told) => told,
            None => self.answer(None, Some(system), code).unwrap_or_else(|| {
                Membership::unknown(format!("the codes of {system} are not in the loaded packages"))
            }),
        }
    }

    /// Whether a system is known not to have a code. Nothing is made, whatever the answer.
    #[must_use]
    pub fn lacks_code(&self, system: &str, code: &str) -> bool {
        if let Some(membership) = grammar::of_code_system(system, code) {
            return membership == Membership::NotMember;
        }
        match self.code_system(system) {
            Some(found) if found.concept(code).is_some() => false,
            Some(found) if found.is_complete() => true,
            _ => self.answer(None, Some(system), code) == Some(Membership::NotMember),
        }
    }

    /// Whether a canonical is that of a loaded value set.
    #[must_use]
    pub fn is_value_set(&self, canonical: &str) -> bool {
        self.value_set(canonical).is_some()
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
        self.listing(self.value_set(value_set)?)?.few(at_most)
    }

    pub(super) fn member_at(
        &self,
        value_set: &str,
        system: Option<&str>,
        code: &str,
        depth: usize,
    ) -> Membership {
        if depth > MAX_DEPTH {
            return Membership::unknown(format!("value sets nest deeper than {MAX_DEPTH} levels"));
        }
        if let Some(membership) = grammar::of_value_set(value_set, code) {
            return membership;
        }
        let Some(set) = self.value_set(value_set) else {
            return Membership::unknown(format!("value set {value_set} is not in the loaded packages"));
        };
        self.member_in(set, system, code, depth)
    }

    fn member_in(&self, set: &ValueSet, system: Option<&str>, code: &str, depth: usize) -> Membership {
        let within = |parts: &[Part]| {
            parts.iter().fold(Membership::NotMember, |found, part| {
                if found == Membership::Member {
                    found
                } else {
                    found.or(self.of_part(part, system, code, depth))
                }
            })
        };
        let composed = match within(&set.includes) {
            Membership::NotMember => Membership::NotMember,
            included => included.and(within(&set.excludes).negate()),
        };
        match (&composed, &set.expansion) {
            (Membership::Unknown(_), Some(expansion)) => match expansion.codes.contains(system, code) {
                true => Membership::Member,
                false if expansion.is_whole => Membership::NotMember,
                false => composed,
            },
            _ => composed,
        }
    }

    /// All that one include or exclude says must hold together (ValueSet.compose.include).
    pub(super) fn of_part(&self, part: &Part, system: Option<&str>, code: &str, depth: usize) -> Membership {
        let mut found = Membership::Member;
        for inner in &part.value_sets {
            found = found.and(self.member_at(inner, system, code, depth + 1));
        }
        let Some(own) = part.system.as_deref() else { return found };
        if system.is_some_and(|system| system != own) {
            return Membership::NotMember;
        }
        if let Some(codes) = &part.codes {
            // A system that knows no case has the same codes in another.
            let in_any_case = || {
                self.code_system(own)
                    .and_then(|system| system.concept(code))
                    .is_some_and(|own| codes.contains(&own.code))
            };
            return found.and(Membership::of(codes.contains(code) || in_any_case()));
        }
        if part.filters.is_empty()
            && let Some(membership) = grammar::of_code_system(own, code)
        {
            return found.and(membership);
        }
        let Some(code_system) = self.system_of(part).or_else(|| self.code_system(own)) else {
            return found
                .and(Membership::unknown(format!("the codes of {own} are not in the loaded packages")));
        };
        let mut of_system = code_system.holds(code);
        for filter in &part.filters {
            of_system = of_system.and(filter.passes(code_system, code));
        }
        // What another version lacks, the one that is meant may have.
        if of_system == Membership::NotMember && self.system_of(part).is_none() {
            let version = part.version.as_deref().unwrap_or_default();
            of_system =
                Membership::unknown(format!("version {version} of {own} is not in the loaded packages"));
        }
        found.and(of_system)
    }

    /// The system that an include means, in the version that it means.
    pub(super) fn system_of(&self, part: &Part) -> Option<&CodeSystem> {
        let own = part.system.as_deref()?;
        match part.version.as_deref().filter(|version| *version != "*") {
            None => self.code_system(own),
            Some(version) => self.code_system(&format!("{own}|{version}")),
        }
    }

    /// A code system of the packages, by its canonical.
    #[must_use]
    pub fn code_system(&self, canonical: &str) -> Option<&CodeSystem> {
        if let Some(known) = self.code_systems.get(canonical) {
            return known.as_ref();
        }
        let found = self.packages.find("CodeSystem", canonical);
        let url = Canonical::parse(canonical).url;
        let made = found.and_then(|found| found.tree()).map(|tree| CodeSystem::read(url, tree.root()));
        self.code_systems.insert(canonical.to_owned(), Box::new(made)).as_ref()
    }

    /// The displays that supplements add to a code, of all packages that are loaded.
    pub fn supplemented<'s>(&'s self, system: &'s str, code: &'s str) -> impl Iterator<Item = &'s str> {
        let supplements = self.supplements.get_or_init(|| {
            let read = |root: Element<'_>| {
                let supplements = Canonical::parse(root.text("supplements")?).url;
                let made = CodeSystem::read_supplement(supplements, root);
                Some((supplements.to_owned(), made))
            };
            let base_definitions = self.packages.release().core_package();
            self.packages
                .all("CodeSystem")
                // The base definitions hold none, and are many.
                .filter(|definition| !definition.file.starts_with(base_definitions))
                .filter_map(|definition| read(definition.tree()?.root()))
                .collect()
        });
        supplements
            .iter()
            .filter(move |(supplemented, _)| supplemented == system)
            .filter_map(move |(_, supplement)| supplement.concept(code))
            .flat_map(super::Concept::displays)
    }

    pub(super) fn value_set(&self, canonical: &str) -> Option<&ValueSet> {
        if let Some(known) = self.value_sets.get(canonical) {
            return known.as_ref();
        }
        // Bindings may name a version that is not loaded; another version of the set is then used.
        let made = self
            .packages
            .find("ValueSet", canonical)
            .or_else(|| self.packages.find("ValueSet", Canonical::parse(canonical).url))
            .and_then(|definition| definition.tree())
            .map(|tree| ValueSet::read(tree.root()));
        self.value_sets.insert(canonical.to_owned(), Box::new(made)).as_ref()
    }
}
