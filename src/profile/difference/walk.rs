//! Walks two trees of elements together.

use std::borrow::Cow;
use std::sync::Arc;

use super::types::Sets;
use super::{
    Aspect, Change, Direction, ElementDifference, Gap, Presence, binding, cardinality, constraint, flag,
    slicing, types, value,
};
use crate::profile::SchemaSet;
use crate::profile::definition::TypeReference;
use crate::profile::snapshot::Node;

/// One version: its tree and where its types are found.
#[derive(Clone, Copy)]
pub(super) struct Side<'s> {
    pub(super) set: &'s SchemaSet,
    pub(super) root: &'s Arc<Node>,
}

/// What was found on the way.
pub(super) struct Walk<'s> {
    pub(super) older: Side<'s>,
    pub(super) newer: Side<'s>,
    pub(super) differences: Vec<ElementDifference>,
    pub(super) gaps: Vec<Gap>,
}

impl<'s> Walk<'s> {
    pub(super) fn new(older: Side<'s>, newer: Side<'s>) -> Self {
        Self { older, newer, differences: Vec::new(), gaps: Vec::new() }
    }

    /// Compares two elements and all below them.
    pub(super) fn compare(&mut self, id: &str, older: &Node, newer: &Node) {
        let changes = self.changes(id, older, newer);
        self.add(id, Presence::Both, changes);
        // What is said of an element that may not be there says nothing.
        if cardinality::is_prohibited(&older.element) || cardinality::is_prohibited(&newer.element) {
            return;
        }
        self.slices(id, older, newer);
        self.children(id, older, newer);
    }

    fn changes(&mut self, id: &str, older: &Node, newer: &Node) -> Vec<Change> {
        let (old, new) = (&older.element, &newer.element);
        let mut changes = cardinality::changes(older, newer, !id.contains('.'));
        if cardinality::is_prohibited(old) || cardinality::is_prohibited(new) {
            return changes;
        }
        let sets = Sets { older: self.older.set, newer: self.newer.set };
        changes.extend(types::changes(old, new, sets));
        changes.extend(value::changes(old, new));
        let bound = binding::compare(old, new, sets);
        changes.extend(bound.changes);
        if let Some(reason) = bound.gap {
            self.gap(reason, id);
        }
        changes.extend(constraint::changes(old, new, sets));
        changes.extend(slicing::changes(older, newer));
        changes.extend(flag::changes(old, new));
        changes
    }

    fn add(&mut self, id: &str, presence: Presence, changes: Vec<Change>) {
        if !changes.is_empty() {
            self.differences.push(ElementDifference { element: id.to_owned(), presence, changes });
        }
    }

    fn gap(&mut self, reason: String, id: &str) {
        match self.gaps.iter_mut().find(|gap| gap.reason == reason) {
            Some(gap) => gap.elements.push(id.to_owned()),
            None => self.gaps.push(Gap { reason, elements: vec![id.to_owned()] }),
        }
    }

    fn children(&mut self, id: &str, older: &Node, newer: &Node) {
        if older.children.is_empty() && newer.children.is_empty() {
            return;
        }
        // The elements of one type are not those of another; that the type changed is said already.
        if let (Some(old), Some(new)) = (only_type(older), only_type(newer))
            && old.code != new.code
        {
            return;
        }
        let of_older = self.older.children(older, newer);
        let of_newer = self.newer.children(newer, older);
        let (of_older, of_newer) = match (of_older, of_newer) {
            (Ok(of_older), Ok(of_newer)) => (of_older, of_newer),
            (Err(reason), _) | (_, Err(reason)) => {
                self.gap(format!("the elements below it were not compared: {reason}"), id);
                return;
            }
        };
        let twin = |nodes: &[Node], name: &str| nodes.iter().position(|node| node.name == name);
        for new in of_newer.iter() {
            let id = format!("{id}.{}", new.name);
            match twin(&of_older, &new.name) {
                Some(index) => self.compare(&id, &of_older[index], new),
                None => self.one_sided(&id, new, Presence::Added),
            }
        }
        for old in of_older.iter().filter(|old| twin(&of_newer, &old.name).is_none()) {
            self.one_sided(&format!("{id}.{}", old.name), old, Presence::Removed);
        }
    }

    /// An element that one version does not have: there it may not be, as if its maximum were 0.
    fn one_sided(&mut self, id: &str, node: &Node, presence: Presence) {
        let element = &node.element;
        if cardinality::is_prohibited(element) {
            return;
        }
        let added = presence == Presence::Added;
        let words = if added { "new element" } else { "the element is gone" };
        let said = Some(cardinality::text(element));
        let values = |change: Change| {
            if added { change.values(None, said.clone()) } else { change.values(said.clone(), None) }
        };
        let mut changes = vec![values(Change::new(Aspect::Presence, Direction::of(!added), words))];
        if cardinality::min(element) > 0 {
            let words = if added { "now required" } else { "no longer required" };
            changes.push(values(Change::new(Aspect::Min, Direction::of(added), words)));
        }
        self.add(id, presence, changes);
    }

