//! The tree: every element of a resource in one arena, with its place in the source.

use std::sync::{Arc, OnceLock};

use super::position::PositionIndex;
use super::{Defect, Element, Format, Position};

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

/// A text that is either a part of the source or, where escapes were taken out, its own.
#[derive(Debug, Clone)]
pub(super) enum Text {
    Source { start: u32, end: u32 },
    Own(Box<str>),
}

#[derive(Debug, Clone)]
pub(super) struct Scalar {
    pub(super) kind: ScalarKind,
    pub(super) text: Text,
}

#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) name: Text,
    pub(super) value: Option<Scalar>,
    pub(super) resource_type: Option<Text>,
    pub(super) parent: u32,
    pub(super) first_child: u32,
    pub(super) last_child: u32,
    pub(super) next_sibling: u32,
    /// Index among the siblings of the same name.
    pub(super) index: u32,
    pub(super) offset: u32,
    /// Written as an item of a JSON array.
    pub(super) in_array: bool,
}

/// A resource (or a fragment) as written in JSON or XML: read-only, lossless, one allocation for
/// all its nodes.
#[derive(Debug, Clone)]
pub struct Tree {
    pub(super) source: Arc<str>,
    pub(super) format: Format,
    pub(super) nodes: Vec<Node>,
    pub(super) defects: Vec<Defect>,
    more_defects: bool,
    positions: OnceLock<PositionIndex>,
}

/// How many defects of one text are kept; a hostile one can hold millions.
const MAX_DEFECTS: usize = 1000;

impl Tree {
    pub(super) fn new(source: &str, format: Format) -> Self {
        Self {
            source: source.into(),
            format,
            nodes: Vec::new(),
            defects: Vec::new(),
            more_defects: false,
            positions: OnceLock::new(),
        }
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
        let index = self.positions.get_or_init(|| PositionIndex::new(&self.source));
        index.of(&self.source, offset as usize)
    }

    /// The element with the number that [`Element::id`] gave.
    #[must_use]
    pub fn element(&self, id: u32) -> Option<Element<'_>> {
        ((id as usize) < self.nodes.len()).then_some(Element { tree: self, id })
    }

    pub(super) fn text<'t>(&'t self, text: &'t Text) -> &'t str {
        match text {
            Text::Source { start, end } => &self.source[*start as usize..*end as usize],
            Text::Own(own) => own,
        }
    }

    /// Adds a node as the last child of `parent` (or as the root, where `parent` is [`NONE`]).
    pub(super) fn add(&mut self, parent: u32, name: Text, offset: usize, in_array: bool) -> u32 {
        let id = u32::try_from(self.nodes.len()).unwrap_or(NONE);
        self.nodes.push(Node {
            name,
            value: None,
            resource_type: None,
            parent,
            first_child: NONE,
            last_child: NONE,
            next_sibling: NONE,
            index: 0,
            offset: u32::try_from(offset).unwrap_or(NONE),
            in_array,
        });
        if parent != NONE {
            let previous = self.nodes[parent as usize].last_child;
            if previous == NONE {
                self.nodes[parent as usize].first_child = id;
            } else {
                self.nodes[previous as usize].next_sibling = id;
            }
            self.nodes[parent as usize].last_child = id;
        }
        id
    }

    pub(super) fn defect(
        &mut self,
        kind: super::DefectKind,
        node: u32,
        offset: usize,
        name: impl Into<String>,
    ) {
        if self.defects.len() >= MAX_DEFECTS {
            self.more_defects = true;
            return;
        }
        let offset = u32::try_from(offset).unwrap_or(NONE);
        self.defects.push(Defect { kind, node, offset, name: name.into() });
    }
}
