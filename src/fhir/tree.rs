//! The tree: every element of a resource in one arena, with its place in the source.

use std::sync::{Arc, OnceLock};

use super::bundle_index::BundleIndexes;
use super::position::PositionIndex;
use super::text::Text;
use super::{Defect, DefectKind, Element, Format, ParseError, Position};

/// No node: the parent of the root, the sibling of the last.
pub(super) const NONE: u32 = u32::MAX;

/// How a value was written, which JSON tells and XML does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScalarKind {
    /// A JSON string.
    String,
    /// A JSON number; its digits are kept as they were written.
    Number,
    /// A JSON boolean.
    Boolean,
    /// An XML attribute, which can stand for any primitive.
    Attribute,
    /// The narrative of an XML resource, markup and all.
    Xhtml,
}

/// What stands at an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing but its children: a JSON object, an XML element without `value`.
    Object,
    /// The same, of a resource; its type is the text of the node.
    Resource,
    /// A JSON null.
    Null,
    /// No value, only the id and extensions that JSON writes in `_name`.
    Absent,
    /// A primitive value.
    Scalar(ScalarKind),
}

/// Whether an element was written as an item of a JSON array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InArray {
    No,
    First,
    Later,
}

/// One element. Small, because reading a node is mostly fetching it from memory.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) name: Text,
    /// The value of a [`Kind::Scalar`], the type of a [`Kind::Resource`].
    pub(super) text: Text,
    pub(super) parent: u32,
    pub(super) first_child: u32,
    pub(super) next_sibling: u32,
    /// Index among the siblings of the same name.
    pub(super) index: u32,
    pub(super) offset: u32,
    pub(super) kind: Kind,
    pub(super) in_array: InArray,
}

/// A parent whose children are being added.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parent {
    pub(super) id: u32,
    pub(super) last_child: u32,
}

impl Parent {
    /// A node that has no child yet.
    pub(super) fn new(id: u32) -> Self {
        Self { id, last_child: NONE }
    }
}

/// A resource (or a fragment) as written in JSON or XML: read-only, lossless, one allocation for
/// all its nodes.
#[derive(Debug, Clone)]
pub struct Tree {
    pub(super) source: Arc<str>,
    /// Texts that are not in the source as they are: those with escapes.
    pub(super) unescaped: String,
    pub(super) format: Format,
    pub(super) nodes: Vec<Node>,
    pub(super) defects: Vec<Defect>,
    more_defects: bool,
    positions: OnceLock<PositionIndex>,
    /// The entries of the Bundles in it, once somebody follows a reference.
    pub(super) bundles: OnceLock<BundleIndexes>,
}

/// How many defects of one text are kept; a hostile one can hold millions.
const MAX_DEFECTS: usize = 1000;
/// Up to how many bytes a text is short.
const SHORT: usize = 32 * 1024;
/// How many bytes of source an element takes, where they are many.
const BYTES_PER_NODE: usize = 24;

impl Tree {
    /// An empty tree over a text, which must not be longer than an offset can say.
    pub(super) fn new(source: &str, format: Format) -> Result<Self, ParseError> {
        if source.len() > Text::MAX_LENGTH {
            let message = format!("the text is longer than {} bytes", Text::MAX_LENGTH);
            return Err(ParseError::at(format, "", 0, message));
        }
        Ok(Self {
            source: source.into(),
            unescaped: String::new(),
            format,
            nodes: Vec::with_capacity(source.len() / BYTES_PER_NODE + 1),
            defects: Vec::new(),
            more_defects: false,
            positions: OnceLock::new(),
            bundles: OnceLock::new(),
        })
    }

    /// The format that it was read from.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// The text that it was read from, without a byte order mark.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The outermost element.
    #[must_use]
    pub fn root(&self) -> Element<'_> {
        Element { tree: self, id: 0 }
    }

    /// Whether there are more defects than are kept.
    #[must_use]
    pub fn has_more_defects(&self) -> bool {
        self.more_defects
    }

    /// What is wrong in how it was written, in the order of the source, with the element concerned.
    pub fn defects(&self) -> impl Iterator<Item = (Element<'_>, Position, &Defect)> {
        self.defects.iter().map(|defect| {
            let element = Element { tree: self, id: defect.node };
            (element, self.position(defect.offset), defect)
        })
    }

    /// The position of a byte of the source.
    pub(super) fn position(&self, offset: u32) -> Position {
        let offset = offset as usize;
        // Few of a short text's positions are asked for, and are sooner counted than looked up.
        if self.source.len() <= SHORT {
            return Position::of(&self.source, offset);
        }
        self.positions.get_or_init(|| PositionIndex::new(&self.source)).of(&self.source, offset)
    }

    /// The element with the number that [`Element::id`] gave.
    #[must_use]
    pub fn element(&self, id: u32) -> Option<Element<'_>> {
        ((id as usize) < self.nodes.len()).then_some(Element { tree: self, id })
    }

    pub(super) fn text(&self, text: Text) -> &str {
        text.of(&self.source, &self.unescaped)
    }

    pub(super) fn node(&mut self, id: u32) -> &mut Node {
        &mut self.nodes[id as usize]
    }

    /// Adds a node without children or value as the root.
    pub(super) fn add_root(&mut self, name: Text, offset: usize) -> u32 {
        self.push(NONE, name, offset)
    }

    /// Adds a node without children or value as the last child of `parent`.
    pub(super) fn add(&mut self, parent: &mut Parent, name: Text, offset: usize) -> u32 {
        let id = self.push(parent.id, name, offset);
        self.link(parent, id);
        id
    }

    /// Makes a node the last child of `parent`.
    pub(super) fn link(&mut self, parent: &mut Parent, id: u32) {
        if parent.last_child == NONE {
            self.node(parent.id).first_child = id;
        } else {
            self.node(parent.last_child).next_sibling = id;
        }
        parent.last_child = id;
    }

    /// Adds a node that nothing leads to yet.
    pub(super) fn push(&mut self, parent: u32, name: Text, offset: usize) -> u32 {
        let id = number(self.nodes.len());
        self.nodes.push(Node {
            name,
            text: Text::EMPTY,
            parent,
            first_child: NONE,
            next_sibling: NONE,
            index: 0,
            offset: number(offset),
            kind: Kind::Object,
            in_array: InArray::No,
        });
        id
    }

    pub(super) fn defect(&mut self, kind: DefectKind, node: u32, offset: usize, name: impl Into<String>) {
        if self.defects.len() >= MAX_DEFECTS {
            self.more_defects = true;
            return;
        }
        self.defects.push(Defect { kind, node, offset: number(offset), name: name.into() });
    }
}

/// An offset or a number of nodes, which [`Text::MAX_LENGTH`] bounds.
fn number(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(NONE)
}
