//! `+`, `-`, `*`, `/`, `div`, `mod` and `&`, and the signs (section 6.6 and 6.7). Overflow and
//! division by nought give nothing.

use std::fmt::{self, Display, Formatter};

use rust_decimal::Decimal;

use super::BinaryOperator;
use super::equality::as_decimal;
use crate::fhirpath::error::Fault;
use crate::fhirpath::evaluate::{Evaluator, Outcome};
use crate::fhirpath::item::{Collection, Item, one, optional};
use crate::fhirpath::quantity::{CalendarUnit, Quantity, Unit};

/// A sign before an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::fhirpath) enum Sign {
    Plus,
    Minus,
}

impl Display for Sign {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Plus => "+",
            Self::Minus => "-",
        })
    }
}

impl Sign {
    pub(in crate::fhirpath) fn apply<'t>(
        self,
        evaluator: &Evaluator<'_, 't>,
        operand: &Collection<'t>,
    ) -> Outcome<Collection<'t>> {
        let Some(value) = evaluator.value(operand, "the operand of a sign")? else {
            return Ok(Collection::new());
        };
        let negative = self == Self::Minus;
        Ok(match value {
            Item::Integer(value) if negative => optional(value.checked_neg().map(Item::Integer)),
            Item::Decimal(value) if negative => one(Item::Decimal(-value)),
            Item::Quantity(quantity) if negative => {
                one(Quantity { value: -quantity.value, unit: quantity.unit.clone() })
            }
            Item::Integer(_) | Item::Decimal(_) | Item::Quantity(_) => one(value),
            other => {
                return Err(Fault::invalid(format!(
                    "expected a number after `{self}`, found {}",
                    other.describe()
                )));
            }
        })
    }
}

impl<'t> Evaluator<'_, 't> {
    pub(in crate::fhirpath) fn arithmetic(
        &self,
        operator: BinaryOperator,
        left: &Collection<'t>,
        right: &Collection<'t>,
    ) -> Outcome<Collection<'t>> {
        let left = self.value(left, format_args!("the left operand of `{operator}`"))?;
        let right = self.value(right, format_args!("the right operand of `{operator}`"))?;
        if operator == BinaryOperator::Concatenate {
            return self.concatenate(left, right);
        }
        let (Some(left), Some(right)) = (left, right) else { return Ok(Collection::new()) };
        let wrong = || {
            let (left, right) = (left.describe(), right.describe());
            Fault::invalid(format!("`{operator}` cannot take {left} and {right}"))
        };
        match (&left, &right) {
            (Item::String(one_text), Item::String(other)) if operator == BinaryOperator::Add => {
                self.spend_text(one_text.len() + other.len())?;
                Ok(one(format!("{}{}", &**one_text, &**other)))
            }
            (Item::Integer(one), Item::Integer(other)) => integers(operator, *one, *other).ok_or_else(wrong),
            (Item::Date(_) | Item::DateTime(_) | Item::Time(_), Item::Quantity(quantity)) => {
                let sign = match operator {
                    BinaryOperator::Add => Decimal::ONE,
                    BinaryOperator::Subtract => Decimal::NEGATIVE_ONE,
                    _ => return Err(wrong()),
                };
                Ok(optional(shift(&left, quantity, sign)?))
            }
            (Item::Quantity(_), _) | (_, Item::Quantity(_)) => {
                let (one, other) = as_quantity(&left).zip(as_quantity(&right)).ok_or_else(wrong)?;
                quantities(operator, &one, &other).ok_or_else(wrong)
            }
            _ => {
                let (one, other) = as_decimal(&left).zip(as_decimal(&right)).ok_or_else(wrong)?;
                decimals(operator, one, other).ok_or_else(wrong)
            }
        }
    }

    /// `&`: like `+` on strings, with an empty operand for an empty string.
    fn concatenate(&self, left: Option<Item<'t>>, right: Option<Item<'t>>) -> Outcome<Collection<'t>> {
        let mut text = String::new();
        for operand in [left, right].into_iter().flatten() {
            match operand {
                Item::String(part) => text.push_str(&part),
                other => {
                    return Err(Fault::invalid(format!("`&` cannot take {}", other.describe())));
                }
            }
        }
        self.spend_text(text.len())?;
        Ok(one(text))
    }
}

