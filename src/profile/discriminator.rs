//! How the kinds of a sliced list are told apart, compiled.
//!
//! <https://hl7.org/fhir/STU3/profiling.html#discriminator>

use serde::Serialize;

use super::definition::Fragment;
use super::rules::binding::Strength;
use super::rules::{Binding, Fixed, Pattern};
use super::snapshot::{Node, Types, type_suffix};
use crate::fhir::{Element, type_in_name};
use crate::terminology::{Membership, Terminology};

/// One thing that all values of a slice have in common.
#[derive(Debug, Serialize)]
pub struct Discriminator {
    /// Where to look, from the value: element names, or nothing for the value itself.
    pub path: Vec<String>,
    /// What is to be found there.
    pub expected: Expected,
}

/// What tells a slice.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Expected {
    /// Exactly this value.
    Fixed(Fixed),
    /// At least this.
    Pattern(Pattern),
    /// A code of this value set.
    Code(Binding),
    /// Parts, each with a value of its own.
    Parts(Vec<Discriminator>),
    /// That there is something, or nothing.
    Exists(bool),
    /// One of these types.
    Types(Vec<String>),
    /// The profile does not say; why, in words.
    Nothing(String),
}

/// What one discriminator says of one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Yes,
    No,
    Unknown,
}

impl Discriminator {
    /// Compiles what a slice has in common, for one discriminator of its slicing.
    pub(super) fn compile(kind: &str, path: &str, slice: &Node, types: &mut dyn Types) -> Self {
        let segments: Vec<String> =
            path.split('.').filter(|part| !part.is_empty() && *part != "$this").map(str::to_owned).collect();
        let nothing = |why: &str| Expected::Nothing(format!("the slice `{}`: {why}", name_of(slice)));
        let expected = if segments.iter().any(|segment| segment.contains('(')) {
            nothing(&format!("it is told by `{path}`, which is not evaluated yet"))
        } else {
            match at(slice, &segments, types) {
                None => nothing(&format!("there is no element at `{path}`")),
                Some(node) => match kind {
                    "value" | "pattern" => value_of(&node, types)
                        .unwrap_or_else(|| nothing(&format!("no value is given at `{path}` to tell it by"))),
                    "exists" => Expected::Exists(node.element.max != Some(super::definition::Max::AtMost(0))),
                    "type" => Expected::Types(
                        node.element.types.iter().filter_map(|found| found.code.clone()).collect(),
                    ),
                    other => nothing(&format!("it is told by {other}, which is not evaluated yet")),
                },
            }
        };
        Self { path: segments, expected }
    }

    /// Whether a value has it.
    pub(crate) fn matches(&self, value: Element<'_>, terminology: &Terminology) -> Answer {
        let mut found = vec![value];
        for segment in &self.path {
            found = found
                .into_iter()
                .flat_map(|element| {
                    element.children().filter(|child| {
                        child.name() == segment
                            || type_suffix(&format!("{segment}[x]"), child.name()).is_some()
                    })
                })
                .collect();
        }
        if let Expected::Exists(exists) = self.expected {
            return if found.is_empty() == exists { Answer::No } else { Answer::Yes };
        }
        found.into_iter().fold(Answer::No, |answer, element| {
            match (answer, self.expected.matches(element, terminology)) {
                (Answer::Yes, _) | (_, Answer::Yes) => Answer::Yes,
                (Answer::Unknown, _) | (_, Answer::Unknown) => Answer::Unknown,
                (Answer::No, Answer::No) => Answer::No,
            }
        })
    }
}

impl Expected {
    fn matches(&self, element: Element<'_>, terminology: &Terminology) -> Answer {
        let yes = |holds: bool| if holds { Answer::Yes } else { Answer::No };
        match self {
            Self::Fixed(fixed) => yes(fixed.matches(element)),
            Self::Pattern(pattern) => yes(pattern.matches(element)),
            Self::Code(binding) => match binding.is_member(element, terminology) {
                Membership::Member => Answer::Yes,
                Membership::NotMember => Answer::No,
                Membership::Unknown(_) => Answer::Unknown,
            },
            Self::Parts(parts) => parts.iter().fold(Answer::Yes, |answer, part| {
                match (answer, part.matches(element, terminology)) {
                    (Answer::No, _) | (_, Answer::No) => Answer::No,
                    (Answer::Unknown, _) | (_, Answer::Unknown) => Answer::Unknown,
                    (Answer::Yes, Answer::Yes) => Answer::Yes,
                }
            }),
            Self::Exists(exists) => yes(*exists),
            Self::Types(types) => {
                let found = element.resource_type().or_else(|| type_in_name(element.name()));
                yes(types.iter().any(|name| found == Some(name)))
            }
            Self::Nothing(_) => Answer::Unknown,
        }
    }
}

