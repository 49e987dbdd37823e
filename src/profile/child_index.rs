//! The elements of a definition by the name that an instance writes, and which of them must be looked for
//! even where the instance says nothing of them.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::model::literal_name;
use super::schema::{ElementSchema, TypeLink};
use crate::fhir::is_choice_of;

/// Made once for each element of a definition, so that nothing is searched when an instance is judged.
#[derive(Debug, Default)]
pub(crate) struct ChildIndex {
    /// `valueQuantity` among them, for each type that a choice allows.
    places: HashMap<Box<str>, Place, FxBuildHasher>,
    /// Those whose absence can be a fault: mandatory ones, and those with slices that can be mandatory.
    demanded: Vec<usize>,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    child: usize,
    type_link: usize,
}

impl ChildIndex {
    pub(super) fn new(children: &[ElementSchema]) -> Self {
        let mut index = Self::default();
        for (child, element) in children.iter().enumerate() {
            if element.cardinality.min > 0 || element.slicing.is_some() {
                index.demanded.push(child);
            }
            if !element.choice {
                index.places.entry(element.name.as_str().into()).or_insert(Place { child, type_link: 0 });
                continue;
            }
            for (type_link, link) in element.types.iter().enumerate() {
                let Some(code) = &link.code else { continue };
                let literal = literal_name(&element.name, code).into_boxed_str();
                index.places.entry(literal).or_insert(Place { child, type_link });
            }
        }
        index
    }
}

impl ElementSchema {
    /// The child that an instance calls so, and the type that its value has by this definition. Any type of a
    /// choice counts as its name, allowed or not: whether it is allowed is said elsewhere, and better.
    pub(crate) fn child_called(&self, name: &str) -> Option<(&ElementSchema, Option<&TypeLink>)> {
        if let Some(place) = self.index.places.get(name) {
            let child = &self.children[place.child];
            return Some((child, child.types.get(place.type_link)));
        }
        let is_of_choice = |child: &&ElementSchema| child.choice && is_choice_of(&child.name, name);
        Some((self.children.iter().find(is_of_choice)?, None))
    }

    /// The child that the definition calls so, `[x]` aside.
    pub(crate) fn child_named(&self, name: &str) -> Option<&ElementSchema> {
        match self.index.places.get(name).map(|place| &self.children[place.child]) {
            Some(found) if !found.choice => Some(found),
            _ => self.children.iter().find(|child| child.name == name),
        }
    }

    /// The children whose absence can be a fault.
    pub(crate) fn demanded(&self) -> impl Iterator<Item = &ElementSchema> {
        self.index.demanded.iter().map(|child| &self.children[*child])
    }
}
