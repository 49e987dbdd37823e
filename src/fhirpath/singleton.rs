//! Singleton evaluation of collections (FHIRPath 2.0.0, section 4.5): where an operator or function
//! wants one value, a collection of one gives it, an empty one gives nothing, and several are an
//! error.

use std::fmt::Display;

use super::error::Fault;
use super::evaluate::{Evaluator, Outcome};
use super::item::{Collection, Item, Text};

/// The only item of a collection.
pub(super) fn single<'s, 't>(items: &'s [Item<'t>], what: impl Display) -> Outcome<Option<&'s Item<'t>>> {
    match items {
        [] => Ok(None),
        [item] => Ok(Some(item)),
        several => Err(Fault::invalid(format!("{what} must be one item, found {}", several.len()))),
    }
}

impl<'t> Evaluator<'_, 't> {
    /// The only item as a System value, where it has one.
    pub(super) fn value(
        &self,
        items: &Collection<'t>,
        what: impl Display + Copy,
    ) -> Outcome<Option<Item<'t>>> {
        Ok(single(items, what)?.and_then(|item| item.to_system(self.model())))
    }

    /// The only item as a Boolean; any other single item counts as true.
    pub(super) fn boolean(&self, items: &[Item<'t>], what: impl Display + Copy) -> Outcome<Option<bool>> {
        let Some(item) = single(items, what)? else { return Ok(None) };
        match item.to_system(self.model()) {
            Some(Item::Boolean(value)) => Ok(Some(value)),
            _ => Ok(Some(true)),
        }
    }

    /// The only item as an Integer.
    pub(super) fn integer(&self, items: &Collection<'t>, what: impl Display + Copy) -> Outcome<Option<i32>> {
        let Some(item) = single(items, what)? else { return Ok(None) };
        match item.to_system(self.model()) {
            Some(Item::Integer(value)) => Ok(Some(value)),
            _ => Err(Fault::invalid(format!("{what} must be an Integer, found {}", item.describe()))),
        }
    }

    /// The only item as a String.
    pub(super) fn string(
        &self,
        items: &Collection<'t>,
        what: impl Display + Copy,
    ) -> Outcome<Option<Text<'t>>> {
        let Some(item) = single(items, what)? else { return Ok(None) };
        match item.to_system(self.model()) {
            Some(Item::String(text)) => Ok(Some(text)),
            // a primitive with nothing but extensions has no value to work on
            None if item.as_element().is_some_and(is_bare_primitive) => Ok(None),
            _ => Err(Fault::invalid(format!("{what} must be a String, found {}", item.describe()))),
        }
    }
}

/// An element that has only what every element may have.
fn is_bare_primitive(element: crate::fhir::Element<'_>) -> bool {
    element.children().all(|child| matches!(child.name(), "id" | "extension"))
}
