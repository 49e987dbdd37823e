//! Existence (section 5.1), and `not()` (section 6.5.3).

use super::{Call, Test};
use crate::fhirpath::evaluate::Outcome;
use crate::fhirpath::item::{Collection, Item, one};
use crate::fhirpath::operators;
use crate::fhirpath::seen::Seen;

pub(super) fn empty(test: &Test<'_, '_>) -> Outcome<Option<bool>> {
    Ok(Some(!test.has_input()?))
}

pub(super) fn exists(test: &Test<'_, '_>) -> Outcome<Option<bool>> {
    let Some(criterion) = test.criterion() else { return test.has_input().map(Some) };
    for (index, item) in test.input()?.iter().enumerate() {
        if test.holds(criterion, item, index)? {
            return Ok(Some(true));
        }
    }
    Ok(Some(false))
}

pub(super) fn all(test: &Test<'_, '_>) -> Outcome<Option<bool>> {
    let Some(criterion) = test.criterion() else { return Ok(Some(true)) };
    for (index, item) in test.input()?.iter().enumerate() {
        if !test.holds(criterion, item, index)? {
            return Ok(Some(false));
        }
    }
    Ok(Some(true))
}

pub(super) fn all_true<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    Ok(one(booleans(call)?.into_iter().all(|value| value)))
}

pub(super) fn any_true<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    Ok(one(booleans(call)?.into_iter().any(|value| value)))
}

pub(super) fn all_false<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    Ok(one(booleans(call)?.into_iter().all(|value| !value)))
}

pub(super) fn any_false<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    Ok(one(booleans(call)?.into_iter().any(|value| !value)))
}

fn booleans(call: &Call<'_, '_>) -> Outcome<Vec<bool>> {
    let value = |item: &Item<'_>| match item.to_system(call.model()) {
        Some(Item::Boolean(value)) => Ok(value),
        _ => Err(call.invalid(&format!("takes Booleans, found {}", item.describe()))),
    };
    call.input.iter().map(value).collect()
}

pub(super) fn subset_of<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let other = call.argument(0)?;
    is_subset(call, &call.input, &other).map(one)
}

pub(super) fn superset_of<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let other = call.argument(0)?;
    is_subset(call, &other, &call.input).map(one)
}

fn is_subset<'t>(call: &Call<'_, 't>, part: &[Item<'t>], whole: &[Item<'t>]) -> Outcome<bool> {
    let whole = Seen::of(call.evaluator, whole)?;
    for item in part {
        if !whole.contains(call.evaluator, item)? {
            return Ok(false);
        }
    }
    Ok(true)
}

pub(super) fn count<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    Ok(one(Item::Integer(i32::try_from(call.input.len()).unwrap_or(i32::MAX))))
}

pub(super) fn distinct<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    operators::distinct(call.evaluator, call.input.iter().cloned())
}

pub(super) fn is_distinct<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let all = call.input.len();
    if all < 2 {
        return Ok(one(true));
    }
    Ok(one(operators::distinct(call.evaluator, call.input.iter().cloned())?.len() == all))
}

pub(super) fn not(test: &Test<'_, '_>) -> Outcome<Option<bool>> {
    Ok(test.input_truth()?.map(|value| !value))
}

#[cfg(test)]
mod tests {
    use crate::fhirpath::tests::assert_results;

    #[test]
    fn existence() {
        assert_results(&[
            ("{}.empty()", "true"),
            ("(1 | 2).exists($this > 1)", "true"),
            ("{}.exists($this > 1)", "false"),
            ("(1 | 2).all($this > 1)", "false"),
            ("{}.all($this > 1)", "true"),
            ("(true | false).allTrue()", "false"),
            ("(true | false).anyTrue()", "true"),
            ("{}.allFalse()", "true"),
            ("(true | false).anyFalse()", "true"),
            ("('a').allTrue()", "error: takes Booleans"),
            ("(1 | 2).subsetOf(1 | 2 | 3)", "true"),
            ("(1 | 2).supersetOf(1 | 2 | 3)", "false"),
            ("(1 | 2).combine(2).count()", "3"),
            ("(1 | 2).combine(2).distinct().count()", "2"),
            ("(1 | 2).combine(2).isDistinct()", "false"),
            ("{}.not()", ""),
            ("1.not()", "false"),
            ("(1 | 2).not()", "error: must be one item"),
        ]);
    }
}
