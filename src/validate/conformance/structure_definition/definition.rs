//! A StructureDefinition, with what its rules need to know of it.

use super::{base, constraint, differential, extension, obligation, path, slicing, types, value};
use crate::fhir::Element;
use crate::profile::{ElementSchema, Schema, SchemaSet};
use crate::validate::conformance::findings::Findings;

/// A StructureDefinition that is judged.
pub(super) struct Definition<'d> {
    pub(super) root: Element<'d>,
    pub(super) url: &'d str,
    pub(super) type_name: &'d str,
    /// What it builds on, where that is loaded and sound.
    pub(super) base: Option<&'d Schema>,
}

/// An element of the differential of a constraint.
pub(super) struct Differential<'d> {
    pub(super) element: Element<'d>,
    pub(super) path: &'d str,
    /// Whether it is a slice itself.
    pub(super) is_slice: bool,
    /// Whether it stands within a slice.
    pub(super) in_slice: bool,
}

pub(in crate::validate::conformance) fn judge(root: Element<'_>, findings: &mut Findings<'_>) {
    let set = findings.set;
    let (Some(url), Some(type_name)) = (root.text("url"), root.text("type")) else { return };
    let is_constraint = root.text("derivation") == Some("constraint");
    let is_sound = base::check(root, url, is_constraint, findings);
    let base = root.text("baseDefinition").filter(|_| is_sound && is_constraint);
    let base = base.and_then(|base| set.schema(base).ok());
    let definition = Definition { root, url, type_name, base };
    constraint::check(&definition, findings);
    obligation::check(&definition, findings);
    if !is_constraint {
        return;
    }
    for element in elements(root, "differential") {
        let Some(differential) = Differential::read(element) else { continue };
        let place = path::types_at(set, type_name, differential.path);
        if !differential::check(&definition, &differential, &place, findings) {
            continue;
        }
        types::check(&definition, &differential, &place, findings);
        value::check(&definition, &differential, &place, findings);
        slicing::check(&definition, &differential, &place, findings);
    }
    if type_name == "Extension" {
        extension::check(&definition, findings);
    }
}

/// The elements of a view, `snapshot` or `differential`.
pub(super) fn elements<'d>(root: Element<'d>, view: &str) -> impl Iterator<Item = Element<'d>> {
    root.child(view).into_iter().flat_map(Element::children).filter(|child| child.name() == "element")
}

impl<'d> Differential<'d> {
    fn read(element: Element<'d>) -> Option<Self> {
        let around = element.text("id").and_then(|id| id.rsplit_once('.')).map_or("", |(around, _)| around);
        Some(Self {
            element,
            path: element.text("path")?,
            is_slice: element.child("sliceName").is_some(),
            in_slice: around.contains(':'),
        })
    }

    /// The last part of its path.
    pub(super) fn name(&self) -> &'d str {
        self.path.rsplit('.').next().unwrap_or(self.path)
    }
}

impl Definition<'_> {
    /// The element of the base at a path, slices aside.
    pub(super) fn base_element(&self, set: &SchemaSet, path: &str) -> Option<&ElementSchema> {
        let mut element = &self.base?.root;
        for segment in path.split('.').skip(1) {
            let parent = match element.types.as_slice() {
                [only] if element.children.is_empty() => &only.schema(set)?.root,
                _ => element,
            };
            element = parent.children.iter().find(|child| {
                segment.strip_suffix("[x]").map_or(child.name == segment, |name| child.name == name)
            })?;
        }
        Some(element)
    }
}
