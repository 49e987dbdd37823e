//! The least and the greatest value of an answer, and its decimal places.

use std::cmp::Ordering;

use crate::code::Code;
use crate::profile::{Issue, Severity};

use super::findings::Findings;
use super::form::Item;
use super::value::{UCUM, Value, compare, decimal, words};

/// An answer that is out of its bounds.
pub(super) const CODE: Code = Code {
    name: "questionnaire-answer-bounds",
    title: "An answer is out of its bounds",
    what: "An answer is not less than the question's minValue (or minQuantity), not more than its maxValue (or \
        maxQuantity), and has no more decimal places than maxDecimalPlaces. Quantities are converted to the unit of \
        the bound; one that has no UCUM unit, or one of another kind, cannot be within it. A date of lesser precision \
        is within its bounds where some day of it is.",
    why: "What lies beyond is most likely a slip of the hand, or not what was asked.",
    example: "maxValue is 10.\n  wrong:  \"valueInteger\": 70\n  right:  \"valueInteger\": 7",
    specification: "https://hl7.org/fhir/R4/extension-minvalue.html",
};

const MIN: [&str; 2] = [
    "http://hl7.org/fhir/StructureDefinition/minValue",
    "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-minQuantity",
];
const MAX: [&str; 2] = [
    "http://hl7.org/fhir/StructureDefinition/maxValue",
    "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-maxQuantity",
];
const MAX_DECIMAL_PLACES: &str = "http://hl7.org/fhir/StructureDefinition/maxDecimalPlaces";

/// Checks one answer against the bounds of its question.
pub(super) fn check(answer: Value<'_>, item: Item<'_>, findings: &mut Findings<'_>) {
    for (urls, beyond, side) in [(MIN, Ordering::Less, "least"), (MAX, Ordering::Greater, "greatest")] {
        for bound in urls.iter().flat_map(|url| item.extensions(url)) {
            bounded(answer, bound, beyond, side, item, findings);
        }
    }
    decimal_places(answer, item, findings);
}

fn bounded(
    answer: Value<'_>,
    bound: Value<'_>,
    beyond: Ordering,
    side: &str,
    item: Item<'_>,
    findings: &mut Findings<'_>,
) {
    let found = compare(answer, bound);
    if found.is_some_and(|order| order != beyond) {
        return;
    }
    let message = match found {
        Some(_) => format!("the answer to `{}` is beyond the {side} value", item.link_id()),
        None if answer.kind == "Quantity" && bound.kind == "Quantity" => {
            let in_ucum = |value: Value<'_>| {
                value.element.text("system") == Some(UCUM) && value.element.child("code").is_some()
            };
            // A bound without a UCUM unit is the form's defect; an answer without one cannot meet any bound.
            if in_ucum(answer) && !in_ucum(bound) {
                let message =
                    format!("the {side} value of `{}` has no UCUM unit and was not applied", item.link_id());
                return findings.not_checked(answer.element, item, message);
            }
            format!("the answer to `{}` cannot be compared with the {side} value by its unit", item.link_id())
        }
        None => return,
    };
    let issue = Issue::at(answer.element, &CODE, Severity::Error, message);
    let expected = if beyond == Ordering::Less { "at least" } else { "at most" };
    findings.add(issue.compared(format!("{expected} {}", words(bound)), words(answer)), Some(item));
}

fn decimal_places(answer: Value<'_>, item: Item<'_>, findings: &mut Findings<'_>) {
    let written = match answer.kind {
        "Decimal" => answer.written(),
        "Quantity" => answer.element.text("value").unwrap_or_default(),
        _ => return,
    };
    let (Some(number), Some(at_most)) = (decimal(written), item.number(MAX_DECIMAL_PLACES)) else { return };
    let places = number.scale();
    if places as usize > at_most {
        let message = format!("the answer to `{}` has {places} decimal places", item.link_id());
        let issue = Issue::at(answer.element, &CODE, Severity::Error, message);
        findings.add(issue.compared(format!("at most {at_most}"), written), Some(item));
    }
}
