//! Values of any type: which type they are of, and how two of them compare.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use crate::fhir::{DATA_TYPES, Element};
use crate::fhirpath::{DateTime, Quantity, Time, Unit};

/// The code system of units.
pub(super) const UCUM: &str = "http://unitsofmeasure.org";

/// The value of a choice element, with the type that its name ends in: `DateTime` of `valueDateTime`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Value<'t> {
    pub(super) element: Element<'t>,
    pub(super) kind: &'t str,
}

impl<'t> Value<'t> {
    /// The value of the choice `NAME[x]` of an element, where it has one.
    pub(super) fn of(parent: Element<'t>, name: &str) -> Option<Self> {
        parent.children().find_map(|element| {
            let kind = element.name().strip_prefix(name)?;
            kind.starts_with(|first: char| first.is_ascii_uppercase()).then_some(Self { element, kind })
        })
    }

    /// Its type, by the name that FHIR has for it: `dateTime`.
    pub(super) fn type_name(self) -> &'t str {
        type_name(self.kind)
    }

    /// The primitive as written.
    pub(super) fn written(self) -> &'t str {
        self.element.value().unwrap_or_default()
    }
}

/// The name of the type that the name of a choice ends in: `dateTime` of `DateTime`.
pub(super) fn type_name(kind: &str) -> &str {
    DATA_TYPES.into_iter().find(|name| name.eq_ignore_ascii_case(kind)).unwrap_or(kind)
}

/// A decimal as FHIR writes it, with or without an exponent.
pub(super) fn decimal(text: &str) -> Option<Decimal> {
    if text.contains(['e', 'E']) { Decimal::from_scientific(text).ok() } else { text.parse().ok() }
}

/// The order of two values, `None` where they have none: other types, units that do not convert, or dates
/// that are the same as far as both say.
pub(super) fn compare(one: Value<'_>, other: Value<'_>) -> Option<Ordering> {
    match (one.kind, other.kind) {
        ("Integer" | "Decimal", "Integer" | "Decimal") => {
            Some(decimal(one.written())?.cmp(&decimal(other.written())?))
        }
        ("Date" | "DateTime", "Date" | "DateTime") => {
            DateTime::parse(one.written())?.compare(DateTime::parse(other.written())?)
        }
        ("Time", "Time") => Time::parse(one.written())?.compare(Time::parse(other.written())?),
        ("Quantity", "Quantity") => compare_quantities(one.element, other.element),
        ("String", "String") => Some(one.written().cmp(other.written())),
        _ => None,
    }
}

/// The order of two quantities, those in UCUM units after conversion.
pub(super) fn compare_quantities(one: Element<'_>, other: Element<'_>) -> Option<Ordering> {
    let number = |quantity: Element<'_>| decimal(quantity.text("value")?);
    let (own, its) = (number(one)?, number(other)?);
    let (code, other_code) = (one.text("code")?, other.text("code")?);
    match (one.text("system"), other.text("system")) {
        (Some(UCUM), Some(UCUM)) => {
            let quantity = |value: Decimal, code: &str| Quantity { value, unit: Unit::Ucum(code.into()) };
            quantity(own, code).compare(&quantity(its, other_code))
        }
        (system, other_system) => (system == other_system && code == other_code).then(|| own.cmp(&its)),
    }
}

/// Whether a value is the one that a pattern gives: what the pattern leaves out need not match, and what is
/// there for people to read says nothing. `None` where it cannot be told.
pub(super) fn matches(value: Value<'_>, pattern: Value<'_>) -> Option<bool> {
    match pattern.kind {
        "Coding" | "Reference" if value.kind == pattern.kind => {
            Some(has_parts(value.element, pattern.element))
        }
        "Quantity" if value.kind == pattern.kind => match compare(value, pattern) {
            Some(order) => Some(order == Ordering::Equal),
            None => Some(false).filter(|_| pattern.element.child("code").is_some()),
        },
        "Boolean" | "String" | "Uri" => {
            Some(value.kind == pattern.kind && value.written() == pattern.written())
        }
        "Integer" | "Decimal" | "Date" | "DateTime" | "Time" => match compare(value, pattern) {
            Some(order) => Some(order == Ordering::Equal),
            None if value.kind == pattern.kind && value.written() == pattern.written() => Some(true),
            // Dates of different precision: the specification leaves open whether 2024 is 2024-05.
            None => (value.kind != pattern.kind).then_some(false),
        },
        "Coding" | "Reference" | "Quantity" => Some(false),
        _ => None,
    }
}

