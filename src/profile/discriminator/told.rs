//! Which slice a value is of.

use super::{Discriminator, Expected, Step};
use crate::fhir::{Element, is_choice_of, type_in_name};
use crate::profile::rules::reference::target_type;
use crate::profile::{Slice, Slicing};
use crate::terminology::{Membership, Terminology};

/// What one discriminator says of one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It has it.
    Yes,
    /// It does not.
    No,
    /// It cannot be told.
    Unknown,
}

/// What must be asked beyond the value itself.
pub trait Lookup {
    /// Code systems and value sets.
    fn terminology(&self) -> &Terminology;

    /// The resource that a reference leads to, if it is at hand.
    fn resolve<'t>(&self, reference: &str, from: Element<'t>) -> Option<Element<'t>>;

    /// Whether an element conforms to a profile; `None` if that cannot be told.
    fn conforms(&self, element: Element<'_>, profile: &str) -> Option<bool>;
}

/// What a path leads to.
#[derive(Clone, Copy)]
enum Found<'t> {
    Element(Element<'t>),
    /// A reference to something that is not at hand.
    Unresolved(Element<'t>),
}

impl Answer {
    fn of(holds: Option<bool>) -> Self {
        match holds {
            Some(true) => Self::Yes,
            Some(false) => Self::No,
            None => Self::Unknown,
        }
    }

    fn and(self, other: impl FnOnce() -> Self) -> Self {
        match self {
            Self::No => Self::No,
            Self::Yes => other(),
            Self::Unknown if other() == Self::No => Self::No,
            Self::Unknown => Self::Unknown,
        }
    }

    fn or(self, other: impl FnOnce() -> Self) -> Self {
        match self {
            Self::Yes => Self::Yes,
            Self::No => other(),
            Self::Unknown if other() == Self::Yes => Self::Yes,
            Self::Unknown => Self::Unknown,
        }
    }
}

impl Discriminator {
    /// Whether a value has it.
    fn matches(&self, value: Element<'_>, lookup: &dyn Lookup) -> Answer {
        if let Expected::Exists(expected) = self.expected {
            let exists = follow(&self.path, value, lookup, &mut |_| Answer::Yes) == Answer::Yes;
            return Answer::of(Some(exists == expected));
        }
        follow(&self.path, value, lookup, &mut |found| self.expected.matches(found, lookup))
    }
}

/// Asks of everything that a path leads to whether it is the thing.
fn follow<'t>(
    path: &[Step],
    from: Element<'t>,
    lookup: &dyn Lookup,
    ask: &mut dyn FnMut(Found<'t>) -> Answer,
) -> Answer {
    let Some((step, rest)) = path.split_first() else { return ask(Found::Element(from)) };
    let mut answer = Answer::No;
    match step {
        Step::Child(name) => {
            for child in
                from.children().filter(|child| child.name() == name || is_choice_of(name, child.name()))
            {
                answer = answer.or(|| follow(rest, child, lookup, ask));
            }
        }
        Step::Extension(url) => {
            for child in from.children_named("extension").filter(|child| child.text("url") == Some(url)) {
                answer = answer.or(|| follow(rest, child, lookup, ask));
            }
        }
        Step::Resolve => {
            let reference = from.text("reference").or_else(|| from.value());
            let target = reference.and_then(|reference| lookup.resolve(reference, from));
            answer = match target {
                Some(target) => follow(rest, target, lookup, ask),
                None if rest.is_empty() => ask(Found::Unresolved(from)),
                None => Answer::Unknown,
            };
        }
        Step::OfType(name) => {
            let found = from.resource_type().or_else(|| type_in_name(from.name()));
            if found.is_none_or(|found| found == name) {
                answer = follow(rest, from, lookup, ask);
            }
        }
    }
    answer
}

impl Expected {
    fn matches(&self, found: Found<'_>, lookup: &dyn Lookup) -> Answer {
        let element = match (found, self) {
            (Found::Element(element), _) => element,
            (Found::Unresolved(reference), Self::Types(types)) => {
                let name = reference.text("reference").and_then(|text| target_type(reference, text));
                return Answer::of(name.map(|name| is_one_of(name, types)));
            }
            (Found::Unresolved(_), _) => return Answer::Unknown,
        };
        match self {
            Self::Fixed(fixed) => Answer::of(Some(fixed.matches(element))),
            Self::Pattern(pattern) => Answer::of(Some(pattern.matches(element))),
            Self::Code(binding) => match binding.is_member(element, lookup.terminology()) {
                Membership::Member => Answer::Yes,
                Membership::NotMember => Answer::No,
                Membership::Unknown(_) => Answer::Unknown,
            },
            Self::Url(url) => Answer::of(Some(element.value() == Some(url))),
            Self::Parts(parts) => {
                parts.iter().fold(Answer::Yes, |all, part| all.and(|| part.matches(element, lookup)))
            }
            Self::Exists(exists) => Answer::of(Some(*exists)),
            Self::Types(types) => {
                let found = element.resource_type().or_else(|| type_in_name(element.name()));
                Answer::of(Some(found.is_some_and(|found| is_one_of(found, types))))
            }
            Self::Profiles(profiles) => profiles
                .iter()
                .fold(Answer::No, |any, profile| any.or(|| Answer::of(lookup.conforms(element, profile)))),
            Self::Nothing(_) => Answer::Unknown,
        }
    }
}

fn is_one_of(found: &str, types: &[String]) -> bool {
    types.iter().any(|name| found == name || matches!(name.as_str(), "Resource" | "DomainResource"))
}

impl Slicing {
    /// The number of the slice that a value is of.
    #[must_use]
    pub fn slice_of(&self, value: Element<'_>, lookup: &dyn Lookup) -> Option<usize> {
        let mut unsure = false;
        for (index, slice) in self.slices.iter().enumerate() {
            match slice.holds(value, lookup) {
                Answer::Yes => return Some(index),
                Answer::Unknown if self.default != Some(index) => unsure = true,
                _ => {}
            }
        }
        self.default.filter(|_| !unsure)
    }

    /// Whether a value might be of a slice that it is not known to be of.
    #[must_use]
    pub fn is_unsure(&self, value: Element<'_>, lookup: &dyn Lookup) -> bool {
        let slices = self.slices.iter().enumerate().filter(|(index, _)| self.default != Some(*index));
        slices.into_iter().any(|(_, slice)| slice.holds(value, lookup) == Answer::Unknown)
    }
}

impl Slice {
    /// Whether a value has all that tells this slice.
    #[must_use]
    pub fn holds(&self, value: Element<'_>, lookup: &dyn Lookup) -> Answer {
        if self.discriminators.is_empty() {
            return Answer::Unknown;
        }
        self.discriminators.iter().fold(Answer::Yes, |all, told| all.and(|| told.matches(value, lookup)))
    }

    /// Why its values cannot be told, if the profile gives no means to.
    #[must_use]
    pub fn defect(&self) -> Option<String> {
        if self.name == super::DEFAULT {
            return None;
        }
        if self.discriminators.is_empty() {
            return Some(format!("the slice `{}` has no discriminator", self.name));
        }
        self.discriminators.iter().find_map(|discriminator| match &discriminator.expected {
            Expected::Nothing(why) => Some(why.clone()),
            _ => None,
        })
    }
}
