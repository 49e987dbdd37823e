//! What a value means beyond what is written: its bounds, its precision, what it compares with.

use rust_decimal::{Decimal, RoundingStrategy};

use super::Call;
use crate::fhirpath::evaluate::Outcome;
use crate::fhirpath::item::{Collection, Item, one, optional};
use crate::fhirpath::quantity::Quantity;
use crate::fhirpath::temporal::Bound;

/// Digits after the point where no precision is given.
const DECIMAL_DIGITS: i32 = 8;
const MOST_DECIMAL_DIGITS: i32 = 28;

pub(super) fn low_boundary<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    boundary(call, Bound::Low)
}

pub(super) fn high_boundary<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    boundary(call, Bound::High)
}

fn boundary<'t>(call: &Call<'_, 't>, bound: Bound) -> Outcome<Collection<'t>> {
    let precision = call.integer(0)?;
    let Some(value) = call.input_value()? else { return Ok(Collection::new()) };
    let number = |value| decimal_bound(value, bound, precision.unwrap_or(DECIMAL_DIGITS));
    let item = match &value {
        Item::Integer(value) => number(Decimal::from(*value)).map(Item::Decimal),
        Item::Decimal(value) => number(*value).map(Item::Decimal),
        Item::Quantity(quantity) => {
            number(quantity.value).map(|value| Item::from(Quantity { value, unit: quantity.unit.clone() }))
        }
        Item::Date(date) => date.bound(bound, precision.unwrap_or(8)).map(Item::Date),
        Item::DateTime(moment) => moment.bound(bound, precision.unwrap_or(17)).map(Item::DateTime),
        Item::Time(time) => time.bound(bound, precision.unwrap_or(9)).map(Item::Time),
        other => {
            return Err(
                call.invalid(&format!("takes a number, quantity, date or time, found {}", other.describe()))
            );
        }
    };
    Ok(optional(item))
}

/// Half of the last digit down or up, written with so many digits after the point.
fn decimal_bound(value: Decimal, bound: Bound, digits: i32) -> Option<Decimal> {
    if !(0..=MOST_DECIMAL_DIGITS).contains(&digits) {
        return None;
    }
    let half = Decimal::try_new(5, value.scale() + 1).ok()?;
    let (edge, strategy) = match bound {
        Bound::Low => (value.checked_sub(half)?, RoundingStrategy::ToNegativeInfinity),
        Bound::High => (value.checked_add(half)?, RoundingStrategy::ToPositiveInfinity),
    };
    let digits = u32::try_from(digits).ok()?;
    let mut written = edge.round_dp_with_strategy(digits, strategy);
    written.rescale(digits);
    (written.scale() == digits).then_some(written)
}

pub(super) fn precision<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let Some(value) = call.input_value()? else { return Ok(Collection::new()) };
    let digits = match &value {
        Item::Integer(_) => 0,
        Item::Decimal(value) => i32::try_from(value.scale()).unwrap_or(0),
        Item::Date(date) => date.precision(),
        Item::DateTime(moment) => moment.precision(),
        Item::Time(time) => time.precision(),
        other => {
            return Err(call.invalid(&format!("takes a number, date or time, found {}", other.describe())));
        }
    };
    Ok(one(Item::Integer(digits)))
}

pub(super) fn comparable<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let other = call.evaluator.value(&call.argument(0)?, "the argument of comparable()")?;
    match (call.input_value()?, other) {
        (Some(Item::Quantity(one_quantity)), Some(Item::Quantity(other))) => {
            Ok(one(one_quantity.comparable(&other)))
        }
        (None, _) | (_, None) => Ok(Collection::new()),
        _ => Err(call.invalid("takes two quantities")),
    }
}

#[cfg(test)]
mod tests {
    use crate::fhirpath::tests::assert_results;

    #[test]
    fn bounds() {
        assert_results(&[
            ("2.50.lowBoundary()", "2.49500000"),
            ("2.50.highBoundary(3)", "2.505"),
            ("2.50.highBoundary(1)", "2.6"),
            ("3.lowBoundary(0)", "2"),
            ("2.5.lowBoundary(29)", ""),
            ("2.5 'mg'.highBoundary(2)", "2.55 'mg'"),
            ("@2024-02.highBoundary()", "2024-02-29"),
            ("@2024T.lowBoundary()", "2024-01-01T00:00:00.000+14:00"),
            ("@T10.highBoundary(4)", "10:59"),
            ("@2024.highBoundary(5)", ""),
            ("'a'.lowBoundary()", "error: takes a number"),
        ]);
    }

    #[test]
    fn precisions() {
        assert_results(&[
            ("1.580.precision()", "3"),
            ("@2024-02.precision()", "6"),
            ("@T10:30.precision()", "4"),
            ("1 'cm'.comparable(1 '[in_i]')", "true"),
            ("1 'cm'.comparable(1 's')", "false"),
        ]);
    }
}
