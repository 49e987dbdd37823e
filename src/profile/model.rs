//! The elements of types, as FHIRPath and the writing of resources need to know them.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use super::{ElementSchema, SchemaSet};
use crate::fhir::{DefinedElement, Definitions};
use crate::fhirpath::{ChildType, ChildTypes, Declared, Model};

/// The children of one type or backbone element, by the name that an instance writes.
#[derive(Debug, Default)]
pub(super) struct TypeElements {
    children: HashMap<String, TypeElement, FxBuildHasher>,
}

/// An element of a type, with one of the types that it may have.
#[derive(Debug)]
struct TypeElement {
    /// Its name in the definition, without `[x]`.
    name: String,
    type_name: String,
    repeats: bool,
    /// Its place among the elements of its type.
    order: usize,
}

impl SchemaSet {
    fn elements_of(&self, parent: &str) -> Option<&TypeElements> {
        if let Some(known) = self.elements.get(parent) {
            return Some(known);
        }
        let type_name = parent.split('.').next().unwrap_or(parent);
        let schema = self.type_schema(type_name)?;
        let element = schema.element(parent)?;
        let mut made = TypeElements::default();
        for (order, child) in element.children.iter().enumerate() {
            add(&mut made, child, order);
        }
        Some(self.elements.insert(parent.to_owned(), Box::new(made)))
    }
}

fn add(made: &mut TypeElements, child: &ElementSchema, order: usize) {
    let mut insert = |literal: String, type_name: &str| {
        let element = TypeElement {
            name: child.name.clone(),
            type_name: type_name.to_owned(),
            repeats: child.repeats,
            order,
        };
        made.children.insert(literal, element);
    };
    for link in &child.types {
        let Some(code) = &link.code else { continue };
        let literal = if child.choice { literal_name(&child.name, code) } else { child.name.clone() };
        insert(literal, if child.children.is_empty() { code } else { &child.id });
    }
    if let Some(reference) = &child.content_reference {
        insert(child.name.clone(), reference);
    }
}

/// `valueQuantity` for `value` of type `Quantity`.
pub(super) fn literal_name(name: &str, type_name: &str) -> String {
    let mut letters = type_name.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    name.chars().chain(first).chain(letters).collect()
}

impl Definitions for SchemaSet {
    fn element(&self, parent_type: &str, name: &str) -> Option<DefinedElement<'_>> {
        let element = self.elements_of(parent_type)?.children.get(name)?;
        Some(DefinedElement { type_name: &element.type_name, repeats: element.repeats, order: element.order })
    }
}

impl ChildTypes for TypeElements {
    fn child(&self, literal_name: &str) -> Option<ChildType<'_>> {
        let element = self.children.get(literal_name)?;
        Some(ChildType { name: &element.name, type_name: &element.type_name })
    }
}

impl Model for SchemaSet {
    fn children(&self, parent_type: &str) -> Option<&dyn ChildTypes> {
        self.elements_of(parent_type).map(|elements| elements as &dyn ChildTypes)
    }

    fn is_subtype(&self, type_name: &str, ancestor: &str) -> bool {
        if type_name == ancestor {
            return true;
        }
        if type_name.contains('.') {
            return matches!(ancestor, "BackboneElement" | "Element");
        }
        let base = self.type_schema(type_name).and_then(|schema| schema.base_type.as_deref());
        base.is_some_and(|base| self.is_subtype(base, ancestor))
    }

    fn base_type(&self, type_name: &str) -> Option<String> {
        self.type_schema(type_name)?.base_type.clone()
    }

    fn is_type(&self, name: &str) -> bool {
        Self::is_type(self, name)
    }

    fn declared(&self, parent_type: &str, name: &str) -> Declared<'_> {
        let Some(elements) = self.elements_of(parent_type) else { return Declared::Unknown };
        let types: Vec<&str> = elements
            .children
            .values()
            .filter(|element| element.name == name)
            .map(|element| element.type_name.as_str())
            .collect();
        if types.is_empty() { Declared::Absent } else { Declared::Types(types) }
    }
}
