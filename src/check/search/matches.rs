//! Whether an entry meets the parameters that were sent.

use super::super::judge::Judge;
use super::super::{Answer, CheckResult, Finding, Outcome, Page, Weight};
use super::finding::{at, label};
use super::meets::{Judged, meets};
use super::met::Met;
use super::parameter::Parameter;
use super::shape::shapes;
use super::surroundings::Surroundings;
use crate::code::Code;
use crate::fhir::Element;
use crate::standard::SearchMatch;

/// The page of this check.
pub const MATCHES: Code = Code {
    name: "search-match",
    title: "An entry meets the search",
    what: "Each entry that a search returns as a match meets every parameter that was sent, judged anew by FHIR's rules \
        for each type of parameter: number, date, string, token, reference, composite, quantity and uri.",
    why: "A search that ignores a parameter returns somebody else's record.",
    example: "wrong:  a male patient in the answer to Patient?gender=female",
    specification: "https://hl7.org/fhir/STU3/search.html",
};

/// Checks one entry against the parameters wanted.
#[must_use]
pub fn matches(
    wanted: &SearchMatch,
    answer: &Answer,
    page: &Page,
    resource: Element<'_>,
    judge: &Judge<'_>,
) -> CheckResult {
    let checked = "that each entry meets the search";
    let surroundings = Surroundings {
        schemas: judge.validator.schemas(),
        pages: &answer.pages,
        address: Some(page.exchange.request.url.as_str()),
    };
    let chosen = |name: &str| !shapes(name) && wanted.includes(name);
    let chosen: Vec<&(String, String)> =
        judge.parameters.iter().filter(|(name, _)| chosen(Parameter::name_of(name))).collect();
    let mut findings = Vec::new();
    let mut outcome = Outcome::Pass;
    for (parameter, value) in &chosen {
        let judged = meets(resource, parameter, value, surroundings);
        let sent = format!("{parameter}={value}");
        match &judged.met {
            Met::Yes => {}
            Met::No => {
                outcome = outcome.combine(Outcome::Fail);
                let message = format!("{} does not meet {sent}", label(resource));
                findings.push(finding(page, resource, Weight::Error, message, &sent, &judged));
            }
            Met::Unknown(why) => {
                outcome = outcome.combine(Outcome::Inconclusive);
                let message = format!("whether {} meets {sent} could not be told: {why}", label(resource));
                findings.push(finding(page, resource, Weight::Undecided, message, &sent, &judged));
            }
        }
    }
    // An entry that fails is shown for what fails, not for what could not be told.
    findings.sort_by_key(|finding| finding.weight != Weight::Error);
    let actual = match findings.first() {
        Some(finding) if finding.weight == Weight::Error => {
            format!(
                "{}, which has {} for {}",
                label(resource),
                finding.actual.as_deref().unwrap_or("none"),
                finding.expected.as_deref().unwrap_or_default().split('=').next().unwrap_or_default()
            )
        }
        Some(finding) => finding.message.clone(),
        None => "it does".to_owned(),
    };
    let sent: Vec<String> = chosen.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mut result = CheckResult::new(MATCHES.name, outcome, checked).compared(sent.join("&"), actual);
    result.findings = findings;
    result
}

fn finding(
    page: &Page,
    resource: Element<'_>,
    weight: Weight,
    message: String,
    expected: &str,
    judged: &Judged<'_>,
) -> Finding {
    let place = judged.place.unwrap_or(resource);
    Finding {
        expected: Some(expected.to_owned()),
        actual: Some(judged.held.clone()),
        ..at(&MATCHES, page, place, weight, message)
    }
}