/// Whether one of several holds, where some may not be told.
pub(super) fn any(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut found = Some(false);
    for answer in answers {
        match answer {
            Some(true) => return answer,
            Some(false) => {}
            None => found = None,
        }
    }
    found
}

fn has_parts(value: Element<'_>, pattern: Element<'_>) -> bool {
    let mut parts =
        ["system", "code", "reference"].into_iter().filter_map(|name| pattern.child(name)).peekable();
    if parts.peek().is_none() {
        return pattern.text("display").is_some_and(|display| value.text("display") == Some(display));
    }
    parts.all(|part| value.text(part.name()) == part.value())
}

/// A value in few words.
pub(super) fn words(value: Value<'_>) -> String {
    let part = |name: &str| value.element.text(name);
    match value.kind {
        "Coding" => format!("{}#{}", part("system").unwrap_or_default(), part("code").unwrap_or_default()),
        "Quantity" => {
            let unit = part("code").or_else(|| part("unit")).unwrap_or_default();
            format!("{} {unit}", part("value").unwrap_or_default()).trim_end().to_owned()
        }
        "Reference" => part("reference").unwrap_or_default().to_owned(),
        _ => crate::profile::shorten(value.written()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::parse_json;

    #[track_caller]
    fn compared(one: &str, other: &str) -> (Option<Ordering>, Option<bool>) {
        let tree =
            parse_json(&format!(r#"{{"resourceType":"Basic","a":{{{one}}},"b":{{{other}}}}}"#)).unwrap();
        let value = |name: &str| Value::of(tree.root().child(name).unwrap(), "value").unwrap();
        (compare(value("a"), value("b")), matches(value("a"), value("b")))
    }

    #[test]
    fn numbers_are_compared_as_numbers() {
        assert_eq!(compared(r#""valueInteger":9"#, r#""valueInteger":10"#).0, Some(Ordering::Less));
        assert_eq!(compared(r#""valueDecimal":1.50"#, r#""valueDecimal":1.5"#).1, Some(true));
        assert_eq!(compared(r#""valueDecimal":1e1"#, r#""valueInteger":10"#).0, Some(Ordering::Equal));
    }

    #[test]
    fn dates_of_different_precision_have_no_order_where_they_overlap() {
        assert_eq!(compared(r#""valueDate":"2024""#, r#""valueDate":"2024-05""#), (None, None));
        assert_eq!(compared(r#""valueDate":"2023""#, r#""valueDate":"2024-05""#).0, Some(Ordering::Less));
    }

    #[test]
    fn quantities_are_converted() {
        let quantity = |value: &str, code: &str| {
            format!(r#""valueQuantity":{{"value":{value},"system":"{UCUM}","code":"{code}"}}"#)
        };
        assert_eq!(compared(&quantity("10000", "m"), &quantity("50", "km")).0, Some(Ordering::Less));
        assert_eq!(compared(&quantity("1000", "g"), &quantity("1", "kg")).1, Some(true));
        assert_eq!(compared(&quantity("1", "m"), &quantity("1", "kg")), (None, Some(false)));
    }

    #[test]
    fn a_coding_matches_by_what_the_pattern_says() {
        let yes = r#""valueCoding":{"system":"http://a","code":"y","display":"Yes"}"#;
        assert_eq!(compared(yes, r#""valueCoding":{"code":"y"}"#).1, Some(true));
        assert_eq!(compared(yes, r#""valueCoding":{"system":"http://b","code":"y"}"#).1, Some(false));
        assert_eq!(compared(yes, r#""valueString":"y""#).1, Some(false));
    }
}
