//! Values that are given: fixed, pattern, least and greatest.

use std::cmp::Ordering;
use std::str::FromStr as _;

use rust_decimal::Decimal;

use super::{Aspect, Change, Direction};
use crate::profile::definition::{ElementDefinition, Fragment};
use crate::profile::rules::Pattern;
use crate::profile::text::describe;

/// The changes of given values.
pub(super) fn changes(older: &ElementDefinition, newer: &ElementDefinition) -> Vec<Change> {
    let mut changes = given(older, newer);
    changes.extend(bound(Aspect::MinValue, older.min_value.as_ref(), newer.min_value.as_ref()));
    changes.extend(bound(Aspect::MaxValue, older.max_value.as_ref(), newer.max_value.as_ref()));
    changes
}

/// Fixed values and patterns together: for a single value they say the same.
fn given(older: &ElementDefinition, newer: &ElementDefinition) -> Vec<Change> {
    match (&older.fixed, &older.pattern, &newer.fixed, &newer.pattern) {
        (Some(old), None, None, Some(new)) => {
            vec![restated(old, new, Direction::Looser, "now need only hold")]
        }
        (None, Some(old), Some(new), None) => {
            vec![restated(old, new, Direction::Tighter, "must now be exactly")]
        }
        (old_fixed, old_pattern, new_fixed, new_pattern) => [
            one(Aspect::Fixed, "be", old_fixed.as_ref(), new_fixed.as_ref()),
            one(Aspect::Pattern, "hold", old_pattern.as_ref(), new_pattern.as_ref()),
        ]
        .into_iter()
        .flatten()
        .collect(),
    }
}

/// The same value as pattern and as fixed value is a change of words only, if it has no parts.
fn restated(old: &Fragment, new: &Fragment, way: Direction, verb: &str) -> Change {
    let same = same(old, new);
    let single = new.element().value().is_some();
    let (direction, decides, words) = match (same, single) {
        (true, true) => (Direction::Changed, false, "the same value, stated in another way".to_owned()),
        (true, false) => (way, true, format!("{verb} {}", text(new))),
        (false, _) => (Direction::Changed, true, format!("{verb} {}", text(new))),
    };
    Change::new(Aspect::Fixed, direction, words).values(Some(text(old)), Some(text(new))).decides_if(decides)
}

fn one(aspect: Aspect, verb: &str, old: Option<&Fragment>, new: Option<&Fragment>) -> Option<Change> {
    let (direction, words) = match (old, new) {
        (None, None) => return None,
        (None, Some(new)) => (Direction::Tighter, format!("must now {verb} {}", text(new))),
        (Some(old), None) => (Direction::Looser, format!("need no longer {verb} {}", text(old))),
        (Some(old), Some(new)) if same(old, new) => return None,
        (Some(old), Some(new)) => {
            let contains = |more: &Fragment, less: &Fragment| {
                aspect == Aspect::Pattern && Pattern(less.clone()).matches(more.element())
            };
            let direction = Direction::of_allowed(!contains(old, new), !contains(new, old));
            let words = format!("must {verb} {}, formerly {}", text(new), text(old));
            (direction.unwrap_or(Direction::Changed), words)
        }
    };
    Some(Change::new(aspect, direction, words).values(old.map(text), new.map(text)))
}

fn bound(aspect: Aspect, old: Option<&Fragment>, new: Option<&Fragment>) -> Option<Change> {
    let (more, name) =
        if aspect == Aspect::MinValue { (Ordering::Greater, "least") } else { (Ordering::Less, "greatest") };
    let (direction, words) = match (old, new) {
        (None, None) => return None,
        (None, Some(new)) => (Direction::Tighter, format!("the {name} value is now {}", text(new))),
        (Some(old), None) => (Direction::Looser, format!("the {name} value is no longer {}", text(old))),
        (Some(old), Some(new)) if same(old, new) => return None,
        (Some(old), Some(new)) => {
            let direction = match order(new, old) {
                Some(order) if order == more => Direction::Tighter,
                Some(Ordering::Equal) | None => Direction::Changed,
                Some(_) => Direction::Looser,
            };
            (direction, format!("the {name} value is now {}, formerly {}", text(new), text(old)))
        }
    };
    Some(Change::new(aspect, direction, words).values(old.map(text), new.map(text)))
}

/// How two single values compare: numbers as numbers, and dates of one precision by their letters.
fn order(left: &Fragment, right: &Fragment) -> Option<Ordering> {
    if left.element().name() != right.element().name() {
        return None;
    }
    let (left, right) = (left.element().value()?, right.element().value()?);
    if let (Ok(left), Ok(right)) = (Decimal::from_str(left), Decimal::from_str(right)) {
        return Some(left.cmp(&right));
    }
    let offset = |text: &str| text.contains('T') && !text.ends_with('Z');
    (left.len() == right.len() && !offset(left) && !offset(right)).then(|| left.cmp(right))
}

fn same(left: &Fragment, right: &Fragment) -> bool {
    left.element().same_content(right.element())
}

fn text(value: &Fragment) -> String {
    describe(value.element())
}
