//! How a list is sliced: whether other values are allowed, their order, what tells the slices, and which
//! elements of a slice only tell it.

use super::{Aspect, Change, Direction, ElementDifference};
use crate::profile::definition::SlicingDefinition;
use crate::profile::snapshot::Node;

/// The changes of the slicing itself; the slices are compared one by one elsewhere.
pub(super) fn changes(older: &Node, newer: &Node) -> Vec<Change> {
    let mut changes = Vec::new();
    let (old, new) = (older.element.slicing.as_ref(), newer.element.slicing.as_ref());
    let (before, after) = (rules(old), rules(new));
    if before != after {
        let words = match after {
            "closed" => "only the kinds listed are now allowed",
            "openAtEnd" if before == "open" => "other kinds only after those listed",
            "openAtEnd" => "other kinds are now allowed after those listed",
            _ if before == "closed" => "other kinds than those listed are now allowed",
            _ => "other kinds are now allowed anywhere",
        };
        changes.push(
            Change::new(Aspect::Slicing, Direction::of(rank(after) > rank(before)), words)
                .values(Some(before.to_owned()), Some(after.to_owned())),
        );
    }
    let (was_ordered, is_ordered) = (ordered(old), ordered(new));
    if was_ordered != is_ordered {
        let words = if is_ordered { "the kinds must now come in order" } else { "in any order now" };
        let text = |ordered: bool| Some(if ordered { "in order" } else { "in any order" }.to_owned());
        changes.push(
            Change::new(Aspect::Slicing, Direction::of(is_ordered), words)
                .values(text(was_ordered), text(is_ordered)),
        );
    }
    let (old_told, new_told) = (told_by(older), told_by(newer));
    if !older.slices.is_empty() && !newer.slices.is_empty() && old_told != new_told {
        let text = |told: &[(String, String)]| {
            let list: Vec<String> = told.iter().map(|(kind, path)| format!("{kind} of {path}")).collect();
            (!list.is_empty()).then(|| list.join(", "))
        };
        changes.push(
            Change::new(Aspect::Slicing, Direction::Changed, "its kinds are told apart by something else")
                .values(text(&old_told), text(&new_told)),
        );
    }
    changes
}

/// Whether values of no slice are refused.
pub(super) fn is_closed(node: &Node) -> bool {
    rules(node.element.slicing.as_ref()) == "closed"
}

fn rules(slicing: Option<&SlicingDefinition>) -> &str {
    slicing.map_or("open", |slicing| slicing.rules.as_str())
}

fn rank(rules: &str) -> u8 {
    match rules {
        "closed" => 2,
        "openAtEnd" => 1,
        _ => 0,
    }
}

fn ordered(slicing: Option<&SlicingDefinition>) -> bool {
    slicing.is_some_and(|slicing| slicing.ordered)
}

/// What tells the slices: kind and path, sorted. Extensions are always told by their address.
pub(super) fn told_by(sliced: &Node) -> Vec<(String, String)> {
    let declared = sliced.element.slicing.as_ref().map(|slicing| slicing.discriminators.clone());
    let mut told = declared.unwrap_or_default();
    if told.is_empty() && is_extension(sliced) {
        told.push(("value".to_owned(), "url".to_owned()));
    }
    told.sort();
    told
}

/// Whether it is a list of extensions.
pub(super) fn is_extension(node: &Node) -> bool {
    matches!(node.name.as_str(), "extension" | "modifierExtension")
}

/// Takes out of account what only tells a slice: that the system of an NHS number is that of NHS numbers
/// asks nothing of anybody.
pub(super) fn set_aside_what_tells(
    differences: &mut [ElementDifference],
    slice_id: &str,
    told: &[(String, String)],
    of_extension: bool,
) {
    for difference in differences {
        let Some(below) = difference.element.strip_prefix(slice_id) else { continue };
        let below = below.trim_start_matches('.').to_owned();
        for change in &mut difference.changes {
            let by_address = of_extension && below.is_empty() && change.aspect == Aspect::Profile;
            if by_address || told.iter().any(|(kind, path)| tells(kind, path, &below, change.aspect)) {
                change.direction = Direction::Changed;
                change.decides = false;
                change.text.push_str(" (what tells the slice)");
            }
        }
    }
}

fn tells(kind: &str, path: &str, element: &str, aspect: Aspect) -> bool {
    let segments: Vec<&str> =
        path.split('.').filter(|part| *part != "$this" && !part.contains('(')).collect();
    let path = segments.join(".");
    let plain = element.replace("[x]", "");
    let inside = |outer: &str, inner: &str| {
        outer.is_empty() || inner == outer || inner.starts_with(&format!("{outer}."))
    };
    match kind {
        "value" | "pattern" => {
            let value = matches!(
                aspect,
                Aspect::Min | Aspect::Fixed | Aspect::Pattern | Aspect::BindingStrength | Aspect::ValueSet
            );
            // The slice's own minimum is whether it must be there.
            let at_or_below = inside(&path, &plain) && !(plain.is_empty() && aspect == Aspect::Min);
            let above = !plain.is_empty() && inside(&plain, &path) && aspect == Aspect::Min;
            value && at_or_below || above
        }
        "type" => plain == path && aspect == Aspect::Type,
        "profile" => plain == path && matches!(aspect, Aspect::Profile | Aspect::TargetProfile),
        "exists" => plain == path && matches!(aspect, Aspect::Min | Aspect::Max) && !plain.is_empty(),
        _ => false,
    }
}
