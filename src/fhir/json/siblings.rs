//! `_name` joined with `name`: the id and extensions of a primitive, which JSON writes beside it.
//!
//! What does not fit together (a `_name` that holds something else than an object, or beside an object) is left
//! as it stands, an element with the name `_name`, and is a defect.

use super::super::DefectKind;
use super::super::Tree;
use super::super::tree::{InArray, Kind, NONE, Node};

/// Whether a property holds the id and extensions of another, by its name.
pub(in crate::fhir) fn is_sibling(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next() == Some(b'_') && bytes.next().is_some_and(|second| second != b'_')
}

/// The nodes of one property.
type Property = Vec<u32>;

/// Joins the children of one object. `first_defect` is the first defect that can be about any of them.
pub(super) fn join(tree: &mut Tree, parent: u32, first_defect: usize) {
    let mut properties = properties(tree, parent);
    for place in 0..properties.len() {
        if !is_sibling(name(tree, &properties[place])) {
            continue;
        }
        let partner = partner(tree, &properties, place);
        match partner {
            Ok(Some(partner)) => {
                let siblings = std::mem::take(&mut properties[place]);
                merge(tree, parent, &mut properties[partner], &siblings, first_defect);
            }
            Ok(None) => properties[place].iter().for_each(|id| make_valueless(tree.node(*id))),
            Err(Unfit) => {
                let (at, key) = (tree.node(properties[place][0]).offset, name(tree, &properties[place]));
                let key = key.to_owned();
                tree.defect(DefectKind::PrimitiveSibling, parent, at as usize, key);
            }
        }
    }
    relink(tree, parent, properties.iter().flatten().copied());
}

/// A property that cannot be joined with any.
struct Unfit;

fn properties(tree: &Tree, parent: u32) -> Vec<Property> {
    let mut properties: Vec<Property> = Vec::new();
    let mut next = tree.nodes[parent as usize].first_child;
    while next != NONE {
        let node = &tree.nodes[next as usize];
        match properties.last_mut().filter(|_| node.in_array == InArray::Later) {
            Some(array) => array.push(next),
            None => properties.push(vec![next]),
        }
        next = node.next_sibling;
    }
    properties
}

fn name<'t>(tree: &'t Tree, property: &Property) -> &'t str {
    property.first().map_or("", |first| tree.text(tree.nodes[*first as usize].name))
}

/// The property that the one at `place` is about, if it is there.
fn partner(tree: &Tree, properties: &[Property], place: usize) -> Result<Option<usize>, Unfit> {
    let siblings = &properties[place];
    let node = |id: &u32| &tree.nodes[*id as usize];
    let is_array = |property: &Property| node(&property[0]).in_array != InArray::No;
    let is_item =
        |id: &u32| node(id).kind == Kind::Object || (is_array(siblings) && node(id).kind == Kind::Null);
    if !siblings.iter().all(is_item) {
        return Err(Unfit);
    }
    let wanted = name(tree, siblings);
    let mut partner = None;
    for (other, property) in properties.iter().enumerate().filter(|(other, _)| *other != place) {
        let name = name(tree, property);
        if name == wanted || (name == &wanted[1..] && partner.replace(other).is_some()) {
            return Err(Unfit);
        }
    }
    let is_primitive = |id: &u32| matches!(node(id).kind, Kind::Scalar(_) | Kind::Null);
    let fits = |other: &usize| {
        is_array(&properties[*other]) == is_array(siblings) && properties[*other].iter().all(is_primitive)
    };
    if partner.as_ref().is_none_or(fits) { Ok(partner) } else { Err(Unfit) }
}

/// Gives the children of `siblings` to the `values`, each to the one at its place.
fn merge(tree: &mut Tree, parent: u32, values: &mut Property, siblings: &Property, first_defect: usize) {
    if values.len() != siblings.len() {
        let first = tree.node(siblings[0]);
        let (at, name) = (first.offset, first.name);
        let name = tree.text(name).to_owned();
        tree.defect(DefectKind::PrimitiveSibling, parent, at as usize, name);
    }
    for (index, sibling) in siblings.iter().enumerate() {
        let Some(value) = values.get(index).copied() else {
            make_valueless(tree.node(*sibling));
            values.push(*sibling);
            continue;
        };
        let mut child = tree.node(*sibling).first_child;
        tree.node(value).first_child = child;
        while child != NONE {
            tree.node(child).parent = value;
            child = tree.node(child).next_sibling;
        }
        for defect in &mut tree.defects[first_defect..] {
            if defect.node == *sibling {
                defect.node = value;
            }
        }
    }
}

/// Makes an item of `_name` an element `name` that has no value.
fn make_valueless(node: &mut Node) {
    node.name = node.name.without_first();
    node.kind = Kind::Absent;
}

/// Makes these nodes, in this order, the children of a node.
fn relink(tree: &mut Tree, parent: u32, children: impl Iterator<Item = u32>) {
    tree.node(parent).first_child = NONE;
    let mut last = NONE;
    for child in children {
        tree.node(child).next_sibling = NONE;
        if last == NONE {
            tree.node(parent).first_child = child;
        } else {
            tree.node(last).next_sibling = child;
        }
        last = child;
    }
}
