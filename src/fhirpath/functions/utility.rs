//! Utilities (section 5.9), and `iif` (section 5.5.1).

use jiff::tz::TimeZone;

use super::Call;
use crate::fhirpath::evaluate::{Outcome, Scope};
use crate::fhirpath::item::{Collection, Item, one};
use crate::fhirpath::temporal::{Date, DateTime, Offset, Time};

/// Only the branch that is chosen is evaluated. On an input, `$this` is the input.
pub(super) fn iif<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    call.input_item()?;
    let scope = Scope { this: &call.input, ..call.scope };
    let branch = |index: usize| match call.expressions().get(index) {
        Some(expression) => call.evaluator.evaluate(expression, scope),
        None => Ok(Collection::new()),
    };
    let criterion = branch(0)?;
    let chosen = match call.evaluator.value(&criterion, "the criterion of iif()")? {
        None => !criterion.is_empty(),
        Some(Item::Boolean(value)) => value,
        Some(other) if criterion.first().is_some_and(|item| item.as_element().is_none()) => {
            return Err(call.invalid(&format!("needs a Boolean criterion, found {}", other.describe())));
        }
        // an element stands for its existence
        Some(_) => true,
    };
    branch(if chosen { 1 } else { 2 })
}

pub(super) fn trace<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let name = call.string(0)?.ok_or_else(|| call.invalid("needs a name"))?;
    let Some(sink) = call.evaluator.context.trace else { return Ok(call.input.clone()) };
    if call.expressions().len() < 2 {
        sink(&name, &call.input);
        return Ok(call.input.clone());
    }
    let mut projected = Collection::new();
    for (index, item) in call.input.iter().enumerate() {
        projected.extend(call.on_item(1, item, index)?);
    }
    sink(&name, &projected);
    Ok(call.input.clone())
}

pub(super) fn now<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    Ok(one(Item::DateTime(moment(call))))
}

pub(super) fn today<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    Ok(one(Item::Date(moment(call).date)))
}

pub(super) fn time_of_day<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    Ok(moment(call).time.map(Item::Time).into_iter().collect())
}

/// The moment of the context in UTC, to the millisecond; it is the same throughout a run.
fn moment(call: &Call<'_, '_>) -> DateTime {
    let now = TimeZone::UTC.to_datetime(call.evaluator.context.now);
    let part = |value: i8| u8::try_from(value).ok();
    let year = u16::try_from(now.year()).unwrap_or(1);
    let time = Time {
        hour: part(now.hour()).unwrap_or(0),
        minute: part(now.minute()),
        second: part(now.second()),
        nanosecond: u32::try_from(now.millisecond()).unwrap_or(0) * 1_000_000,
        fraction_digits: 3,
    };
    DateTime {
        date: Date { year, month: part(now.month()), day: part(now.day()) },
        time: Some(time),
        offset: Some(Offset::Utc),
    }
}

#[cfg(test)]
mod tests {
    use crate::fhirpath::tests::assert_results;

    #[test]
    fn utilities() {
        assert_results(&[
            ("iif(true, 1, 1 / 'a')", "1"),
            ("iif({}, 1, 2)", "2"),
            ("iif(false, 1)", ""),
            ("iif('a', 1, 2)", "error: Boolean criterion"),
            ("iif(name, 1, 2)", "error: must be one item"),
            ("'x'.iif($this = 'x', $this & '!', {})", "x!"),
            ("(1 | 2).iif(true, 1)", "error: must be one item"),
            ("now()", "2026-05-04T03:02:01.000Z"),
            ("today()", "2026-05-04"),
            ("timeOfDay()", "03:02:01.000"),
            ("(1 | 2).trace('here', $this + 1)", "1, 2"),
        ]);
    }
}
