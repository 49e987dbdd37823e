//! Conversion (section 5.5): `toX()` gives nothing where the value does not convert, and
//! `convertsToX()` tells.

use rust_decimal::Decimal;

use super::Call;
use crate::fhirpath::evaluate::Outcome;
use crate::fhirpath::item::{Collection, Item, one, optional};
use crate::fhirpath::number;
use crate::fhirpath::quantity::{CalendarUnit, Quantity, Unit};
use crate::fhirpath::temporal::{DateTime, Time};

/// The pair of functions for one type.
macro_rules! conversions {
    ($to:ident, $converts_to:ident, $convert:ident) => {
        pub(super) fn $to<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
            Ok(optional(call.input_value()?.and_then(|value| $convert(&value))))
        }

        pub(super) fn $converts_to<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
            if call.input_item()?.is_none() {
                return Ok(Collection::new());
            }
            Ok(one(call.input_value()?.is_some_and(|value| $convert(&value).is_some())))
        }
    };
}

conversions!(to_boolean, converts_to_boolean, boolean);
conversions!(to_integer, converts_to_integer, integer);
conversions!(to_decimal, converts_to_decimal, decimal);
conversions!(to_date, converts_to_date, date);
conversions!(to_date_time, converts_to_date_time, date_time);
conversions!(to_time, converts_to_time, time);
conversions!(to_string, converts_to_string, string);

fn boolean<'t>(value: &Item<'_>) -> Option<Item<'t>> {
    let truth = match value {
        Item::Boolean(value) => *value,
        Item::Integer(1) => true,
        Item::Integer(0) => false,
        Item::Decimal(value) if *value == Decimal::ONE => true,
        Item::Decimal(value) if *value == Decimal::ZERO => false,
        Item::String(text) => match text.to_ascii_lowercase().as_str() {
            "true" | "t" | "yes" | "y" | "1" | "1.0" => true,
            "false" | "f" | "no" | "n" | "0" | "0.0" => false,
            _ => return None,
        },
        _ => return None,
    };
    Some(Item::Boolean(truth))
}

fn integer<'t>(value: &Item<'_>) -> Option<Item<'t>> {
    match value {
        Item::Integer(value) => Some(*value),
        Item::Boolean(value) => Some(i32::from(*value)),
        Item::String(text) => text.parse().ok(),
        _ => None,
    }
    .map(Item::Integer)
}

fn decimal<'t>(value: &Item<'_>) -> Option<Item<'t>> {
    match value {
        Item::Decimal(value) => Some(*value),
        Item::Integer(value) => Some(Decimal::from(*value)),
        Item::Boolean(value) => Some(one_point_nought(*value)),
        Item::String(text) if !text.contains(['e', 'E']) => number::parse(text),
        _ => None,
    }
    .map(Item::Decimal)
}

/// `1.0` for true and `0.0` for false.
fn one_point_nought(value: bool) -> Decimal {
    Decimal::new(if value { 10 } else { 0 }, 1)
}

fn date<'t>(value: &Item<'_>) -> Option<Item<'t>> {
    match value {
        Item::Date(date) => Some(*date),
        Item::DateTime(moment) => Some(moment.date),
        Item::String(text) => DateTime::parse(text).map(|moment| moment.date),
        _ => None,
    }
    .map(Item::Date)
}

fn date_time<'t>(value: &Item<'_>) -> Option<Item<'t>> {
    match value {
        Item::DateTime(moment) => Some(*moment),
        Item::Date(date) => Some((*date).into()),
        Item::String(text) => DateTime::parse(text),
        _ => None,
    }
    .map(Item::DateTime)
}

fn time<'t>(value: &Item<'_>) -> Option<Item<'t>> {
    match value {
        Item::Time(time) => Some(*time),
        Item::String(text) => Time::parse(text.strip_prefix('T').unwrap_or(text)),
        _ => None,
    }
    .map(Item::Time)
}

fn string<'t>(value: &Item<'_>) -> Option<Item<'t>> {
    match value {
        Item::Element { .. } | Item::Type(_) => None,
        value => Some(Item::from(value.to_string())),
    }
}

fn quantity(value: &Item<'_>) -> Option<Quantity> {
    let plain = |value| Quantity { value, unit: Unit::one() };
    match value {
        Item::Quantity(quantity) => Some(Quantity::clone(quantity)),
        Item::Integer(value) => Some(plain(Decimal::from(*value))),
        Item::Decimal(value) => Some(plain(*value)),
        Item::Boolean(value) => Some(plain(one_point_nought(*value))),
        Item::String(text) => Quantity::parse(text),
        _ => None,
    }
}

/// The input as a quantity, in the unit of the argument where there is one.
fn quantity_in_unit(call: &Call<'_, '_>) -> Outcome<Option<Quantity>> {
    let unit = call.string(0)?;
    let found = call.input_value()?.and_then(|value| quantity(&value));
    Ok(match (found, unit) {
        (Some(found), Some(unit)) => found.in_unit(&unit_of(&unit)),
        (found, _) => found,
    })
}

/// A unit as an argument gives it: a calendar word, or a code with quotes or without.
fn unit_of(text: &str) -> Unit {
    let bare = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')).unwrap_or(text);
    CalendarUnit::of(bare).map_or_else(|| Unit::Ucum(bare.into()), Unit::Calendar)
}

pub(super) fn to_quantity<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    Ok(optional(quantity_in_unit(call)?))
}

pub(super) fn converts_to_quantity<'t>(call: &Call<'_, 't>) -> Outcome<Collection<'t>> {
    if call.input_item()?.is_none() {
        return Ok(Collection::new());
    }
    Ok(one(quantity_in_unit(call)?.is_some()))
}

#[cfg(test)]
mod tests {
    use crate::fhirpath::tests::assert_results;

    #[test]
    fn conversions() {
        assert_results(&[
            ("'yes'.toBoolean()", "true"),
            ("2.toBoolean()", ""),
            ("0.0.toBoolean()", "false"),
            ("'12'.toInteger()", "12"),
            ("'1.0'.toInteger()", ""),
            ("true.toInteger()", "1"),
            ("true.toDecimal()", "1.0"),
            ("false.toQuantity()", "0.0 '1'"),
            ("'1.50'.toDecimal()", "1.50"),
            ("'1.'.convertsToDecimal()", "false"),
            ("'2015-02'.toDate()", "2015-02"),
            ("'2015-02-04T10:00Z'.toDate()", "2015-02-04"),
            ("'2015-13'.convertsToDate()", "false"),
            ("@2015.toDateTime()", "2015"),
            ("'14:30'.toTime()", "14:30"),
            ("1.50.toString()", "1.50"),
            ("4 days.toString()", "4 day"),
            ("'1 day'.toQuantity() = 1 day", "true"),
            ("'1 \\'mg\\''.toQuantity('g')", "0.001 'g'"),
            ("'1 wk'.convertsToQuantity()", "false"),
            ("'1 \\'mg\\''.convertsToQuantity('s')", "false"),
            ("{}.convertsToInteger()", ""),
            ("name.toString()", "error: must be one item"),
            ("maritalStatus.toString()", ""),
            ("(1 | 2).toInteger()", "error: must be one item"),
        ]);
    }
}
