//! Aggregates (section 7), with the shorthands that FHIRPath 3 adds.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::Call;
use crate::fhirpath::evaluate::{Outcome, Scope};
use crate::fhirpath::item::{Collection, Item, one, optional};
use crate::fhirpath::operators::BinaryOperator;

pub(super) fn aggregate<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let mut total = call.argument(1)?;
    let Some(aggregator) = call.expressions().first() else { return Ok(total) };
    for (index, item) in call.input.iter().enumerate() {
        let scope = Scope { total: Some(&total), ..Scope::of(item, index, call.scope) };
        total = call.evaluator.evaluate(aggregator, scope)?;
    }
    Ok(total)
}

pub(super) fn sum<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let mut items = call.input.iter();
    let mut total: Collection<'t> = items.next().cloned().into_iter().collect();
    for item in items {
        total = call.evaluator.arithmetic(BinaryOperator::Add, &total, &one(item.clone()))?;
    }
    Ok(total)
}

pub(super) fn min<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    extreme(call, Ordering::Less)
}

pub(super) fn max<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    extreme(call, Ordering::Greater)
}

fn extreme<'t>(call: &Call<'_, 't>, wanted: Ordering) -> Outcome<Collection<'t>> {
    let mut best: Option<&Item<'t>> = None;
    for item in &call.input {
        let Some(so_far) = best else {
            best = Some(item);
            continue;
        };
        match call.evaluator.compare_items(item, so_far)? {
            Some(order) if order == wanted => best = Some(item),
            Some(_) => {}
            None => return Ok(Collection::new()),
        }
    }
    Ok(optional(best.cloned()))
}

pub(super) fn avg<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let count = Decimal::from(call.input.len());
    let evaluator = call.evaluator;
    let total = sum(call)?;
    evaluator.arithmetic(BinaryOperator::Divide, &total, &one(Item::Decimal(count)))
}

#[cfg(test)]
mod tests {
    use crate::fhirpath::tests::assert_results;

    #[test]
    fn aggregates() {
        assert_results(&[
            ("(1 | 2 | 3).aggregate($this + $total, 0)", "6"),
            ("(3 | 1 | 2).aggregate(iif($total.empty() or $this < $total, $this, $total))", "1"),
            ("{}.aggregate($this + $total)", ""),
            ("(1 | 2 | 3).sum()", "6"),
            ("(1 | 2 | 3).avg()", "2"),
            ("(3 | 1 | 2).min()", "1"),
            ("(3 | 1 | 2).max()", "3"),
            ("{}.sum()", ""),
            ("$total", "error: outside aggregate"),
        ]);
    }
}
