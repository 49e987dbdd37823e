//! Math (section 5.7). What has no real answer, or none within range, gives nothing.

use rust_decimal::{Decimal, MathematicalOps as _, RoundingStrategy};

use super::Call;
use crate::fhirpath::evaluate::Outcome;
use crate::fhirpath::item::{Collection, Item, one, optional};
use crate::fhirpath::quantity::Quantity;

fn decimal_of(call: &Call<'_, '_>, value: &Item<'_>) -> Outcome<Decimal> {
    match value {
        Item::Integer(value) => Ok(Decimal::from(*value)),
        Item::Decimal(value) => Ok(*value),
        other => Err(call.invalid(&format!("takes a number, found {}", other.describe()))),
    }
}

/// The input as a number.
fn number(call: &Call<'_, '_>) -> Outcome<Option<Decimal>> {
    call.input_value()?.map(|value| decimal_of(call, &value)).transpose()
}

fn argument(call: &Call<'_, '_>) -> Outcome<Option<Decimal>> {
    let argument = call.evaluator.value(&call.argument(0)?, "an argument")?;
    argument.map(|value| decimal_of(call, &value)).transpose()
}

fn to_integer<'t>(call: &Call<'_, 't>, round: fn(&Decimal) -> Decimal) -> Outcome<Collection<'t>> {
    let whole = number(call)?.and_then(|value| i32::try_from(round(&value)).ok());
    Ok(optional(whole.map(Item::Integer)))
}

fn to_decimal<'t>(call: &Call<'_, 't>, function: fn(&Decimal) -> Option<Decimal>) -> Outcome<Collection<'t>> {
    Ok(optional(number(call)?.and_then(|value| function(&value)).map(Item::Decimal)))
}

pub(super) fn abs<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    Ok(match call.input_value()? {
        Some(Item::Integer(value)) => optional(value.checked_abs().map(Item::Integer)),
        Some(Item::Quantity(quantity)) => {
            one(Quantity { value: quantity.value.abs(), unit: quantity.unit.clone() })
        }
        Some(_) => return to_decimal(call, |value| Some(value.abs())),
        None => Collection::new(),
    })
}

pub(super) fn ceiling<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    to_integer(call, Decimal::ceil)
}

pub(super) fn floor<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    to_integer(call, Decimal::floor)
}

pub(super) fn truncate<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    to_integer(call, Decimal::trunc)
}

pub(super) fn exp<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    to_decimal(call, Decimal::checked_exp)
}

pub(super) fn ln<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    to_decimal(call, Decimal::checked_ln)
}

pub(super) fn log<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let (Some(value), Some(base)) = (number(call)?, argument(call)?) else { return Ok(Collection::new()) };
    // base ten has its own series, which is exact for powers of ten
    let logarithm = if base == Decimal::TEN {
        value.checked_log10()
    } else {
        value.checked_ln().zip(base.checked_ln()).and_then(|(value, base)| value.checked_div(base))
    };
    Ok(optional(logarithm.map(|value| Item::Decimal(settled(value)))))
}

/// The nearest short number, where the series missed it by less than a trillionth.
fn settled(value: Decimal) -> Decimal {
    let rounded = value.round_dp(12);
    if (value - rounded).abs() < Decimal::new(1, 15) { rounded.normalize() } else { value }
}

/// Integers to a power that is no fraction give Integers.
pub(super) fn power<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let exponent = call.evaluator.value(&call.argument(0)?, "the exponent")?;
    let (Some(base), Some(exponent)) = (call.input_value()?, exponent) else { return Ok(Collection::new()) };
    if let (Item::Integer(base), Item::Integer(exponent)) = (&base, &exponent)
        && let Ok(exponent) = u32::try_from(*exponent)
    {
        return Ok(optional(base.checked_pow(exponent).map(Item::Integer)));
    }
    let (base, exponent) = (decimal_of(call, &base)?, decimal_of(call, &exponent)?);
    let fraction_of_negative = base.is_sign_negative() && !exponent.fract().is_zero();
    let division_by_nought = base.is_zero() && exponent.is_sign_negative() && !exponent.is_zero();
    let value = if fraction_of_negative || division_by_nought { None } else { base.checked_powd(exponent) };
    Ok(optional(value.map(|value| Item::Decimal(settled(value)))))
}

/// Halves go away from nought.
pub(super) fn round<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    let digits = call.integer(0)?.unwrap_or(0);
    let digits = u32::try_from(digits).map_err(|_| call.invalid("takes no negative precision"))?;
    let rounded = number(call)?
        .map(|value| value.round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero));
    Ok(optional(rounded.map(Item::Decimal)))
}

pub(super) fn sqrt<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    to_decimal(call, Decimal::sqrt)
}

#[cfg(test)]
mod tests {
    use crate::fhirpath::tests::assert_results;

    #[test]
    fn math() {
        assert_results(&[
            ("(-5).abs()", "5"),
            ("(-5.50 'mg').abs()", "5.50 'mg'"),
            ("1.1.ceiling()", "2"),
            ("(-1.1).floor()", "-2"),
            ("(-1.9).truncate()", "-1"),
            ("0.exp() = 1", "true"),
            ("1.ln() = 0", "true"),
            ("16.log(2)", "4"),
            ("1000.log(10)", "3"),
            ("(-1).ln()", ""),
            ("2.power(10)", "1024"),
            ("2.power(-1)", "0.5"),
            ("9.power(0.5)", "3"),
            ("(-1).power(0.5)", ""),
            ("0.power(-1)", ""),
            ("0.power(0)", "1"),
            ("1000000.power(10)", ""),
            ("2.5.round()", "3"),
            ("3.14159.round(2)", "3.14"),
            ("1.round(-1)", "error: no negative precision"),
            ("81.sqrt() = 9", "true"),
            ("(-1).sqrt()", ""),
            ("'a'.abs()", "error: takes a number"),
        ]);
    }
}
