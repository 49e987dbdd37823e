//! Whether an entry meets the parameters that were sent.

use super::super::judge::Judge;
use super::super::{CheckResult, Finding, Outcome, Page, Weight};
use super::{Met, date, reference, split_escaped, string, token};
use crate::code::Code;
use crate::fhir::Element;
use crate::fhirpath::{Context, Expression, Item};
use crate::standard::SearchMatch;

/// The page of this check.
pub const MATCHES: Code = Code {
    name: "search-match",
    title: "An entry meets the search",
    what: "Each entry that a search returns as a match meets every parameter that was sent, judged anew by FHIR's rules \
        for each type of parameter: token, string, date and reference.",
    why: "A search that ignores a parameter returns somebody else's record.",
    example: "wrong:  a male patient in the answer to Patient?gender=female",
    specification: "https://hl7.org/fhir/STU3/search.html",
};

/// Parameters that shape a result and do not choose its records.
const SHAPING: [&str; 12] = [
    "_format",
    "_pretty",
    "_count",
    "_sort",
    "_summary",
    "_elements",
    "_include",
    "_revinclude",
    "_contained",
    "_containedType",
    "_total",
    "_offset",
];

/// Checks one entry against the parameters wanted.
#[must_use]
pub fn matches(wanted: &SearchMatch, page: &Page, resource: Element<'_>, judge: &Judge<'_>) -> CheckResult {
    let checked = "that each entry meets the search";
    let mut findings = Vec::new();
    let mut outcome = Outcome::Pass;
    for (parameter, value) in judge.parameters {
        let name = parameter.split(':').next().unwrap_or(parameter);
        if SHAPING.contains(&name) || !wanted.includes(name) {
            continue;
        }
        let (met, found) = meets(resource, parameter, value, judge);
        let sent = format!("{parameter}={value}");
        match met {
            Met::Yes => {}
            Met::No => {
                outcome = outcome.combine(Outcome::Fail);
                let message = format!("the entry does not meet {sent}");
                findings.push(finding(page, resource, Weight::Error, message, &sent, &found));
            }
            Met::Unknown => {
                outcome = outcome.combine(Outcome::Inconclusive);
                let message = format!("whether the entry meets {sent} could not be told");
                findings.push(finding(page, resource, Weight::Undecided, message, &sent, &found));
            }
        }
    }
    let sent: Vec<String> = judge
        .parameters
        .iter()
        .filter(|(name, _)| wanted.includes(name.split(':').next().unwrap_or(name)))
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let actual = match findings.first() {
        Some(finding) => {
            format!("{}, which has {}", label(resource), finding.actual.as_deref().unwrap_or("none"))
        }
        None => "it does".to_owned(),
    };
    let mut result = CheckResult::new(MATCHES.name, outcome, checked).compared(sent.join("&"), actual);
    result.findings = findings;
    result
}

fn label(resource: Element<'_>) -> String {
    format!(
        "{}/{}",
        resource.resource_type().unwrap_or("resource"),
        resource.text("id").unwrap_or("without id")
    )
}

/// Whether a resource meets one parameter, and the values that it has for it.
fn meets(resource: Element<'_>, parameter: &str, value: &str, judge: &Judge<'_>) -> (Met, String) {
    let unknown = |why: &str| (Met::Unknown, why.to_owned());
    let (name, modifier) =
        parameter.split_once(':').map_or((parameter, None), |(name, modifier)| (name, Some(modifier)));
    if name.contains('.') || modifier.is_some_and(|modifier| modifier.contains('.')) {
        return unknown("a chained parameter, which is not evaluated");
    }
    let schemas = judge.validator.schemas();
    let type_name = resource.resource_type().unwrap_or_default();
    let definition = schemas.packages().search_parameter(type_name, name).and_then(|found| found.tree());
    let Some(definition) = definition else { return unknown("the parameter is not one of the FHIR release") };
    let kind = definition.root().text("type").unwrap_or_default();
    let Some(expression) = definition.root().text("expression").and_then(|text| Expression::parse(text).ok())
    else {
        return unknown("the parameter has no expression");
    };
    let Ok(items) = expression.evaluate(&Context::new(schemas), Item::element(resource, None)) else {
        return unknown("the parameter's expression could not be evaluated");
    };
    let elements: Vec<Element<'_>> = items.iter().filter_map(Item::as_element).collect();
    let found = described(&elements);
    if modifier == Some("missing") {
        return (Met::from(elements.is_empty() == (value == "true")), found);
    }
    let evaluated = matches!(
        (kind, modifier),
        ("token" | "date", None) | ("reference", _) | ("string", None | Some("exact" | "contains"))
    );
    if !evaluated {
        return (Met::Unknown, found);
    }
    // Values separated by commas are alternatives.
    let mut met = Met::No;
    for wanted in split_escaped(value, ',') {
        for element in &elements {
            let one = match (kind, modifier) {
                ("token", None) => token::meets(*element, &wanted),
                ("string", modifier) => string::meets(*element, &wanted, modifier),
                ("date", None) => date::meets(*element, &wanted),
                ("reference", type_name) => reference::meets(*element, &wanted, type_name),
                _ => Met::Unknown,
            };
            met = match (met, one) {
                (Met::Yes, _) | (_, Met::Yes) => Met::Yes,
                (Met::Unknown, _) | (_, Met::Unknown) => Met::Unknown,
                (Met::No, Met::No) => Met::No,
            };
        }
    }
    (met, found)
}

fn described(elements: &[Element<'_>]) -> String {
    if elements.is_empty() {
        return "none".to_owned();
    }
    let words: Vec<String> =
        elements.iter().take(3).map(|element| crate::validate::describe(*element)).collect();
    words.join(", ")
}

fn finding(
    page: &Page,
    resource: Element<'_>,
    weight: Weight,
    message: String,
    expected: &str,
    actual: &str,
) -> Finding {
    let position = resource.position();
    Finding {
        code: MATCHES.name.to_owned(),
        weight,
        exchange: Some(page.id.clone()),
        path: resource.path(),
        line: Some(position.line),
        column: Some(position.column),
        definition: None,
        message,
        expected: Some(expected.to_owned()),
        actual: Some(actual.to_owned()),
    }
}
