//! What an expression works on: elements of resources and values of the System types.

use std::fmt::{self, Display, Formatter};
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

use rust_decimal::Decimal;
use smallvec::SmallVec;

use super::quantity::Quantity;
use super::temporal::{Date, DateTime, Time};
use crate::fhir::Element;

/// A collection; most hold one item or none, and those cost no allocation.
pub(super) type Collection<'t> = SmallVec<[Item<'t>; 1]>;

/// One item of a collection. Rust's `==` asks for the same element or the same value; what FHIRPath
/// calls equal is wider.
#[derive(Debug, Clone, PartialEq)]
pub enum Item<'t> {
    /// An element with its FHIR type, as far as that is known: a type name or, for backbone
    /// elements, a path.
    Element {
        /// The element.
        element: Element<'t>,
        /// Its type.
        type_name: Option<&'t str>,
    },
    /// System.Boolean.
    Boolean(bool),
    /// System.Integer.
    Integer(i32),
    /// System.Decimal, its digits kept.
    Decimal(Decimal),
    /// System.String.
    String(Text<'t>),
    /// System.Date.
    Date(Date),
    /// System.DateTime.
    DateTime(DateTime),
    /// System.Time.
    Time(Time),
    /// System.Quantity.
    Quantity(Arc<Quantity>),
    /// What `type()` answers.
    Type(Arc<TypeInfo>),
}

/// A type as a value: the answer of `type()` (section 10.2, reflection).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeInfo {
    /// `System` or `FHIR`.
    pub namespace: &'static str,
    /// The name within the namespace.
    pub name: String,
}

/// A text that is a part of a tree, or that evaluation made.
#[derive(Debug, Clone)]
pub enum Text<'t> {
    /// A part of a tree.
    Borrowed(&'t str),
    /// Made by an expression.
    Shared(Arc<str>),
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Borrowed(text) => text,
            Self::Shared(text) => text,
        }
    }
}

impl Display for Text<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(self)
    }
}

impl Eq for Text<'_> {}

impl Hash for Text<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl PartialEq for Text<'_> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl From<String> for Text<'_> {
    fn from(text: String) -> Self {
        Self::Shared(text.into())
    }
}

impl<'t> From<&'t str> for Text<'t> {
    fn from(text: &'t str) -> Self {
        Self::Borrowed(text)
    }
}

impl<'t> Item<'t> {
    /// An element; a resource tells its type by itself.
    #[must_use]
    pub fn element(element: Element<'t>, type_name: Option<&'t str>) -> Self {
        Self::Element { element, type_name: element.resource_type().or(type_name) }
    }

    /// The element, where the item is one.
    #[must_use]
    pub fn as_element(&self) -> Option<Element<'t>> {
        match self {
            Self::Element { element, .. } => Some(*element),
            _ => None,
        }
    }

    /// The qualified name of its type: `FHIR.HumanName`, `System.String`.
    #[must_use]
    pub fn type_name(&self) -> String {
        let TypeInfo { namespace, name } = self.type_info();
        format!("{namespace}.{name}")
    }

    pub(super) fn type_info(&self) -> TypeInfo {
        match self {
            Self::Element { element, type_name } => {
                let name = type_name.unwrap_or_else(|| super::convert::guess(*element));
                // a backbone element has a path, and its type no name of its own
                let name = if name.contains('.') { "BackboneElement" } else { name };
                TypeInfo { namespace: "FHIR", name: name.to_owned() }
            }
            system => TypeInfo { namespace: "System", name: system.system_type().to_owned() },
        }
    }

    /// The name of its System type; an element has none.
    pub(super) fn system_type(&self) -> &'static str {
        match self {
            Self::Element { .. } => "Element",
            Self::Boolean(_) => "Boolean",
            Self::Integer(_) => "Integer",
            Self::Decimal(_) => "Decimal",
            Self::String(_) => "String",
            Self::Date(_) => "Date",
            Self::DateTime(_) => "DateTime",
            Self::Time(_) => "Time",
            Self::Quantity(_) => "Quantity",
            Self::Type(_) => "TypeInfo",
        }
    }

    /// How an error message names it.
    pub(super) fn describe(&self) -> String {
        format!("{} ({self})", self.type_name())
    }
}

impl From<Quantity> for Item<'_> {
    fn from(quantity: Quantity) -> Self {
        Self::Quantity(Arc::new(quantity))
    }
}

impl From<String> for Item<'_> {
    fn from(text: String) -> Self {
        Self::String(text.into())
    }
}

impl From<bool> for Item<'_> {
    fn from(value: bool) -> Self {
        Self::Boolean(value)
    }
}

impl Display for Item<'_> {
    /// The value as `toString()` gives it; for an element without a value, its path.
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Element { element, .. } => match element.value() {
                Some(value) => formatter.write_str(value),
                None => formatter.write_str(&element.path()),
            },
            Self::Boolean(value) => write!(formatter, "{value}"),
            Self::Integer(value) => write!(formatter, "{value}"),
            Self::Decimal(value) => write!(formatter, "{value}"),
            Self::String(value) => formatter.write_str(value),
            Self::Date(value) => write!(formatter, "{value}"),
            Self::DateTime(value) => write!(formatter, "{value}"),
            Self::Time(value) => write!(formatter, "{value}"),
            Self::Quantity(value) => write!(formatter, "{value}"),
            Self::Type(value) => write!(formatter, "{}.{}", value.namespace, value.name),
        }
    }
}

/// A collection of one item.
pub(super) fn one<'t>(item: impl Into<Item<'t>>) -> Collection<'t> {
    let mut collection = Collection::new();
    collection.push(item.into());
    collection
}

/// A collection of one item or none.
pub(super) fn optional<'t>(item: Option<impl Into<Item<'t>>>) -> Collection<'t> {
    item.into_iter().map(Into::into).collect()
}
