//! What a resource has for a parameter, in words that a supplier understands.

use super::definition::{Definition, Kind};
use super::held::Held;
use super::string;
use super::token::codings;
use crate::fhir::Element;
use crate::validate::{describe, shorten};

/// How many values are named.
const MOST: usize = 3;

/// The values of a resource for a parameter: `https://fhir.nhs.uk/Id/nhs-number|9990000018`.
pub(super) fn of(all: &[Held<'_>], definition: &Definition<'_>) -> String {
    if all.is_empty() {
        return "none".to_owned();
    }
    let mut words: Vec<String> = all.iter().take(MOST).map(|held| one(held, definition.kind)).collect();
    if all.len() > MOST {
        words.push(format!("{} more", all.len() - MOST));
    }
    shorten(&words.join(", "))
}

fn one(held: &Held<'_>, kind: Kind) -> String {
    if let Some(value) = &held.value {
        return value.to_string();
    }
    let Some(element) = held.element else { return "nothing".to_owned() };
    let words = match kind {
        Kind::Token => Some(token(element)),
        Kind::String => Some(string::texts(held).join(" ")),
        Kind::Date => period(element),
        Kind::Reference => reference(element),
        Kind::Quantity | Kind::Number => quantity(element),
        Kind::Composite | Kind::Uri => None,
    };
    words.filter(|words| !words.is_empty()).unwrap_or_else(|| describe(element))
}

/// `system|code`, for each Coding; the text where there is none.
fn token(element: Element<'_>) -> String {
    let tokens: Vec<String> = codings(element)
        .into_iter()
        .filter_map(|coding| {
            let code = coding.text("code").or_else(|| coding.text("value"))?;
            Some(match coding.text("system") {
                Some(system) => format!("{system}|{code}"),
                None => format!("|{code}"),
            })
        })
        .collect();
    if tokens.is_empty() {
        return element.text("text").map(|text| format!("text “{text}” without a code")).unwrap_or_default();
    }
    tokens.join(" and ")
}

fn period(element: Element<'_>) -> Option<String> {
    match (element.text("start"), element.text("end")) {
        (Some(start), Some(end)) => Some(format!("{start} to {end}")),
        (Some(start), None) => Some(format!("from {start}")),
        (None, Some(end)) => Some(format!("until {end}")),
        (None, None) => None,
    }
}

fn reference(element: Element<'_>) -> Option<String> {
    if let Some(reference) = element.text("reference") {
        return Some(reference.to_owned());
    }
    element.child("identifier").map(|identifier| format!("the identifier {}", token(identifier)))
}

fn quantity(element: Element<'_>) -> Option<String> {
    let one = |element: Element<'_>| {
        let unit = element.text("unit").or_else(|| element.text("code")).or_else(|| element.text("currency"));
        let comparator = element.text("comparator").unwrap_or_default();
        Some(format!("{comparator}{} {}", element.text("value")?, unit.unwrap_or_default()).trim().to_owned())
    };
    one(element).or_else(|| {
        let end = |name: &str| element.child(name).and_then(one).unwrap_or_else(|| "…".to_owned());
        Some(format!("{} to {}", end("low"), end("high")))
    })
}
