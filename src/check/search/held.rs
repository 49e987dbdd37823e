//! What a resource has for a parameter.

use std::borrow::Cow;

use crate::fhir::Element;
use crate::fhirpath::{Context, Expression, Item};
use crate::validate::SchemaSet;

/// One value: an element with its type, or what an expression made (`deceased.exists()`).
#[derive(Debug, Clone)]
pub(super) struct Held<'t> {
    /// The element; an expression's own answer has none.
    pub(super) element: Option<Element<'t>>,
    /// The primitive value.
    pub(super) value: Option<Cow<'t, str>>,
    /// The name of its FHIR type, as far as it is known.
    pub(super) type_name: String,
}

impl<'t> Held<'t> {
    /// All that an expression finds in an item.
    ///
    /// # Errors
    /// The expression cannot be evaluated.
    pub(super) fn all(
        expression: &Expression,
        schemas: &'t SchemaSet,
        item: Item<'t>,
    ) -> Result<Vec<Self>, String> {
        let found = expression.evaluate(&Context::new(schemas), item);
        let items = found.map_err(|error| format!("its expression could not be evaluated: {error}"))?;
        Ok(items.iter().map(Self::of).collect())
    }

    fn of(item: &Item<'t>) -> Self {
        let type_name = item.type_name();
        let type_name = type_name.strip_prefix("FHIR.").unwrap_or(&type_name).to_owned();
        let element = item.as_element();
        let value = match element {
            Some(element) => element.value().map(Cow::Borrowed),
            None => Some(Cow::Owned(item.to_string())),
        };
        Self { element, value, type_name }
    }

    /// The primitive value of a child.
    pub(super) fn text(&self, name: &str) -> Option<&'t str> {
        self.element?.text(name)
    }

    /// The children of one name.
    pub(super) fn children(&self, name: &'static str) -> impl Iterator<Item = Element<'t>> + use<'t> {
        self.element.into_iter().flat_map(move |element| element.children_named(name))
    }

    pub(super) fn is_a(&self, type_name: &str) -> bool {
        self.type_name == type_name
    }

    /// The item to go on from, where it is an element.
    pub(super) fn item(&self) -> Option<Item<'t>> {
        self.element.map(|element| Item::element(element, None))
    }
}
