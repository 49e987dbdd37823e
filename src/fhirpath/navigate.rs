//! From an element to its children, with their types.

use super::evaluate::{Evaluator, Outcome};
use super::item::{Collection, Item, Text};
use super::names::Names;
use super::types::is_a;
use crate::fhir::{DATA_TYPES, Element};

impl<'t> Evaluator<'_, 't> {
    /// The children of an item under a name of the definitions: `value` finds `valueQuantity`.
    pub(super) fn member(&self, item: &Item<'t>, name: &str, found: &mut Collection<'t>) -> Outcome<()> {
        match item {
            Item::Element { element, type_name } => {
                for (child, suffix) in called(*element, name) {
                    if let Some(item) = self.typed_child(*type_name, child, name, suffix) {
                        self.spend(1)?;
                        found.push(item);
                    }
                }
            }
            Item::Type(info) => match name {
                "name" => found.push(Item::from(info.name.clone())),
                "namespace" => found.push(Item::String(Text::Borrowed(info.namespace))),
                "baseType" if info.namespace == "System" => found.push(Item::from("System.Any".to_owned())),
                "baseType" => {
                    let base = self.model().base_type(&info.name);
                    found.extend(base.map(|base| Item::from(format!("{}.{base}", info.namespace))));
                }
                _ => {}
            },
            _ => {}
        }
        Ok(())
    }

    /// Whether an item has a child under a name of the definitions.
    pub(super) fn has_member(&self, item: &Item<'t>, name: &str) -> bool {
        let Item::Element { element, type_name } = item else {
            let mut found = Collection::new();
            return self.member(item, name, &mut found).is_ok() && !found.is_empty();
        };
        // `valueQuantity` is no name of a definition; a name all in small letters can be no other
        let is_plain = !name.bytes().any(|letter| letter.is_ascii_uppercase());
        called(*element, name).any(|(child, suffix)| {
            (is_plain && suffix.is_empty()) || self.typed_child(*type_name, child, name, suffix).is_some()
        })
    }

    /// The same at the start of a path, where the name may be that of the type.
    pub(super) fn has_root_member(&self, item: &Item<'t>, name: &str) -> bool {
        self.is_type_of(item, name) || (!self.is_lacking(item, name) && self.has_member(item, name))
    }

    /// Whether the focus certainly has no such child. Of other elements too few children are asked for.
    fn is_lacking(&self, item: &Item<'t>, name: &str) -> bool {
        let Some(element) = item.as_element().filter(|_| self.is_focus(item)) else { return false };
        Names::one(name).is_apart_from(self.context.names(element))
    }

    /// The child as an item, where `name` is what its definition calls it.
    fn typed_child(
        &self,
        parent_type: Option<&'t str>,
        child: Element<'t>,
        name: &str,
        suffix: &'t str,
    ) -> Option<Item<'t>> {
        let known = parent_type.and_then(|parent| self.context.child(parent, child.name()));
        match known {
            Some(known) if known.name == name => Some(Item::element(child, Some(known.type_name))),
            Some(_) => None,
            None if suffix.is_empty() => Some(Item::element(child, inherited(child.name()))),
            None => {
                let type_name = data_type(suffix)?;
                Some(Item::element(child, Some(type_name)))
            }
        }
    }

    /// A child with its type, whatever it is called.
    fn any_child(&self, parent_type: Option<&'t str>, child: Element<'t>) -> Item<'t> {
        let known = parent_type.and_then(|parent| self.context.child(parent, child.name()));
        let type_name = known.map(|known| known.type_name).or_else(|| inherited(child.name()));
        Item::element(child, type_name)
    }

    /// All children of an item. The markup of a narrative is a value, not children.
    pub(super) fn children(&self, item: &Item<'t>, found: &mut Collection<'t>) -> Outcome<()> {
        if let Item::Element { element, type_name } = item {
            for child in element.children() {
                self.spend(1)?;
                found.push(self.any_child(*type_name, child));
            }
        }
        Ok(())
    }

    /// All that is below an item, parents before their children.
    pub(super) fn descendants(&self, item: &Item<'t>, found: &mut Collection<'t>) -> Outcome<()> {
        // elements nest no deeper than fhir::MAX_DEPTH
        if let Item::Element { element, type_name } = item {
            for child in element.children() {
                self.spend(1)?;
                let child = self.any_child(*type_name, child);
                found.push(child.clone());
                self.descendants(&child, found)?;
            }
        }
        Ok(())
    }

    /// A name at the start of a path: the type of the focus, or one of its children.
    pub(super) fn root_member(&self, item: &Item<'t>, name: &str, found: &mut Collection<'t>) -> Outcome<()> {
        if self.is_type_of(item, name) {
            found.push(item.clone());
            return Ok(());
        }
        if self.is_lacking(item, name) { Ok(()) } else { self.member(item, name, found) }
    }

    /// Whether a name is that of the item's type.
    fn is_type_of(&self, item: &Item<'t>, name: &str) -> bool {
        let may_be_type = name.starts_with(|first: char| first.is_ascii_uppercase());
        match item {
            Item::Element { type_name: Some(type_name), .. } => {
                may_be_type && is_a(self.model(), type_name, name)
            }
            _ => false,
        }
    }
}

/// The children that may be meant by a name of a definition, each with what its own name has beyond that.
fn called<'t>(element: Element<'t>, name: &str) -> impl Iterator<Item = (Element<'t>, &'t str)> {
    let is_type =
        |beyond: &str| beyond.is_empty() || beyond.starts_with(|first: char| first.is_ascii_uppercase());
    element.children_beginning(name).filter(move |(_, beyond)| is_type(beyond))
}

/// The types of children that every element or resource has.
fn inherited(name: &str) -> Option<&'static str> {
    match name {
        "extension" | "modifierExtension" => Some("Extension"),
        "id" => Some("id"),
        "meta" => Some("Meta"),
        _ => None,
    }
}

/// The type that the rest of a choice element's name tells.
fn data_type(suffix: &str) -> Option<&'static str> {
    DATA_TYPES.into_iter().find(|name| {
        name.len() == suffix.len() && name[1..] == suffix[1..] && name[..1].eq_ignore_ascii_case(&suffix[..1])
    })
}
