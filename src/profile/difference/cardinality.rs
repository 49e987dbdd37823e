//! How many there must and may be.

use super::{Aspect, Change, Direction};
use crate::profile::definition::{ElementDefinition, Max};
use crate::profile::snapshot::Node;

/// The changes of minimum and maximum. At the root of a profile they say nothing of a record.
pub(super) fn changes(older_node: &Node, newer_node: &Node, is_root: bool) -> Vec<Change> {
    let (older, newer) = (&older_node.element, &newer_node.element);
    let values = |change: Change| change.values(Some(text(older)), Some(text(newer))).decides_if(!is_root);
    let mut changes = Vec::new();
    let (old_min, new_min) = (min(older), min(newer));
    if old_min != new_min {
        let words = match (old_min, new_min) {
            (0, 1) => "now required".to_owned(),
            (_, 0) => "no longer required".to_owned(),
            (_, least) => format!("now at least {least} required"),
        };
        // A list is as long as its slices ask already: a name, where an official name is required.
        let tighter = new_min > old_min;
        let decides = if tighter { new_min > implied(older_node) } else { old_min > implied(newer_node) };
        changes.push(values(Change::new(Aspect::Min, Direction::of(tighter), words)).decides_if(decides));
    }
    let (old_max, new_max) = (max(older), max(newer));
    if old_max != new_max {
        let words = match (old_max, new_max) {
            (_, Some(0)) => "no longer allowed".to_owned(),
            (Some(0), _) => "now allowed".to_owned(),
            (Some(1), None) => "may now repeat".to_owned(),
            (_, None) => "may now repeat without limit".to_owned(),
            (_, Some(1)) if newer.slice_name.is_some() && older.slice_name.is_none() => {
                "at most one of this kind".to_owned()
            }
            (_, Some(1)) => "may no longer repeat".to_owned(),
            (_, Some(most)) => format!("now at most {most}"),
        };
        let tighter = old_max.is_none_or(|old| new_max.is_some_and(|new| new < old));
        changes.push(values(Change::new(Aspect::Max, Direction::of(tighter), words)));
    }
    changes
}

/// The least number.
pub(super) fn min(element: &ElementDefinition) -> u32 {
    element.min.unwrap_or(0)
}

/// The least number, by the element and by its slices together.
fn implied(node: &Node) -> u32 {
    let by_slices = node.slices.iter().fold(0_u32, |sum, slice| sum.saturating_add(min(&slice.element)));
    min(&node.element).max(by_slices)
}

/// The greatest number; `None` for any.
fn max(element: &ElementDefinition) -> Option<u32> {
    match element.max {
        Some(Max::AtMost(max)) => Some(max),
        Some(Max::Any) | None => None,
    }
}

/// Whether there may be none at all.
pub(super) fn is_prohibited(element: &ElementDefinition) -> bool {
    max(element) == Some(0)
}

/// `0..1`
pub(super) fn text(element: &ElementDefinition) -> String {
    format!("{}..{}", min(element), element.max.unwrap_or(Max::Any))
}
