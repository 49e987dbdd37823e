//! What an expression may ask beyond the resource: references, terminology, profiles.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use crate::fhir::Element;
use crate::fhirpath::{Context, Model as _, Profiles, Resolver, Terminology};
use crate::profile::rules::binding::codings;
use crate::profile::{Lookup, Schema, SchemaSet, Severity};
use crate::terminology::Membership;

use super::options::{DEFAULT, Options};
use super::resolve::resolve;
use super::walk::{Layer, Walk};

/// How deep `conformsTo` may lead to a profile whose rules ask `conformsTo` again.
const MAX_DEPTH: u8 = 4;

/// Answers from the loaded packages and from the text itself; fetches nothing.
#[derive(Debug, Clone, Copy)]
pub struct Knowledge<'a> {
    pub(super) set: &'a SchemaSet,
    pub(super) options: &'a Options,
    /// When judging began, so that what it leads to shares its time.
    pub(super) started: Instant,
    depth: u8,
    memory: Option<&'a Memory>,
}

/// What is known of the conformance of elements, by element and profile, so that references that many resources
/// make to one another, or in a circle, are followed once.
#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<HashMap<(u32, String), bool>>);

impl<'a> Knowledge<'a> {
    /// What the packages of these schemas tell.
    #[must_use]
    pub fn new(set: &'a SchemaSet) -> Self {
        Self::with_options(set, &DEFAULT)
    }

    /// The same, judged by options.
    pub(super) fn with_options(set: &'a SchemaSet, options: &'a Options) -> Self {
        Self { set, options, started: Instant::now(), depth: 0, memory: None }
    }

    /// The same, which remembers what it finds out about the elements of one text.
    pub(super) fn remembering(self, memory: &'a Memory) -> Self {
        Self { memory: Some(memory), ..self }
    }

    /// Finds out, or remembers, whether an element conforms. While that is being found out, it is taken to: a circle
    /// of references is right if nothing else is wrong in it.
    fn remembered(
        &self,
        element: Element<'_>,
        profile: &str,
        find_out: impl FnOnce() -> Option<bool>,
    ) -> Option<bool> {
        let Some(Memory(memory)) = self.memory else { return find_out() };
        let lock = || memory.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (element.id(), profile.to_owned());
        if let Some(known) = lock().get(&key) {
            return Some(*known);
        }
        lock().insert(key.clone(), true);
        let found = find_out();
        match found {
            Some(holds) => lock().insert(key, holds),
            None => lock().remove(&key),
        };
        found
    }

    /// What an expression is evaluated in, with all that is known here.
    #[must_use]
    pub fn context(&self) -> Context<'_> {
        let mut context = Context::new(self.set);
        context.resolver = Some(self);
        context.terminology = Some(self);
        context.profiles = Some(self);
        context
    }

    /// The same, one level further into profiles that ask for other profiles; `None` where that goes too deep.
    pub(super) fn deeper(&self) -> Option<Self> {
        (self.depth < MAX_DEPTH).then_some(Self { depth: self.depth + 1, ..*self })
    }

    /// The name of an element's type, or for one with parts of its own its path.
    fn type_of<'t>(&'t self, element: Element<'t>) -> Option<&'t str> {
        match element.resource_type() {
            Some(name) => Some(name),
            None => Some(self.set.child(self.type_of(element.parent()?)?, element.name())?.type_name),
        }
    }

    fn conforms(&self, element: Element<'_>, schema: &Schema) -> Option<bool> {
        let actual = self.type_of(element).unwrap_or_default();
        if !self.set.is_subtype(actual, &schema.type_name) {
            return Some(false);
        }
        let inner = Self { depth: self.depth + 1, ..*self };
        let mut walk = Walk::new(&inner);
        walk.look_from(element.resource());
        if schema.is_abstract {
            // What derives from it may have more elements than it: its own type is judged.
            let own = self.set.type_schema(actual)?;
            walk.element(element, Some(actual), &[Layer::root(own)]);
        } else {
            walk.element(element, Some(actual), &[Layer::root(schema)]);
        }
        let issues = walk.into_issues();
        let has = |severity| issues.iter().any(|issue| issue.severity == severity);
        if has(Severity::Error) {
            return Some(false);
        }
        (!has(Severity::Undecided)).then_some(true)
    }
}

impl Resolver for Knowledge<'_> {
    fn resolve<'t>(&'t self, reference: &str, from: Element<'t>) -> Option<Element<'t>> {
        resolve(reference, from)
    }
}

impl Terminology for Knowledge<'_> {
    fn member_of(&self, concept: Element<'_>, value_set: &str) -> Option<bool> {
        let terminology = self.set.terminology();
        let found = codings(concept).iter().fold(Membership::NotMember, |found, (system, code)| {
            found.or(terminology.membership(value_set, *system, code))
        });
        found.decided()
    }

    fn subsumes(&self, general: Element<'_>, special: Element<'_>) -> Option<bool> {
        let terminology = self.set.terminology();
        let mut found = Membership::NotMember;
        for (system, code) in codings(general) {
            for (_, below) in codings(special).iter().filter(|(other, _)| *other == system) {
                found = found.or(terminology.subsumes(system.unwrap_or_default(), code, below));
            }
        }
        found.decided()
    }
}

impl Lookup for Knowledge<'_> {
    fn terminology(&self) -> &crate::terminology::Terminology {
        self.set.terminology()
    }

    fn resolve<'t>(&self, reference: &str, from: Element<'t>) -> Option<Element<'t>> {
        resolve(reference, from)
    }

    fn conforms(&self, element: Element<'_>, profile: &str) -> Option<bool> {
        self.conforms_to(element, profile)
    }
}

impl Profiles for Knowledge<'_> {
    fn conforms_to(&self, element: Element<'_>, profile: &str) -> Option<bool> {
        if self.depth >= MAX_DEPTH {
            return None;
        }
        let schema = self.set.schema(profile).ok()?;
        self.remembered(element, profile, || self.conforms(element, schema))
    }

    fn element_definition<'t>(&'t self, element: Element<'t>) -> Option<Element<'t>> {
        let path = match element.parent().filter(|_| element.resource_type().is_none()) {
            None => element.resource_type()?.to_owned(),
            Some(parent) => {
                let parent = self.type_of(parent)?;
                format!("{parent}.{}", self.set.child(parent, element.name())?.name)
            }
        };
        let snapshot = self.set.type_definition(path.split('.').next()?)?.tree()?.root().child("snapshot")?;
        snapshot.children_named("element").find(|definition| {
            definition.text("path").is_some_and(|found| found.trim_end_matches("[x]") == path)
        })
    }

    fn in_slice(&self, element: Element<'_>, profile: &str, slice: &str) -> Option<bool> {
        let schema = self.set.schema(profile).ok()?;
        let parent = self.type_of(element.parent()?)?;
        let path = format!("{parent}.{}", self.set.child(parent, element.name())?.name);
        let slicing = schema.element(&path).filter(|found| found.path == path)?.slicing.as_ref()?;
        let index = slicing.slices.iter().position(|known| known.name == slice)?;
        match slicing.slice_of(element, self) {
            Some(found) => Some(found == index),
            None => (!slicing.is_unsure(element, self)).then_some(false),
        }
    }
}