fn name_of(slice: &Node) -> &str {
    slice.element.slice_name.as_deref().unwrap_or(&slice.name)
}

/// The element of the slice's definition at a path, going into its type where the slice says nothing.
fn at(slice: &Node, segments: &[String], types: &mut dyn Types) -> Option<Node> {
    let mut node = slice.clone();
    for segment in segments {
        if node.children.is_empty() {
            node.children = types.children(node.element.types.first()?).ok()?;
        }
        let found = node
            .children
            .iter()
            .find(|child| child.name == *segment || child.name.strip_suffix("[x]") == Some(segment))?;
        node = found.clone();
    }
    Some(node)
}

/// What the definition of an element says of its value.
fn value_of(node: &Node, types: &mut dyn Types) -> Option<Expected> {
    let element = &node.element;
    if let Some(fixed) = &element.fixed {
        return Some(Expected::Fixed(Fixed(Fragment::clone(fixed))));
    }
    if let Some(pattern) = &element.pattern {
        return Some(Expected::Pattern(Pattern(Fragment::clone(pattern))));
    }
    let parts: Vec<Discriminator> = node
        .children
        .iter()
        .filter_map(|child| {
            let path = vec![child.name.trim_end_matches("[x]").to_owned()];
            Some(Discriminator { path, expected: part_of(child, types)? })
        })
        .collect();
    if !parts.is_empty() {
        return Some(Expected::Parts(parts));
    }
    let binding = element.binding.as_ref().filter(|binding| binding.strength == "required")?;
    let value_set = binding.value_set.clone()?;
    Some(Expected::Code(Binding::main(Strength::Required, value_set)))
}

/// Only given values tell a part; that it is bound to a set of the base says nothing.
fn part_of(child: &Node, types: &mut dyn Types) -> Option<Expected> {
    match value_of(child, types)? {
        Expected::Code(_) => None,
        told => Some(told),
    }
}

impl super::Slicing {
    /// The number of the slice that a value is of.
    #[must_use]
    pub fn slice_of(&self, value: Element<'_>, set: &super::SchemaSet) -> Option<usize> {
        self.slices.iter().position(|slice| slice.holds(value, set) == Answer::Yes)
    }

    /// Whether a value might be of a slice that it is not known to be of.
    #[must_use]
    pub fn is_unsure(&self, value: Element<'_>, set: &super::SchemaSet) -> bool {
        self.slices.iter().any(|slice| slice.holds(value, set) == Answer::Unknown)
    }
}

impl super::Slice {
    /// Whether a value has all that tells this slice.
    fn holds(&self, value: Element<'_>, set: &super::SchemaSet) -> Answer {
        if self.discriminators.is_empty() {
            return Answer::Unknown;
        }
        let answers = self.discriminators.iter().map(|told| told.matches(value, set.terminology()));
        answers.fold(Answer::Yes, |all, answer| match (all, answer) {
            (Answer::No, _) | (_, Answer::No) => Answer::No,
            (Answer::Unknown, _) | (_, Answer::Unknown) => Answer::Unknown,
            (Answer::Yes, Answer::Yes) => Answer::Yes,
        })
    }

    /// Why its values cannot be told, if the profile gives no means to.
    #[must_use]
    pub fn defect(&self) -> Option<String> {
        if self.discriminators.is_empty() {
            return Some(format!("the slice `{}` has no discriminator", self.name));
        }
        self.discriminators.iter().find_map(|discriminator| match &discriminator.expected {
            Expected::Nothing(why) => Some(why.clone()),
            _ => None,
        })
    }
}
