//! From FHIR elements to System values (FHIR R4, section 2.9.1: FHIR types and FHIRPath).

use std::borrow::Cow;

use super::item::{Item, Text};
use super::model::Model;
use super::number;
use super::quantity::{CalendarUnit, Quantity, Unit};
use super::temporal::{Date, DateTime, Time};
use super::types::is_a;
use crate::fhir::{Element, ScalarKind};

pub(super) const UCUM: &str = "http://unitsofmeasure.org";

impl<'t> Item<'t> {
    /// The System value, as it is where it is one.
    pub(super) fn as_system(&self, model: &dyn Model) -> Option<Cow<'_, Item<'t>>> {
        match self {
            Self::Element { .. } => self.to_system(model).map(Cow::Owned),
            system => Some(Cow::Borrowed(system)),
        }
    }

    /// The System value: itself, or what its element converts to. A complex element has none, and
    /// neither has a primitive without a value.
    #[must_use]
    pub fn to_system(&self, model: &dyn Model) -> Option<Self> {
        match self {
            Self::Element { element, type_name } => match element.value() {
                Some(value) => Some(primitive(*element, value, *type_name)),
                None => type_name
                    .filter(|name| is_a(model, name, "Quantity"))
                    .and_then(|_| quantity(*element))
                    .map(Item::from),
            },
            system => Some(system.clone()),
        }
    }
}

/// The value in the System type of its FHIR type. A value that its type does not allow stays a
/// string, so that an expression still sees what was written.
fn primitive<'t>(element: Element<'t>, value: &'t str, type_name: Option<&str>) -> Item<'t> {
    let converted = match type_name {
        Some("boolean") => value.parse().ok().map(Item::Boolean),
        Some("integer" | "positiveInt" | "unsignedInt") => value.parse().ok().map(Item::Integer),
        Some("decimal") => number::parse(value).map(Item::Decimal),
        Some("date") => Date::parse(value).map(Item::Date),
        Some("dateTime" | "instant") => date_time(value).map(Item::DateTime),
        Some("time") => Time::parse(value).map(Item::Time),
        Some(_) => None,
        None => match element.scalar_kind() {
            Some(ScalarKind::Boolean) => value.parse().ok().map(Item::Boolean),
            Some(ScalarKind::Number) => {
                value.parse().map(Item::Integer).ok().or_else(|| number::parse(value).map(Item::Decimal))
            }
            _ => None,
        },
    };
    converted.unwrap_or(Item::String(Text::Borrowed(value)))
}

/// A dateTime; digits beyond nanoseconds, which FHIR allows, are cut off.
fn date_time(value: &str) -> Option<DateTime> {
    DateTime::parse(value).or_else(|| {
        let (head, fraction) = value.split_once('.')?;
        let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
        (digits > 9).then(|| DateTime::parse(&format!("{head}.{}{}", &fraction[..9], &fraction[digits..])))?
    })
}

/// The type that an element most likely has, where no model tells.
pub(super) fn guess(element: Element<'_>) -> &'static str {
    match element.scalar_kind() {
        Some(ScalarKind::Boolean) => "boolean",
        Some(ScalarKind::Number) => "decimal",
        Some(_) => "string",
        None => "Element",
    }
}

/// A FHIR Quantity as a System.Quantity. One with a comparator is no number, so it is none.
fn quantity(element: Element<'_>) -> Option<Quantity> {
    if element.child("comparator").is_some() {
        return None;
    }
    let value = number::parse(element.text("value")?)?;
    let unit = match (element.text("system"), element.text("code")) {
        (Some(UCUM), Some(code)) => match CalendarUnit::of_ucum(code) {
            // time-valued quantities count as calendar durations
            Some(unit) => Unit::Calendar(unit),
            None => Unit::Ucum(code.into()),
        },
        (_, Some(code)) => Unit::Ucum(code.into()),
        (_, None) => element.text("unit").map_or_else(Unit::one, |unit| Unit::Ucum(unit.into())),
    };
    Some(Quantity { value, unit })
}
