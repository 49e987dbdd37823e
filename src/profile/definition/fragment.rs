//! Values that a definition gives: fixed ones, patterns, bounds.

use std::sync::Arc;

use crate::fhir::{Element, Tree};

/// A value within a definition (fixed or pattern), shared with the definition's tree.
#[derive(Clone)]
pub struct Fragment {
    tree: Arc<Tree>,
    id: u32,
}

impl Fragment {
    /// An element of a definition.
    pub(super) fn new(tree: &Arc<Tree>, element: Element<'_>) -> Self {
        Self { tree: Arc::clone(tree), id: element.id() }
    }

    /// The part of the value with this name.
    pub(in crate::profile) fn child(&self, name: &str) -> Option<Self> {
        Some(Self { tree: Arc::clone(&self.tree), id: self.element().child(name)?.id() })
    }

    /// The value as an element.
    pub(in crate::profile) fn element(&self) -> Element<'_> {
        self.tree.element(self.id).unwrap_or_else(|| self.tree.root())
    }

    /// Its type and value as text, whole.
    pub(in crate::profile) fn text(&self) -> String {
        let element = self.element();
        format!("{} {}", element.name(), crate::profile::text::whole(element))
    }
}

impl std::fmt::Debug for Fragment {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&crate::profile::text::describe(self.element()))
    }
}

impl serde::Serialize for Fragment {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&crate::profile::text::describe(self.element()))
    }
}
