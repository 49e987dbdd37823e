//! `<`, `<=`, `>` and `>=` (section 6.2).

use std::cmp::Ordering;

use super::BinaryOperator;
use super::equality::{as_date_time, as_decimal};
use crate::fhirpath::error::Fault;
use crate::fhirpath::evaluate::{Evaluator, Outcome};
use crate::fhirpath::item::Item;
use crate::fhirpath::singleton::single;

impl<'t> Evaluator<'_, 't> {
    pub(super) fn compare_operands(
        &self,
        operator: BinaryOperator,
        left: &[Item<'t>],
        right: &[Item<'t>],
    ) -> Outcome<Option<bool>> {
        let left = single(left, format_args!("the left operand of `{operator}`"))?;
        let right = single(right, format_args!("the right operand of `{operator}`"))?;
        let (Some(left), Some(right)) = (left, right) else { return Ok(None) };
        let order = self.compare_items(left, right)?;
        Ok(order.map(|order| match operator {
            BinaryOperator::Less => order == Ordering::Less,
            BinaryOperator::LessOrEqual => order != Ordering::Greater,
            BinaryOperator::Greater => order == Ordering::Greater,
            _ => order != Ordering::Less,
        }))
    }

    /// The order of two items; `None` where precision or units leave it open, an error where their
    /// types have no order.
    pub(in crate::fhirpath) fn compare_items(
        &self,
        left: &Item<'t>,
        right: &Item<'t>,
    ) -> Outcome<Option<Ordering>> {
        let incomparable =
            || Fault::invalid(format!("{} and {} have no order", left.describe(), right.describe()));
        let values = left.to_system(self.model()).zip(right.to_system(self.model()));
        let Some((one, other)) = values else {
            // a FHIR primitive or quantity without a value leaves the answer open
            let empty = |item: &Item<'t>| {
                item.as_element().is_some_and(|element| {
                    element.value().is_none()
                        && element.children().all(|child| matches!(child.name(), "id" | "extension"))
                })
            };
            return if empty(left) || empty(right) { Ok(None) } else { Err(incomparable()) };
        };
        if let (Some(one), Some(other)) = (as_decimal(&one), as_decimal(&other)) {
            return Ok(Some(one.cmp(&other)));
        }
        if let (Some(one), Some(other)) = (as_date_time(&one), as_date_time(&other)) {
            return Ok(one.compare(other));
        }
        match (&one, &other) {
            (Item::String(one), Item::String(other)) => Ok(Some((**one).cmp(&**other))),
            (Item::Time(one), Item::Time(other)) => Ok(one.compare(*other)),
            (Item::Quantity(one), Item::Quantity(other)) => Ok(one.compare(other)),
            _ => Err(incomparable()),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::fhirpath::tests::assert_results;

    #[test]
    fn order() {
        assert_results(&[
            ("1 < 1.5", "true"),
            ("'b' >= 'a'", "true"),
            ("@2018-03 < @2018-03-01", ""),
            ("@2018-03 < @2018-04-01", "true"),
            ("@T10:30 > @T10:00:00", "true"),
            ("1 'cm' < 1 'm'", "true"),
            ("1 'cm' < 1 's'", ""),
            ("{} < 1", ""),
            ("1 < 'a'", "error: have no order"),
            ("(1 | 2) < 3", "error: must be one item"),
        ]);
    }
}
