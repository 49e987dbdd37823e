//! Quantity parameters (search.html#quantity): `[prefix]number|system|code`, units converted.

use rust_decimal::Decimal;

use super::amount::{Amount, Sent, decimal};
use super::escape::{split, unescape};
use super::held::Held;
use super::met::Met;
use super::prefix::Prefix;
use crate::fhir::Element;
use crate::ucum;

/// The code system of currencies, which a Money is of.
const CURRENCIES: &str = "urn:iso:std:iso:4217";

const NOT_CONVERTED: &str = "its unit cannot be converted to the one asked for";

/// The unit that was asked for.
#[derive(Clone, Copy)]
struct Unit<'w> {
    system: &'w str,
    code: &'w str,
}

/// Whether a value meets one value of a quantity parameter.
pub(super) fn meets(held: &Held<'_>, wanted: &str) -> Met {
    let (prefix, rest) = Prefix::split(wanted);
    let parts: Vec<String> = split(rest, '|').into_iter().map(unescape).collect();
    let (number, unit) = match parts.as_slice() {
        [number] => (number, Unit { system: "", code: "" }),
        [number, system, code] => (number, Unit { system, code }),
        _ => return Met::unknown(format!("`{wanted}` is no quantity: it needs no `|`, or two")),
    };
    let Some(sent) = Sent::parse(number) else { return Met::unknown(format!("`{number}` is no number")) };
    let Some(element) = held.element else { return Met::No };
    if held.is_a("SampledData") {
        return Met::unknown("sampled data are not evaluated");
    }
    if element.child("low").is_some() || element.child("high").is_some() {
        return range(element, prefix, sent, unit);
    }
    match amount(element, unit) {
        Ok(Some(amount)) => amount.meets(prefix, sent),
        Ok(None) => Met::No,
        Err(why) => Met::unknown(why),
    }
}

fn range(range: Element<'_>, prefix: Prefix, sent: Sent, unit: Unit<'_>) -> Met {
    let end = |name: &str| match range.child(name) {
        None => Ok(None),
        Some(quantity) => match amount(quantity, unit)? {
            Some(amount) => Ok(Some(amount)),
            // Another unit: what has no such end has no such range.
            None => Err(None),
        },
    };
    match (end("low"), end("high")) {
        (Ok(low), Ok(high)) => {
            let amount = Amount { low: low.and_then(|low| low.low), high: high.and_then(|high| high.high) };
            amount.meets(prefix, sent)
        }
        (Err(Some(why)), _) | (_, Err(Some(why))) => Met::unknown(why),
        _ => Met::No,
    }
}

/// The amount of a Quantity in the unit asked for; `None` where it is of another kind or has no value.
fn amount(quantity: Element<'_>, unit: Unit<'_>) -> Result<Option<Amount>, &'static str> {
    let Some(value) = quantity.text("value").and_then(decimal) else { return Ok(None) };
    let Some(value) = in_unit(value, quantity, unit)? else { return Ok(None) };
    Ok(Some(match quantity.text("comparator") {
        None => Amount::exactly(value),
        Some("<" | "<=") => Amount { low: None, high: Some(value) },
        Some(">" | ">=") => Amount { low: Some(value), high: None },
        Some(_) => return Err("its comparator is not known"),
    }))
}

/// The value of a Quantity in the unit asked for.
fn in_unit(value: Decimal, quantity: Element<'_>, unit: Unit<'_>) -> Result<Option<Decimal>, &'static str> {
    let code = quantity.text("code");
    if unit.code.is_empty() {
        let fits = unit.system.is_empty() || quantity.text("system") == Some(unit.system);
        return Ok(fits.then_some(value));
    }
    if unit.system == CURRENCIES && quantity.text("currency").is_some() {
        return Ok((quantity.text("currency") == Some(unit.code)).then_some(value));
    }
    if unit.system.is_empty() {
        let named = [code, quantity.text("unit"), quantity.text("currency")];
        return Ok(named.contains(&Some(unit.code)).then_some(value));
    }
    if quantity.text("system") != Some(unit.system) {
        return Ok(None);
    }
    match code {
        Some(code) if code == unit.code => Ok(Some(value)),
        Some(code) if unit.system == ucum::SYSTEM => {
            if ucum::is_convertible(code) && ucum::is_convertible(unit.code) {
                let is_same_kind = ucum::commensurable(code, unit.code);
                let converted = ucum::convert(value, code, unit.code);
                return if is_same_kind { converted.map(Some).ok_or(NOT_CONVERTED) } else { Ok(None) };
            }
            Err(NOT_CONVERTED)
        }
        _ => Ok(None),
    }
}
