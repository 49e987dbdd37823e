//! One element of a tree: how the rest of Proofmark looks at a resource.

use super::tree::{InArray, Kind, NONE, Node};
use super::{Format, Position, ScalarKind, Tree};

/// A handle on one element, cheap to copy.
#[derive(Clone, Copy)]
pub struct Element<'t> {
    pub(super) tree: &'t Tree,
    pub(super) id: u32,
}

impl<'t> Element<'t> {
    pub(super) fn node(self) -> &'t Node {
        &self.tree.nodes[self.id as usize]
    }

    fn at(self, id: u32) -> Option<Self> {
        (id != NONE).then_some(Self { tree: self.tree, id })
    }

    /// The number of this element within its tree.
    #[must_use]
    pub fn id(self) -> u32 {
        self.id
    }

    /// The tree that it belongs to.
    #[must_use]
    pub fn tree(self) -> &'t Tree {
        self.tree
    }

    /// The name as written: `birthDate`, `valueQuantity`, and for a root its resource type.
    #[must_use]
    pub fn name(self) -> &'t str {
        self.tree.text(self.node().name)
    }

    /// Whether that is its name. Mostly it is not, and its length or first letter tells.
    #[must_use]
    pub fn is_called(self, name: &str) -> bool {
        let same = |own: &[u8], name: &[u8]| own.first() == name.first() && own == name;
        self.node().name.len() == name.len() && same(self.name().as_bytes(), name.as_bytes())
    }

    /// Whether its name begins so. Mostly it does not, and its length or first letter tells.
    fn begins_with(self, prefix: &[u8]) -> bool {
        let name = self.node().name;
        let name = || self.tree.text(name).as_bytes();
        self.node().name.len() >= prefix.len()
            && name().first() == prefix.first()
            && name().starts_with(prefix)
    }

    /// Its children whose names begin so, each with what its name has beyond that. Those of one name stand
    /// together: with the first other name after `prefix` itself, the search ends.
    pub fn children_beginning(self, prefix: &str) -> impl Iterator<Item = (Self, &'t str)> + use<'t, '_> {
        let mut children = self.children();
        let mut is_found = false;
        std::iter::from_fn(move || {
            for child in children.by_ref() {
                if child.begins_with(prefix.as_bytes()) {
                    let beyond = child.name().get(prefix.len()..).unwrap_or_default();
                    is_found |= beyond.is_empty();
                    return Some((child, beyond));
                }
                if is_found {
                    return None;
                }
            }
            None
        })
    }

    /// Whether both have the same name. Quick for the items of one JSON array, whose name is written once.
    #[must_use]
    pub fn has_name_of(self, other: Self) -> bool {
        self.node().name.is_same_place(other.node().name) || self.is_called(other.name())
    }

    /// Whether it is what JSON wrote in `_name`, and fits no `name`: a defect, kept under the name `_name`.
    #[must_use]
    pub fn is_stray_sibling(self) -> bool {
        self.tree.format == Format::Json && super::json::is_sibling(self.name())
    }

    /// The resource type, where this element is a resource (the root, a contained one, an entry's).
    #[must_use]
    pub fn resource_type(self) -> Option<&'t str> {
        (self.node().kind == Kind::Resource).then(|| self.tree.text(self.node().text))
    }

    /// The primitive value as written, escapes taken out; digits and spelling are kept.
    #[must_use]
    pub fn value(self) -> Option<&'t str> {
        matches!(self.node().kind, Kind::Scalar(_)).then(|| self.tree.text(self.node().text))
    }

    /// How the primitive value was written.
    #[must_use]
    pub fn scalar_kind(self) -> Option<ScalarKind> {
        match self.node().kind {
            Kind::Scalar(kind) => Some(kind),
            _ => None,
        }
    }

    /// The element around it.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        self.at(self.node().parent)
    }

    /// The child of its parent that comes after it.
    #[must_use]
    pub fn next_sibling(self) -> Option<Self> {
        self.at(self.node().next_sibling)
    }

    /// Its children, in the order of the source; those of one JSON array stand together.
    #[must_use]
    pub fn children(self) -> Children<'t> {
        Children { next: self.at(self.node().first_child) }
    }

    /// Its children of one name.
    pub fn children_named(self, name: &str) -> impl Iterator<Item = Self> + use<'t, '_> {
        self.children().filter(move |child| child.is_called(name))
    }

    /// Its first child of one name.
    #[must_use]
    pub fn child(self, name: &str) -> Option<Self> {
        self.children().find(|child| child.is_called(name))
    }

    /// The primitive value of its first child of one name.
    #[must_use]
    pub fn text(self, name: &str) -> Option<&'t str> {
        self.child(name)?.value()
    }

    /// The element itself and all below it, in the order of the source.
    pub fn descendants(self) -> impl Iterator<Item = Self> + use<'t> {
        let mut stack = vec![self];
        std::iter::from_fn(move || {
            let next = stack.pop()?;
            let start = stack.len();
            stack.extend(next.children());
            stack[start..].reverse();
            Some(next)
        })
    }

    /// Whether it is `ancestor`, or somewhere below it.
    #[must_use]
    pub fn is_within(self, ancestor: Self) -> bool {
        self == ancestor || self.parent().is_some_and(|parent| parent.is_within(ancestor))
    }

    /// The nearest resource around it, or itself.
    #[must_use]
    pub fn resource(self) -> Self {
        let mut element = self;
        while element.resource_type().is_none() {
            match element.parent() {
                Some(parent) => element = parent,
                None => break,
            }
        }
        element
    }

    /// Index among its siblings of the same name.
    #[must_use]
    pub fn index(self) -> usize {
        self.node().index as usize
    }

    /// Whether it was written as an item of a JSON array.
    #[must_use]
    pub fn in_array(self) -> bool {
        self.node().in_array != InArray::No
    }

    /// Where its value begins in the source.
    #[must_use]
    pub fn position(self) -> Position {
        self.tree.position(self.node().offset)
    }

    /// Its path in FHIRPath form, from the root: `Bundle.entry[2].resource.name[0].family`.
    #[must_use]
    pub fn path(self) -> String {
        let Some(parent) = self.parent() else {
            return self.resource_type().unwrap_or(self.name()).to_owned();
        };
        let mut path = parent.path();
        path.push('.');
        path.push_str(self.name());
        let repeats =
            self.in_array() || self.index() > 0 || parent.children_named(self.name()).nth(1).is_some();
        if repeats {
            use std::fmt::Write as _;
            let _ = write!(path, "[{}]", self.index());
        }
        path
    }

    /// Whether both hold the same value and, in any order of names, the same children.
    #[must_use]
    pub fn same_content(self, other: Element<'_>) -> bool {
        let mut twins = other.children();
        self.value() == other.value()
            && self.resource_type() == other.resource_type()
            && self.children().count() == other.children().count()
            && self.children().all(|child| {
                let same = |twin: &Element<'_>| twin.name() == child.name() && twin.index() == child.index();
                // Mostly both have the same order, and nothing has to be searched.
                let twin = twins.next().filter(same).or_else(|| other.children().find(same));
                twin.is_some_and(|twin| child.same_content(twin))
            })
    }
}

impl PartialEq for Element<'_> {
    /// The same element of the same tree, not merely an equal one.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.tree, other.tree) && self.id == other.id
    }
}

impl std::fmt::Debug for Element<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}", self.path())?;
        match self.value() {
            Some(value) => write!(formatter, " = {value:?}"),
            None => Ok(()),
        }
    }
}

/// The children of an element, one after another.
#[derive(Debug, Clone)]
pub struct Children<'t> {
    next: Option<Element<'t>>,
}

impl<'t> Iterator for Children<'t> {
    type Item = Element<'t>;

    fn next(&mut self) -> Option<Self::Item> {
        let current = self.next?;
        self.next = current.next_sibling();
        Some(current)
    }
}
