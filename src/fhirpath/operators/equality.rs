//! `=` and `~` on items and collections (sections 6.1.1 and 6.1.2).

use std::cmp::Ordering;

use rust_decimal::Decimal;

use crate::fhir::Element;
use crate::fhirpath::evaluate::{Evaluator, Outcome};
use crate::fhirpath::item::Item;
use crate::fhirpath::number;
use crate::fhirpath::temporal::DateTime;

impl<'t> Evaluator<'_, 't> {
    /// Item by item, in order. Empty on either side leaves the answer open.
    pub(in crate::fhirpath) fn equal_collections(
        &self,
        left: &[Item<'t>],
        right: &[Item<'t>],
    ) -> Outcome<Option<bool>> {
        if left.is_empty() || right.is_empty() {
            return Ok(None);
        }
        if left.len() != right.len() {
            return Ok(Some(false));
        }
        self.spend(left.len())?;
        let mut open = false;
        for (one, other) in left.iter().zip(right) {
            match self.equal_items(one, other) {
                Some(true) => {}
                Some(false) => return Ok(Some(false)),
                None => open = true,
            }
        }
        Ok((!open).then_some(true))
    }

    /// The same items in any order.
    pub(in crate::fhirpath) fn equivalent_collections(
        &self,
        left: &[Item<'t>],
        right: &[Item<'t>],
    ) -> Outcome<bool> {
        if left.len() != right.len() {
            return Ok(false);
        }
        let mut rest: Vec<&Item<'t>> = right.iter().collect();
        for one in left {
            self.spend(rest.len())?;
            match rest.iter().position(|other| self.equivalent_items(one, other)) {
                Some(found) => rest.swap_remove(found),
                None => return Ok(false),
            };
        }
        Ok(true)
    }

    /// Whether two items are equal; `None` where precision or units leave it open.
    pub(in crate::fhirpath) fn equal_items(&self, one: &Item<'_>, other: &Item<'_>) -> Option<bool> {
        match (one.as_system(self.model()), other.as_system(self.model())) {
            (Some(one), Some(other)) => equal_values(&one, &other),
            (None, None) => match (one, other) {
                (Item::Element { element: one, .. }, Item::Element { element: other, .. }) => {
                    Some(one == other || same_children(*one, *other))
                }
                _ => Some(false),
            },
            _ => Some(false),
        }
    }

    /// Whether two items are equivalent; the answer is never open.
    pub(in crate::fhirpath) fn equivalent_items(&self, one: &Item<'_>, other: &Item<'_>) -> bool {
        match (one.to_system(self.model()), other.to_system(self.model())) {
            (Some(one), Some(other)) => equivalent_values(&one, &other),
            (None, None) => match (one, other) {
                (Item::Element { element: one, .. }, Item::Element { element: other, .. }) => {
                    one == other || equivalent_elements(*one, *other)
                }
                _ => false,
            },
            _ => false,
        }
    }
}

fn equal_values(one: &Item<'_>, other: &Item<'_>) -> Option<bool> {
    match (one, other) {
        (Item::Boolean(one), Item::Boolean(other)) => Some(one == other),
        (Item::String(one), Item::String(other)) => Some(**one == **other),
        (Item::Type(one), Item::Type(other)) => Some(one == other),
        (Item::Quantity(one), Item::Quantity(other)) => {
            one.compare(other).map(|order| order == Ordering::Equal)
        }
        _ => {
            if let (Some(one), Some(other)) = (as_decimal(one), as_decimal(other)) {
                return Some(one == other);
            }
            if let (Some(one), Some(other)) = (as_date_time(one), as_date_time(other)) {
                return one.compare(other).map(|order| order == Ordering::Equal);
            }
            match (one, other) {
                (Item::Time(one), Item::Time(other)) => {
                    one.compare(*other).map(|order| order == Ordering::Equal)
                }
                _ => Some(false),
            }
        }
    }
}

fn equivalent_values(one: &Item<'_>, other: &Item<'_>) -> bool {
    match (one, other) {
        (Item::String(one), Item::String(other)) => normalized(one).eq(normalized(other)),
        (Item::Quantity(one), Item::Quantity(other)) => one.equivalent(other),
        (Item::Integer(_) | Item::Decimal(_), Item::Integer(_) | Item::Decimal(_)) => {
            let (Some(one), Some(other)) = (as_decimal(one), as_decimal(other)) else { return false };
            number::equivalent(one, other)
        }
        // an open answer, because precisions differ, is no
        _ => equal_values(one, other) == Some(true),
    }
}

/// Text without regard to case and to how blanks are written.
fn normalized(text: &str) -> impl Iterator<Item = char> {
    text.chars()
        .map(|character| if character.is_whitespace() { ' ' } else { character })
        .flat_map(char::to_lowercase)
}

/// Integers count as decimals beside decimals (section 5.5, implicit conversion).
pub(super) fn as_decimal(item: &Item<'_>) -> Option<Decimal> {
    match item {
        Item::Integer(value) => Some(Decimal::from(*value)),
        Item::Decimal(value) => Some(*value),
        _ => None,
    }
}

/// A Date counts as a `DateTime` beside one.
pub(super) fn as_date_time(item: &Item<'_>) -> Option<DateTime> {
    match item {
        Item::Date(date) => Some((*date).into()),
        Item::DateTime(moment) => Some(*moment),
        _ => None,
    }
}

/// The same values and the same children under the same names, in any order of names.
fn same_children(one: Element<'_>, other: Element<'_>) -> bool {
    let same_value = match (one.value(), other.value()) {
        (Some(one), Some(other)) => one == other || same_number(one, other),
        (one, other) => one == other,
    };
    same_value
        && one.resource_type() == other.resource_type()
        && one.children().count() == other.children().count()
        && one.children().all(|child| {
            let twin = other.children_named(child.name()).nth(child.index());
            twin.is_some_and(|twin| same_children(child, twin))
        })
}

/// The same but for the order of repetitions, the case of text, and ids.
fn equivalent_elements(one: Element<'_>, other: Element<'_>) -> bool {
    let same_value = match (one.value(), other.value()) {
        (Some(one), Some(other)) => normalized(one).eq(normalized(other)) || same_number(one, other),
        (one, other) => one == other,
    };
    let children = |element: Element<'_>| -> Vec<_> {
        element.children().filter(|child| child.name() != "id").map(Element::id).collect()
    };
    let mut rest = children(other);
    same_value
        && children(one).len() == rest.len()
        && children(one).into_iter().all(|id| {
            let Some(child) = one.tree().element(id) else { return false };
            let twin = rest.iter().position(|id| {
                let twin = other.tree().element(*id);
                twin.is_some_and(|twin| twin.name() == child.name() && equivalent_elements(child, twin))
            });
            twin.map(|found| rest.swap_remove(found)).is_some()
        })
}

/// `1.0` and `1.00` are one number, though not one text.
fn same_number(one: &str, other: &str) -> bool {
    number::parse(one).zip(number::parse(other)).is_some_and(|(one, other)| one == other)
}

#[cfg(test)]
mod tests {
    use crate::fhirpath::tests::assert_results;

    #[test]
    fn equality_knows_what_it_cannot_know() {
        assert_results(&[
            ("1 = 1.0", "true"),
            ("1.10 = 1.1", "true"),
            ("'a' = 'A'", "false"),
            ("1 = '1'", "false"),
            ("(1 | 2) = (2 | 1)", "false"),
            ("(1 | 2) = (1 | 2 | 3)", "false"),
            ("{} = {}", ""),
            ("@2020 = @2020-01", ""),
            ("@2020 != @2021-01", "true"),
            ("@2020-01-01 = @2020-01-01T10:00", ""),
            ("1 'g' = 1000 'mg'", "true"),
            ("1 'g' = 1 'm'", ""),
            ("@T10:00 = 10", "false"),
        ]);
    }

    #[test]
    fn equivalence_always_answers() {
        assert_results(&[
            ("{} ~ {}", "true"),
            ("{} ~ 1", "false"),
            ("(1 | 2) ~ (2 | 1)", "true"),
            ("'Some  Text' ~ 'some \\ttext'", "true"),
            ("0.666 ~ 0.67", "true"),
            ("1 ~ 2", "false"),
            ("@2020 ~ @2020-01", "false"),
            ("1 year ~ 1 'a'", "true"),
            ("'a' !~ 'b'", "true"),
        ]);
    }
}
