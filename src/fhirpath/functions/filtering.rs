//! Filtering and projection (section 5.2).

use std::cmp::Ordering;

use super::Call;
use crate::fhirpath::ast::{Node, NodeKind};
use crate::fhirpath::evaluate::{Outcome, Scope};
use crate::fhirpath::item::{Collection, Item};
use crate::fhirpath::operators::Sign;
use crate::fhirpath::seen::Seen;

pub(super) fn where_<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let mut found = Collection::new();
    for (index, item) in call.input.iter().enumerate() {
        if call.holds(0, item, index)? {
            found.push(item.clone());
        }
    }
    Ok(found)
}

pub(super) fn select<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let mut found = Collection::new();
    for (index, item) in call.input.iter().enumerate() {
        let selected = call.on_item(0, item, index)?;
        call.evaluator.spend(selected.len())?;
        found.extend(selected);
    }
    Ok(found)
}

/// Each round looks only at what the last one found new, so a projection that goes in circles ends.
pub(super) fn repeat<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let mut found: Collection<'t> = Collection::new();
    let mut seen = Seen::default();
    let mut fresh = call.input.clone();
    while !fresh.is_empty() {
        let start = found.len();
        for (index, item) in fresh.iter().enumerate() {
            for next in call.on_item(0, item, index)? {
                // an element is itself and no other; equal twins in different places both count
                if seen.insert_same(call.evaluator, &next)? {
                    found.push(next);
                }
            }
        }
        fresh = found[start..].iter().cloned().collect();
    }
    Ok(found)
}

/// `sort()`, which FHIRPath 3 adds: by the items, or by keys, of which `-key` sorts downwards.
pub(super) fn sort<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let mut rows: Vec<(Vec<Option<Item<'t>>>, Item<'t>)> = Vec::new();
    let keys: Vec<(&Node, bool)> = call.expressions().iter().map(key).collect();
    for (index, item) in call.input.iter().enumerate() {
        call.evaluator.spend(call.input.len().ilog2() as usize)?;
        let scope = Scope::of(item, index, call.scope);
        let values = keys.iter().map(|(node, _)| {
            let value = call.evaluator.evaluate(node, scope)?;
            call.evaluator.value(&value, "a key of sort()")
        });
        let mut values: Vec<_> = values.collect::<Outcome<_>>()?;
        if keys.is_empty() {
            values.push(item.to_system(call.model()));
        }
        rows.push((values, item.clone()));
    }
    let mut failed = None;
    rows.sort_by(|(one, _), (other, _)| {
        for (index, pair) in one.iter().zip(other).enumerate() {
            let order = match pair {
                (Some(one), Some(other)) => {
                    call.evaluator.compare_items(one, other).unwrap_or_else(|fault| {
                        failed.get_or_insert(fault);
                        None
                    })
                }
                // nothing stands before everything, in whichever direction the rest is sorted
                (one, other) if one.is_some() != other.is_some() => {
                    return one.is_some().cmp(&other.is_some());
                }
                _ => None,
            };
            let order = order.unwrap_or(Ordering::Equal);
            if order != Ordering::Equal {
                let downwards = keys.get(index).is_some_and(|(_, downwards)| *downwards);
                return if downwards { order.reverse() } else { order };
            }
        }
        Ordering::Equal
    });
    failed.map_or_else(|| Ok(rows.into_iter().map(|(_, item)| item).collect()), Err)
}

/// A key and whether it sorts downwards.
fn key(node: &Node) -> (&Node, bool) {
    match &node.kind {
        NodeKind::Sign { sign: Sign::Minus, operand } => (operand, true),
        _ => (node, false),
    }
}

#[cfg(test)]
mod tests {
    use crate::fhirpath::tests::assert_results;

    #[test]
    fn filtering() {
        assert_results(&[
            ("(1 | 2 | 3).where($this > 1)", "2, 3"),
            ("(1 | 2).where({})", ""),
            ("(5 | 6).select($index)", "0, 1"),
            ("(1 | 2).repeat(iif($this < 5, $this + 1, {}))", "2, 3, 4, 5"),
            ("1.repeat((1 | 2))", "1, 2"),
            ("(3 | 1 | 2).sort()", "1, 2, 3"),
            ("('b' | 'a').sort(-$this)", "b, a"),
            ("(1 | 'a').sort()", "error: have no order"),
            ("name.where(use = 'official').family", "Chalmers"),
            ("contact.repeat(name).family", "Du Marche"),
        ]);
    }
}
