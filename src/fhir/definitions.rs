//! What the base definitions of a release say of its elements, as far as reading and writing needs to know.

use super::{Element, ScalarKind};

/// The elements of the types of a release.
///
/// XML and JSON differ in what they say of a resource: XML leaves out which elements repeat and which values are
/// numbers, JSON leaves out the order. Definitions know both.
pub trait Definitions: std::fmt::Debug + Send + Sync {
    /// The element that an instance writes as `name` (`valueQuantity`) in a type (`Observation`, `HumanName`) or
    /// in a backbone element (`Patient.contact`); `None` where there is no such type or element.
    fn element(&self, parent_type: &str, name: &str) -> Option<DefinedElement<'_>>;
}

/// One element of a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DefinedElement<'d> {
    /// Its type, or for a backbone element its path.
    pub type_name: &'d str,
    /// Whether it can repeat in the base definition, so that JSON writes an array.
    pub repeats: bool,
    /// Its place among the elements of its type, which is its place in XML.
    pub order: usize,
}

/// No definitions: every element is unknown.
impl Definitions for () {
    fn element(&self, _: &str, _: &str) -> Option<DefinedElement<'_>> {
        None
    }
}

impl ScalarKind {
    /// How JSON writes the values of a primitive type (json.html#primitive).
    #[must_use]
    pub fn of_type(type_name: &str) -> Self {
        match type_name {
            "boolean" => Self::Boolean,
            "integer" | "unsignedInt" | "positiveInt" | "decimal" => Self::Number,
            _ => Self::String,
        }
    }
}

/// Whether a type is primitive: its name begins with a small letter.
pub(super) fn is_primitive(type_name: &str) -> bool {
    type_name.starts_with(|letter: char| letter.is_ascii_lowercase())
}

/// The type of an element, where the definitions know all elements from its resource down to it.
pub(super) fn type_of<'t>(element: Element<'t>, definitions: &'t dyn Definitions) -> Option<&'t str> {
    element.resource_type().or_else(|| {
        let parent = type_of(element.parent()?, definitions)?;
        Some(definitions.element(parent, element.name())?.type_name)
    })
}