    fn slices(&mut self, id: &str, older: &Node, newer: &Node) {
        let pairs = pairs(older, newer);
        let separator =
            if newer.element.slice_name.is_some() || older.element.slice_name.is_some() { '/' } else { ':' };
        for slice in &newer.slices {
            let id = format!("{id}{separator}{}", name(slice));
            match pairs.iter().find(|(_, new)| std::ptr::eq(*new, slice)) {
                Some((old, _)) => {
                    if name(old) != name(slice) {
                        let change = Change::new(
                            Aspect::SliceName,
                            Direction::Changed,
                            format!("the slice was called {}", name(old)),
                        );
                        let change = change
                            .values(Some(name(old).to_owned()), Some(name(slice).to_owned()))
                            .decides_if(false);
                        self.add(&id, Presence::Both, vec![change]);
                    }
                    self.compare(&id, old, slice);
                }
                None => self.one_sided_slice(&id, (older, newer), slice, Presence::Added),
            }
        }
        for slice in &older.slices {
            if !pairs.iter().any(|(old, _)| std::ptr::eq(*old, slice)) {
                let id = format!("{id}{separator}{}", name(slice));
                self.one_sided_slice(&id, (older, newer), slice, Presence::Removed);
            }
        }
    }

    /// A slice that one version does not define. What it asks is what it says beyond the list that it is
    /// a slice of; where both lists are closed, it is a kind of value that the other version refuses.
    fn one_sided_slice(&mut self, id: &str, lists: (&Node, &Node), slice: &Node, presence: Presence) {
        let (older, newer) = lists;
        if slicing::is_closed(older) && slicing::is_closed(newer) {
            self.one_sided(id, slice, presence);
            return;
        }
        let added = presence == Presence::Added;
        let (side, list) = if added { (self.newer, newer) } else { (self.older, older) };
        let mut anything = Node { slices: Vec::new(), ..list.clone() };
        anything.element.slicing = None;
        anything.element.slice_name = None;
        anything.element.min = Some(0);
        let mut own = Walk::new(side, side);
        if added {
            own.compare(id, &anything, slice);
        } else {
            own.compare(id, slice, &anything);
        }
        let told = slicing::told_by(list);
        slicing::set_aside_what_tells(&mut own.differences, id, &told, slicing::is_extension(list));
        let words = if added { "new slice" } else { "the slice is gone" };
        let said = Some(cardinality::text(&slice.element));
        let change = Change::new(Aspect::Presence, Direction::Changed, words).decides_if(false);
        let change = if added { change.values(None, said) } else { change.values(said, None) };
        match own.differences.first_mut().filter(|first| first.element == id) {
            Some(first) => first.changes.insert(0, change),
            None => self.add(id, presence, vec![change]),
        }
        for mut difference in own.differences {
            difference.presence = presence;
            self.differences.push(difference);
        }
        for gap in own.gaps {
            for element in gap.elements {
                self.gap(gap.reason.clone(), &element);
            }
        }
    }
}

impl<'s> Side<'s> {
    /// The elements of a node: its own where the profile names them, else those of its type. A node that
    /// may have several types has those of the type that the other version narrows it to.
    fn children<'n>(&self, node: &'n Node, other: &Node) -> Result<Cow<'n, [Node]>, String>
    where
        's: 'n,
    {
        if !node.children.is_empty() {
            return Ok(Cow::Borrowed(&node.children));
        }
        if let Some(reference) = &node.element.content_reference {
            let path = reference.rsplit('#').next().unwrap_or(reference);
            let path = path.split_once('.').map_or("", |(_, rest)| rest);
            let found = self.root.find(path).ok_or_else(|| format!("there is no element #{reference}"))?;
            return Ok(Cow::Borrowed(&found.children));
        }
        let narrowed =
            only_type(other).and_then(|only| node.element.types.iter().find(|own| own.code == only.code));
        let reference = only_type(node).or(narrowed).ok_or("it may have several types")?;
        self.set.elements_of_type(reference).map(Cow::Owned)
    }
}

fn only_type(node: &Node) -> Option<&TypeReference> {
    match node.element.types.as_slice() {
        [only] => Some(only),
        _ => None,
    }
}

fn name(slice: &Node) -> &str {
    slice.element.slice_name.as_deref().unwrap_or_default()
}

/// The slices of both versions that are the same: by name, and else extensions by their one address.
fn pairs<'n>(older: &'n Node, newer: &'n Node) -> Vec<(&'n Node, &'n Node)> {
    let mut pairs: Vec<(&Node, &Node)> = Vec::new();
    for old in &older.slices {
        pairs.extend(newer.slices.iter().find(|new| name(new) == name(old)).map(|new| (old, new)));
    }
    if !slicing::is_extension(newer) {
        return pairs;
    }
    let unpaired = |slices: &'n [Node], paired: &[&Node]| -> Vec<&'n Node> {
        slices.iter().filter(|slice| !paired.iter().any(|one| std::ptr::eq(*one, *slice))).collect()
    };
    let olds = unpaired(&older.slices, &pairs.iter().map(|(old, _)| *old).collect::<Vec<_>>());
    let news = unpaired(&newer.slices, &pairs.iter().map(|(_, new)| *new).collect::<Vec<_>>());
    for old in &olds {
        let Some(address) = address(old) else { continue };
        let same = |slices: &[&'n Node]| -> Vec<&'n Node> {
            slices.iter().copied().filter(|slice| self::address(slice) == Some(address)).collect()
        };
        if let ([_], [new]) = (same(&olds).as_slice(), same(&news).as_slice()) {
            pairs.push((old, new));
        }
    }
    pairs
}

/// The one profile of an extension: its address.
fn address(slice: &Node) -> Option<&str> {
    match only_type(slice)?.profiles.as_slice() {
        [only] => Some(crate::fhir::Canonical::parse(only).url),
        _ => None,
    }
}
