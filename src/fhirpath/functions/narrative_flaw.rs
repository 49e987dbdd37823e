//! What is wrong with a narrative, and where in it.

use roxmltree::{Document, Node, TextPos};

use super::narrative::{
    NAMESPACE, is_allowed_attribute, is_allowed_element, is_script, without_named_entities,
};
use crate::fhir::Position;

/// The first thing that is wrong with a narrative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NarrativeFlaw {
    /// In words: `the element `script` is not allowed`.
    pub what: String,
    /// Where, within the narrative.
    pub position: Position,
    /// What to do about it.
    pub remedy: &'static str,
}

impl NarrativeFlaw {
    /// What is wrong with a narrative; nothing if it is allowed.
    #[must_use]
    pub fn of(markup: &str) -> Option<Self> {
        let markup = without_named_entities(markup);
        let document = match Document::parse(&markup) {
            Ok(document) => document,
            Err(error) => {
                let TextPos { row: line, col: column } = error.pos();
                let what = "it is not well-formed XML, or has a document type".to_owned();
                let remedy = "well-formed XHTML: each tag closed, `&` and `<` escaped, no document type";
                return Some(Self { what, position: Position { line, column }, remedy });
            }
        };
        let root = document.root_element();
        let mut says_something = false;
        for node in root.descendants() {
            if node.is_element() {
                says_something |= node.tag_name().name() == "img";
                if let Some(flaw) = element_flaw(node) {
                    return Some(flaw);
                }
            } else if node.is_pi() {
                let what = "a processing instruction is not allowed".to_owned();
                return Some(Self::at(
                    node,
                    node.range().start,
                    what,
                    "the narrative without it: take it out",
                ));
            } else if node.is_text() {
                says_something |= node.text().is_some_and(|text| !text.trim().is_empty());
            }
        }
        if root.tag_name().name() != "div" {
            let what = format!("the outermost element is `{}`", root.tag_name().name());
            return Some(Self::at(root, root.range().start, what, "one `div` around all"));
        }
        (!says_something).then(|| {
            let what = "there is nothing to read".to_owned();
            Self::at(root, root.range().start, what, "text or an image, or no narrative at all")
        })
    }

    fn at(node: Node<'_, '_>, offset: usize, what: String, remedy: &'static str) -> Self {
        let TextPos { row: line, col: column } = node.document().text_pos_at(offset);
        Self { what, position: Position { line, column }, remedy }
    }
}

fn element_flaw(node: Node<'_, '_>) -> Option<NarrativeFlaw> {
    let name = node.tag_name().name();
    if node.tag_name().namespace() != Some(NAMESPACE) {
        let what = format!("the element `{name}` is not of the namespace {NAMESPACE}");
        let remedy = "xmlns=\"http://www.w3.org/1999/xhtml\" on the outermost `div`, and no other namespace";
        return Some(NarrativeFlaw::at(node, node.range().start, what, remedy));
    }
    if !is_allowed_element(name) {
        let what = format!("the element `{name}` is not allowed");
        let remedy = "only elements of formatting, such as p, b, table, a, img: take it out, or put another in its place";
        return Some(NarrativeFlaw::at(node, node.range().start, what, remedy));
    }
    node.attributes().find_map(|attribute| {
        let own = attribute.name();
        let (what, remedy) = if !is_allowed_attribute(name, own) {
            (
                format!("the attribute `{own}` is not allowed on `{name}`"),
                "the element without it: take it out",
            )
        } else if matches!(own, "href" | "src") && is_script(attribute.value()) {
            (format!("the `{own}` of `{name}` is a script"), "an address of a page or image, or no link")
        } else {
            return None;
        };
        Some(NarrativeFlaw::at(node, attribute.range().start, what, remedy))
    })
}
