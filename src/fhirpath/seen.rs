//! Which items were met before: what keeps sets of thousands of items from comparing each with each.

use std::collections::HashSet;

use rust_decimal::Decimal;

use super::evaluate::{Evaluator, Outcome};
use super::item::{Item, Text};

/// A set of items under `=`.
#[derive(Default)]
pub(super) struct Seen<'t> {
    keys: HashSet<Key<'t>>,
    /// Items whose equality is not that of a key: dates of differing precision, quantities of
    /// differing units, elements with children.
    others: Vec<Item<'t>>,
}

/// Values of different kinds are never equal, and those of one kind only when their keys are.
#[derive(PartialEq, Eq, Hash)]
enum Key<'t> {
    Boolean(bool),
    Number(Decimal),
    String(Text<'t>),
    /// The address of the tree and the number of the element in it.
    Element(usize, u32),
}

impl<'t> Seen<'t> {
    /// The set of the items.
    pub(super) fn of(evaluator: &Evaluator<'_, 't>, items: &[Item<'t>]) -> Outcome<Self> {
        let mut seen = Self::default();
        for item in items {
            seen.insert(evaluator, item)?;
        }
        Ok(seen)
    }

    /// Adds an item; whether it is new.
    pub(super) fn insert(&mut self, evaluator: &Evaluator<'_, 't>, item: &Item<'t>) -> Outcome<bool> {
        evaluator.spend(1)?;
        if let Some(key) = value_key(evaluator, item) {
            return Ok(self.keys.insert(key));
        }
        let new = !self.contains_other(evaluator, item)?;
        if new {
            self.others.push(item.clone());
        }
        Ok(new)
    }

    /// Adds an item, where an element is equal to no other element, be it a twin.
    pub(super) fn insert_same(&mut self, evaluator: &Evaluator<'_, 't>, item: &Item<'t>) -> Outcome<bool> {
        let Some(element) = item.as_element() else { return self.insert(evaluator, item) };
        evaluator.spend(1)?;
        Ok(self.keys.insert(Key::Element(std::ptr::from_ref(element.tree()).addr(), element.id())))
    }

    /// Whether an equal item is in the set.
    pub(super) fn contains(&self, evaluator: &Evaluator<'_, 't>, item: &Item<'t>) -> Outcome<bool> {
        evaluator.spend(1)?;
        match value_key(evaluator, item) {
            Some(key) => Ok(self.keys.contains(&key)),
            None => self.contains_other(evaluator, item),
        }
    }

    fn contains_other(&self, evaluator: &Evaluator<'_, 't>, item: &Item<'t>) -> Outcome<bool> {
        evaluator.spend(self.others.len())?;
        Ok(self.others.iter().any(|other| evaluator.equal_items(item, other) == Some(true)))
    }
}

fn value_key<'t>(evaluator: &Evaluator<'_, 't>, item: &Item<'t>) -> Option<Key<'t>> {
    match item.to_system(evaluator.model())? {
        Item::Boolean(value) => Some(Key::Boolean(value)),
        Item::Integer(value) => Some(Key::Number(value.into())),
        Item::Decimal(value) => Some(Key::Number(value)),
        Item::String(value) => Some(Key::String(value)),
        _ => None,
    }
}
