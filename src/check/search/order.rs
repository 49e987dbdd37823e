//! Which of two records stands first by a parameter: only what every server must agree on.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::amount::decimal;
use super::date;
use super::definition::Kind;
use super::held::Held;
use super::span::{Reading, Span};
use super::string::{fold, texts};

/// The order of two records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Before,
    Same,
    After,
    /// Either order is right.
    Either,
}

impl Order {
    pub(super) fn reversed(self) -> Self {
        match self {
            Self::Before => Self::After,
            Self::After => Self::Before,
            other => other,
        }
    }

    fn of(ordering: Ordering) -> Self {
        match ordering {
            Ordering::Less => Self::Before,
            Ordering::Equal => Self::Same,
            Ordering::Greater => Self::After,
        }
    }

    /// The order of two ranges: one of several values stands where the server likes between its ends.
    fn of_ranges<T: PartialEq>(one: &(T, T), other: &(T, T), order: impl Fn(&T, &T) -> Self) -> Self {
        if one.0 == one.1 && other.0 == other.1 {
            return order(&one.0, &other.0);
        }
        match (order(&one.1, &other.0), order(&one.0, &other.1)) {
            (Self::Before, _) => Self::Before,
            (_, Self::After) => Self::After,
            _ => Self::Either,
        }
    }
}

/// The order by one parameter, ascending; `None` where the specification defines none for its type.
pub(super) fn order(one: &[Held<'_>], other: &[Held<'_>], kind: Kind) -> Option<Order> {
    Some(match kind {
        Kind::Date => {
            let told = [Reading::Clock, Reading::Zone(0)].map(|reading| by_date(one, other, reading));
            if told[0] == told[1] { told[0] } else { Order::Either }
        }
        Kind::String | Kind::Uri => by_text(one, other),
        Kind::Token if one.iter().chain(other).all(|held| held.is_a("id")) => by_text(one, other),
        Kind::Number | Kind::Quantity => by_number(one, other),
        Kind::Token | Kind::Reference | Kind::Composite => return None,
    })
}

fn by_date(one: &[Held<'_>], other: &[Held<'_>], reading: Reading) -> Order {
    let span = |all: &[Held<'_>]| -> Option<Span> {
        let spans: Vec<Span> = all.iter().filter_map(|held| date::span_of(held, reading)).collect();
        let start = spans.iter().map(|span| span.start).min()?;
        Some(Span { start, end: spans.iter().map(|span| span.end).max()? })
    };
    match (span(one), span(other)) {
        (Some(one), Some(other)) if one == other => Order::Same,
        (Some(one), Some(other)) if one.end < other.start => Order::Before,
        (Some(one), Some(other)) if one.start > other.end => Order::After,
        _ => Order::Either,
    }
}

fn by_number(one: &[Held<'_>], other: &[Held<'_>]) -> Order {
    let mut units = one.iter().chain(other).map(|held| held.text("code").or_else(|| held.text("unit")));
    let first = units.next();
    if units.any(|unit| Some(unit) != first) {
        return Order::Either;
    }
    let ends = |all: &[Held<'_>]| -> Option<(Decimal, Decimal)> {
        let numbers = all.iter().map(|held| decimal(held.value.as_deref().or_else(|| held.text("value"))?));
        let numbers: Option<Vec<Decimal>> = numbers.collect();
        Some((*numbers.as_ref()?.iter().min()?, *numbers.as_ref()?.iter().max()?))
    };
    match (ends(one), ends(other)) {
        (Some(one), Some(other)) => Order::of_ranges(&one, &other, |one, other| Order::of(one.cmp(other))),
        _ => Order::Either,
    }
}

fn by_text(one: &[Held<'_>], other: &[Held<'_>]) -> Order {
    let ends = |all: &[Held<'_>]| -> Option<(String, String)> {
        let all: Vec<String> = all.iter().flat_map(texts).map(fold).collect();
        Some((all.iter().min()?.clone(), all.iter().max()?.clone()))
    };
    match (ends(one), ends(other)) {
        (Some(one), Some(other)) => Order::of_ranges(&one, &other, |one, other| of_texts(one, other)),
        _ => Order::Either,
    }
}

/// Every collation agrees on two letters, and on two digits of numbers of the same length.
fn of_texts(one: &str, other: &str) -> Order {
    let common = one.chars().zip(other.chars()).take_while(|(one, other)| one == other);
    let at: usize = common.map(|(letter, _)| letter.len_utf8()).sum();
    let (one_rest, other_rest) = (&one[at..], &other[at..]);
    match (one_rest.chars().next(), other_rest.chars().next()) {
        (None, None) => Order::Same,
        (None, Some(_)) => Order::Before,
        (Some(_), None) => Order::After,
        (Some(one), Some(other)) if one.is_ascii_lowercase() && other.is_ascii_lowercase() => {
            Order::of(one.cmp(&other))
        }
        (Some(one), Some(other)) if one.is_ascii_digit() && other.is_ascii_digit() => {
            let digits = |rest: &str| rest.bytes().take_while(u8::is_ascii_digit).count();
            if digits(one_rest) == digits(other_rest) { Order::of(one.cmp(&other)) } else { Order::Either }
        }
        _ => Order::Either,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_every_collation_agrees_on() {
        for (one, other, order) in [
            ("ash", "birch", Order::Before),
            ("birch", "ash", Order::After),
            ("ash", "ash", Order::Same),
            ("ash", "ashcombe", Order::Before),
            ("o'hara", "oak", Order::Either),
            ("ward 2", "ward 10", Order::Either),
            ("ward 12", "ward 10", Order::After),
            ("9", "a", Order::Either),
        ] {
            assert_eq!(of_texts(one, other), order, "{one} {other}");
        }
    }
}
