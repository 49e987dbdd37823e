//! The types of elements, as FHIRPath needs to know them.

use std::collections::HashMap;

use super::{ElementSchema, SchemaSet};
use crate::fhirpath::{ChildType, Declared, Model};

/// The children of one type or backbone element, by the name that an instance writes.
#[derive(Debug, Default)]
pub(super) struct TypeElements {
    children: HashMap<String, (String, String)>,
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
        for child in &element.children {
            add(&mut made, child);
        }
        Some(self.elements.insert(parent.to_owned(), Box::new(made)))
    }
}

fn add(made: &mut TypeElements, child: &ElementSchema) {
    for link in &child.types {
        let Some(code) = &link.code else { continue };
        let literal = if child.choice { literal_name(&child.name, code) } else { child.name.clone() };
        let type_name = if child.children.is_empty() { code } else { &child.id };
        made.children.insert(literal, (child.name.clone(), type_name.clone()));
    }
    if let Some(reference) = &child.content_reference {
        made.children.insert(child.name.clone(), (child.name.clone(), reference.clone()));
    }
}

/// `valueQuantity` for `value` of type `Quantity`.
pub(crate) fn literal_name(name: &str, type_name: &str) -> String {
    let mut letters = type_name.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    name.chars().chain(first).chain(letters).collect()
}

impl Model for SchemaSet {
    fn child(&self, parent_type: &str, literal_name: &str) -> Option<ChildType<'_>> {
        let (name, type_name) = self.elements_of(parent_type)?.children.get(literal_name)?;
        Some(ChildType { name, type_name })
    }

    fn is_subtype(&self, type_name: &str, ancestor: &str) -> bool {
        if type_name == ancestor {
            return true;
        }
        if type_name.contains('.') {
            return matches!(ancestor, "BackboneElement" | "Element");
        }
        let base = self.type_schema(type_name).and_then(|schema| schema.base_type.clone());
        base.is_some_and(|base| self.is_subtype(&base, ancestor))
    }

    fn is_type(&self, name: &str) -> bool {
        Self::is_type(self, name)
    }

    fn declared(&self, parent_type: &str, name: &str) -> Declared<'_> {
        let Some(elements) = self.elements_of(parent_type) else { return Declared::Unknown };
        let types: Vec<&str> = elements
            .children
            .values()
            .filter(|(declared, _)| declared == name)
            .map(|(_, type_name)| type_name.as_str())
            .collect();
        if types.is_empty() { Declared::Absent } else { Declared::Types(types) }
    }
}
