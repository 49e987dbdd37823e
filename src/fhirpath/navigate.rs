//! From an element to its children, with their types.

use super::evaluate::{Evaluator, Outcome};
use super::item::{Collection, Item, Text};
use super::types::is_a;
use crate::fhir::{DATA_TYPES, Element};

impl<'t> Evaluator<'_, 't> {
    /// The children of an item under a name of the definitions: `value` finds `valueQuantity`.
    pub(super) fn member(&self, item: &Item<'t>, name: &str, found: &mut Collection<'t>) -> Outcome<()> {
        match item {
            Item::Element { element, type_name } => {
                let mut exact = false;
                for child in element.children() {
                    let Some(suffix) = child.name().strip_prefix(name) else {
                        // elements of one name stand together; a bundle's type should not cost a
                        // look at each of its entries
                        if exact {
                            break;
                        }
                        continue;
                    };
                    exact |= suffix.is_empty();
                    if !suffix.is_empty() && !suffix.starts_with(|first: char| first.is_ascii_uppercase()) {
                        continue;
                    }
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

    /// The child as an item, where `name` is what its definition calls it.
    fn typed_child(
        &self,
        parent_type: Option<&'t str>,
        child: Element<'t>,
        name: &str,
        suffix: &'t str,
    ) -> Option<Item<'t>> {
        let known = parent_type.and_then(|parent| self.model().child(parent, child.name()));
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
        let known = parent_type.and_then(|parent| self.model().child(parent, child.name()));
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
        if let Item::Element { type_name: Some(type_name), .. } = item {
            let may_be_type = name.starts_with(|first: char| first.is_ascii_uppercase());
            if may_be_type && is_a(self.model(), type_name, name) {
                found.push(item.clone());
                return Ok(());
            }
        }
        self.member(item, name, found)
    }
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
