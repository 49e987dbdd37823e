//! The children of an element by name: one pass over an instance, one look into the definitions a name.

use smallvec::SmallVec;

use crate::fhir::Element;
use crate::profile::{ElementSchema, TypeLink};

use super::walk::Layer;

/// The values of one name, with what the layers know of them.
#[derive(Debug)]
pub(super) struct Group<'a> {
    pub(super) first: Element<'a>,
    pub(super) count: usize,
    /// Whether others stand between them, as XML allows its reader to find.
    is_scattered: bool,
    pub(super) known: SmallVec<[Known<'a>; 2]>,
}

/// What one layer knows of a name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) layer: Layer<'a>,
    /// The type that the name tells of a choice, or the one type that there is.
    pub(super) link: Option<&'a TypeLink>,
}

impl<'a> Group<'a> {
    /// Adds the groups of an element's children; gives those that no layer knows to `unknown`.
    pub(super) fn collect(
        parent: Element<'a>,
        contents: &[Layer<'a>],
        groups: &mut Vec<Self>,
        mut unknown: impl FnMut(Element<'a>),
    ) {
        let start = groups.len();
        let mut last: Option<(Element<'a>, Option<usize>)> = None;
        for child in parent.children() {
            let place = match last {
                Some((other, place)) if other.has_name_of(child) => place,
                _ => Self::place(child, contents, start, groups),
            };
            match place {
                Some(place) => groups[place].count += 1,
                None => unknown(child),
            }
            last = Some((child, place));
        }
    }

    /// The group of a name that is not that of the child before.
    fn place(
        child: Element<'a>,
        contents: &[Layer<'a>],
        start: usize,
        groups: &mut Vec<Self>,
    ) -> Option<usize> {
        let name = child.name();
        let known = |content: &Layer<'a>| {
            let (element, link) = content.element.child_called(name)?;
            Some(Known { layer: Layer { schema: content.schema, element }, link })
        };
        let known: SmallVec<[Known<'a>; 2]> = contents.iter().filter_map(known).collect();
        let element = known.first()?.layer.element;
        let same = |group: &Self| group.is_of(element) && group.first.name() == name;
        if let Some(before) = groups[start..].iter().position(same) {
            groups[start + before].is_scattered = true;
            return Some(start + before);
        }
        groups.push(Self { first: child, count: 0, is_scattered: false, known });
        Some(groups.len() - 1)
    }

    /// Whether the values are of this element of a definition.
    pub(super) fn is_of(&self, element: &ElementSchema) -> bool {
        self.known.iter().any(|known| std::ptr::eq(known.layer.element, element))
    }

    pub(super) fn values(&self) -> impl Iterator<Item = Element<'a>> + use<'a> {
        let (first, is_scattered) = (self.first, self.is_scattered);
        let from_first = std::iter::successors(Some(first), |value| value.next_sibling());
        from_first.filter(move |value| !is_scattered || value.has_name_of(first)).take(self.count)
    }
}
