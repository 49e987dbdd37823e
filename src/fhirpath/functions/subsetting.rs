//! Subsetting (section 5.3).

use super::Call;
use crate::fhirpath::evaluate::Outcome;
use crate::fhirpath::item::Collection;
use crate::fhirpath::seen::Seen;

pub(super) fn single<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    call.input_item()?;
    Ok(call.input.clone())
}

pub(super) fn first<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    Ok(call.input.first().cloned().into_iter().collect())
}

pub(super) fn last<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    Ok(call.input.last().cloned().into_iter().collect())
}

pub(super) fn tail<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    Ok(call.input.iter().skip(1).cloned().collect())
}

pub(super) fn skip<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let number = number(call)?;
    Ok(call.input.iter().skip(number).cloned().collect())
}

pub(super) fn take<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let number = number(call)?;
    Ok(call.input.iter().take(number).cloned().collect())
}

/// The argument; below nought is nought.
fn number(call: &Call<'_, '_>) -> Outcome<usize> {
    let number = call.integer(0)?.ok_or_else(|| call.invalid("needs a number"))?;
    Ok(usize::try_from(number).unwrap_or(0))
}

pub(super) fn intersect<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let other = Seen::of(call.evaluator, &call.argument(0)?)?;
    let mut taken = Seen::default();
    let mut found = Collection::new();
    for item in &call.input {
        if other.contains(call.evaluator, item)? && taken.insert(call.evaluator, item)? {
            found.push(item.clone());
        }
    }
    Ok(found)
}

/// Duplicates and order stay.
pub(super) fn exclude<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let other = Seen::of(call.evaluator, &call.argument(0)?)?;
    let mut found = Collection::new();
    for item in &call.input {
        if !other.contains(call.evaluator, item)? {
            found.push(item.clone());
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use crate::fhirpath::tests::assert_results;

    #[test]
    fn subsetting() {
        assert_results(&[
            ("(1 | 2 | 3)[1]", "2"),
            ("(1 | 2 | 3)[7]", ""),
            ("(1 | 2 | 3)[-1]", ""),
            ("(1 | 2 | 3).first()", "1"),
            ("(1 | 2 | 3).last()", "3"),
            ("(1 | 2 | 3).tail()", "2, 3"),
            ("(1 | 2 | 3).skip(2)", "3"),
            ("(1 | 2 | 3).skip(-2)", "1, 2, 3"),
            ("(1 | 2 | 3).take(2)", "1, 2"),
            ("(1 | 2).take({})", "error: needs a number"),
            ("(1 | 2).single()", "error: must be one item"),
            ("{}.single()", ""),
            ("(1 | 2 | 3).intersect(3 | 2)", "2, 3"),
            ("(1 | 2).combine(1).exclude(2)", "1, 1"),
        ]);
    }
}
