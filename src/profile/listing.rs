//! A snapshot as a list of elements: the form that definitions are published in, for whoever compares or shows
//! them.

use serde::Serialize;

use super::definition::{
    BaseElement, ElementDefinition, Fragment, Max, SlicingDefinition, StructureDefinition, TypeReference,
};
use super::published::name_choices_alike;
use super::snapshot::Node;
use super::{SchemaError, SchemaSet};
use crate::package::Definition;

/// One element of a snapshot with all that it is judged by; texts for people are left out.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SnapshotElement {
    /// Its path: `Patient.identifier.system`. A choice that is narrowed to one type is listed once, under the name
    /// of the choice.
    pub path: String,
    /// The name of the slice that it is.
    pub slice_name: Option<String>,
    min: Option<u32>,
    max: Option<Max>,
    base: Option<BaseElement>,
    types: Vec<TypeReference>,
    content_reference: Option<String>,
    slicing: Option<SlicingDefinition>,
    fixed: Option<String>,
    pattern: Option<String>,
    min_value: Option<String>,
    max_value: Option<String>,
    max_length: Option<usize>,
    /// The strength and the value set.
    binding: Option<(String, Option<String>)>,
    /// Key and expression of each, by key.
    constraints: Vec<(String, Option<String>)>,
    must_support: bool,
    is_modifier: bool,
    is_summary: bool,
}

impl SchemaSet {
    /// The elements of a definition's snapshot in their order. A profile's is made from its differential over its
    /// base, whatever snapshot it is published with.
    ///
    /// # Errors
    ///
    /// Where the profile or one that it builds on is not there, or is broken.
    pub fn snapshot_elements(&self, canonical: &str) -> Result<Vec<SnapshotElement>, SchemaError> {
        let (_, root) = self.tree(canonical)?;
        let mut listed = Vec::new();
        list(&root, &root.name, &mut listed);
        Ok(listed)
    }
}

/// The elements of the snapshot that a definition is published with, in the same form; none if it has none.
#[must_use]
pub fn published_elements(definition: &Definition) -> Vec<SnapshotElement> {
    let read = definition.tree().and_then(StructureDefinition::read);
    let elements = name_choices_alike(read.map(|read| read.snapshot).unwrap_or_default());
    elements.iter().map(|element| SnapshotElement::of(element, element.path.clone())).collect()
}

fn list(node: &Node, path: &str, listed: &mut Vec<SnapshotElement>) {
    listed.push(SnapshotElement::of(&node.element, path.to_owned()));
    for child in &node.children {
        list(child, &format!("{path}.{}", child.name), listed);
    }
    for slice in &node.slices {
        list(slice, path, listed);
    }
}

impl SnapshotElement {
    fn of(element: &ElementDefinition, path: String) -> Self {
        let text = |fragment: &Option<Fragment>| fragment.as_ref().map(Fragment::text);
        let mut constraints: Vec<_> = element
            .constraints
            .iter()
            .map(|constraint| (constraint.key.clone(), constraint.expression.clone()))
            .collect();
        constraints.sort();
        Self {
            path,
            slice_name: element.slice_name.clone(),
            min: element.min,
            max: element.max,
            base: element.base.clone(),
            types: element.types.clone(),
            content_reference: element.content_reference.clone(),
            slicing: element.slicing.clone(),
            fixed: text(&element.fixed),
            pattern: text(&element.pattern),
            min_value: text(&element.min_value),
            max_value: text(&element.max_value),
            max_length: element.max_length,
            binding: element.binding.as_ref().map(|found| (found.strength.clone(), found.value_set.clone())),
            constraints,
            must_support: element.must_support == Some(true),
            is_modifier: element.is_modifier == Some(true),
            is_summary: element.is_summary == Some(true),
        }
    }
}
