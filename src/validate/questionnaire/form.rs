//! A Questionnaire as a form: its items, whichever release it is written in.

use std::collections::HashMap;

use crate::fhir::Element;

use super::value::Value;

/// One item of a Questionnaire.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Item<'q>(pub(super) Element<'q>);

impl<'q> Item<'q> {
    /// Its name within the Questionnaire.
    pub(super) fn link_id(self) -> &'q str {
        self.0.text("linkId").unwrap_or_default()
    }

    /// Its type: `group`, `display`, or a kind of question.
    pub(super) fn kind(self) -> &'q str {
        self.0.text("type").unwrap_or_default()
    }

    pub(super) fn is_group(self) -> bool {
        self.kind() == "group"
    }

    pub(super) fn is_display(self) -> bool {
        self.kind() == "display"
    }

    pub(super) fn is_required(self) -> bool {
        self.0.text("required") == Some("true")
    }

    pub(super) fn repeats(self) -> bool {
        self.0.text("repeats") == Some("true")
    }

    /// The items directly below it.
    pub(super) fn items(self) -> Vec<Item<'q>> {
        items(self.0)
    }

    /// The answers listed to choose from: R4's `answerOption`, STU3's `option`.
    pub(super) fn options(self) -> impl Iterator<Item = Element<'q>> {
        self.0.children().filter(|child| matches!(child.name(), "answerOption" | "option"))
    }

    /// The value set of the answers: R4's `answerValueSet`, STU3's `options`.
    pub(super) fn value_set(self) -> Option<&'q str> {
        self.0.text("answerValueSet").or_else(|| self.0.child("options")?.text("reference"))
    }

    /// The values of its extensions of one kind.
    pub(super) fn extensions(self, url: &str) -> impl Iterator<Item = Value<'q>> {
        extensions(self.0, url)
    }

    /// The value of its first extension of one kind.
    pub(super) fn extension(self, url: &str) -> Option<Value<'q>> {
        self.extensions(url).next()
    }

    /// A whole number that one of its extensions gives.
    pub(super) fn number(self, url: &str) -> Option<usize> {
        self.extension(url)?.written().parse().ok()
    }
}

/// The values of the extensions of an element of one kind.
pub(super) fn extensions<'q>(element: Element<'q>, url: &str) -> impl Iterator<Item = Value<'q>> {
    element
        .children_named("extension")
        .filter(move |extension| extension.text("url") == Some(url))
        .filter_map(|extension| Value::of(extension, "value"))
}

/// The items directly below the form or an item of it.
pub(super) fn items(parent: Element<'_>) -> Vec<Item<'_>> {
    parent.children_named("item").map(Item).collect()
}

/// The items of a form by their name, each with its place in the order of reading.
pub(super) struct Form<'q> {
    pub(super) root: Element<'q>,
    by_link_id: HashMap<&'q str, (usize, Item<'q>)>,
}

impl<'q> Form<'q> {
    pub(super) fn new(root: Element<'q>) -> Self {
        let mut by_link_id = HashMap::new();
        for (place, item) in all_items(root).enumerate() {
            by_link_id.entry(item.link_id()).or_insert((place, item));
        }
        Self { root, by_link_id }
    }

    pub(super) fn item(&self, link_id: &str) -> Option<Item<'q>> {
        self.by_link_id.get(link_id).map(|(_, item)| *item)
    }

    /// How many items are read before this one.
    pub(super) fn place(&self, link_id: &str) -> Option<usize> {
        self.by_link_id.get(link_id).map(|(place, _)| *place)
    }
}

/// All items of a form, each before those below it.
pub(super) fn all_items(root: Element<'_>) -> impl Iterator<Item = Item<'_>> {
    let mut waiting: Vec<Item<'_>> = items(root);
    waiting.reverse();
    std::iter::from_fn(move || {
        let item = waiting.pop()?;
        waiting.extend(item.items().into_iter().rev());
        Some(item)
    })
}