fn integers<'t>(operator: BinaryOperator, left: i32, right: i32) -> Option<Collection<'t>> {
    let value = match operator {
        BinaryOperator::Add => left.checked_add(right),
        BinaryOperator::Subtract => left.checked_sub(right),
        BinaryOperator::Multiply => left.checked_mul(right),
        BinaryOperator::IntegerDivide => left.checked_div(right),
        BinaryOperator::Modulo => left.checked_rem(right),
        _ => return decimals(operator, left.into(), right.into()),
    };
    Some(optional(value.map(Item::Integer)))
}

fn decimals<'t>(operator: BinaryOperator, left: Decimal, right: Decimal) -> Option<Collection<'t>> {
    let value = match operator {
        BinaryOperator::Add => left.checked_add(right),
        BinaryOperator::Subtract => left.checked_sub(right),
        BinaryOperator::Multiply => left.checked_mul(right),
        BinaryOperator::Divide => left.checked_div(right).map(|value| value.normalize()),
        BinaryOperator::Modulo => left.checked_rem(right),
        BinaryOperator::IntegerDivide => {
            let whole = left.checked_div(right).and_then(|value| value.trunc().try_into().ok());
            return Some(optional(whole.map(Item::Integer)));
        }
        _ => return None,
    };
    Some(optional(value.map(Item::Decimal)))
}

fn quantities<'t>(operator: BinaryOperator, left: &Quantity, right: &Quantity) -> Option<Collection<'t>> {
    let value = match operator {
        BinaryOperator::Add => left.plus(right),
        BinaryOperator::Subtract => left.plus(&Quantity { value: -right.value, unit: right.unit.clone() }),
        BinaryOperator::Multiply => left.times(right),
        BinaryOperator::Divide => left.divided_by(right),
        _ => return None,
    };
    Some(optional(value))
}

/// A number beside a quantity counts as one without a unit.
fn as_quantity(item: &Item<'_>) -> Option<Quantity> {
    match item {
        Item::Quantity(quantity) => Some(Quantity::clone(quantity)),
        other => as_decimal(other).map(|value| Quantity { value, unit: Unit::one() }),
    }
}

/// A date or time moved by a time-valued quantity. Years and months of UCUM have a fixed length,
/// those of the calendar have not, so they are refused rather than mistaken (section 6.7).
fn shift<'t>(start: &Item<'t>, quantity: &Quantity, sign: Decimal) -> Outcome<Option<Item<'t>>> {
    let refused = || Fault::invalid(format!("{} cannot be moved by {quantity}", start.describe()));
    let unit = match &quantity.unit {
        Unit::Calendar(unit) => *unit,
        Unit::Ucum(code) => match CalendarUnit::of_ucum(code) {
            Some(CalendarUnit::Year | CalendarUnit::Month) | None => return Err(refused()),
            Some(unit) => unit,
        },
    };
    let value = quantity.value * sign;
    match start {
        Item::Date(date) => Ok(date.plus(value, unit).map(Item::Date)),
        Item::DateTime(moment) => Ok(moment.plus(value, unit).map(Item::DateTime)),
        Item::Time(time) => time.plus(value, unit).map(|time| Some(Item::Time(time))).ok_or_else(refused),
        _ => Err(refused()),
    }
}

#[cfg(test)]
mod tests {
    use crate::fhirpath::tests::assert_results;

    #[test]
    fn numbers() {
        assert_results(&[
            ("1 + 2 * 3", "7"),
            ("7 div 2", "3"),
            ("-7 mod 3", "-1"),
            ("1 / 2", "0.5"),
            ("1 / 0", ""),
            ("1 div 0", ""),
            ("2147483647 + 1", ""),
            ("0.1 + 0.2", "0.3"),
            ("1.50 + 1", "2.50"),
            ("1 + {}", ""),
            ("1 + 'a'", "error: cannot take"),
            ("-'a'", "error: expected a number"),
            ("2.0 'cm' * 2 'cm' = 4 'cm2'", "true"),
            ("1 'm' + 1 'cm'", "101 'cm'"),
            ("3 'cm' - 1 'mm'", "29 'mm'"),
            ("1 'm' + 1 's'", ""),
        ]);
    }

    #[test]
    fn text_and_time() {
        assert_results(&[
            ("'a' + 'b'", "ab"),
            ("'a' + {}", ""),
            ("'a' & {}", "a"),
            ("1 & 'b'", "error: cannot take"),
            ("@2020-02-28 + 2 days", "2020-03-01"),
            ("@2020-03-01 - 1 month", "2020-02-01"),
            ("@2020-03-01 + 1 'a'", "error: cannot be moved"),
            ("@T23:00 + 2 hours", "01:00"),
            ("@T23:00 + 2 days", "error: cannot be moved"),
        ]);
    }
}
