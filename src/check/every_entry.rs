//! What holds for every matching entry of a Bundle.

use super::judge::Judge;
use super::{Answer, CheckResult, Outcome, Page, body, conforms_to, known_elements, path, search};
use crate::code::Code;
use crate::fhir::Element;
use crate::standard::{EntryExpectation, EntryMode, OneOrMany, PathExpectation, SearchMatch};

/// The page of this check.
pub const CODE: Code = Code {
    name: "every-entry",
    title: "Something holds for every entry",
    what: "What the scenario says of the entries holds for each that matches the search.",
    why: "One wrong record in a result is one too many.",
    example: "Every entry of a Patient search is a Patient.",
    specification: "https://hl7.org/fhir/STU3/search.html",
};

/// Checks all entries; one result a kind of check, with the findings of all entries.
#[must_use]
pub fn check(expected: &EntryExpectation, answer: &Answer, judge: &Judge<'_>) -> Vec<CheckResult> {
    let entries: Vec<(&Page, Option<Element<'_>>)> = answer
        .entries(expected.mode)
        .map(|(page, entry)| (page, entry.child("resource")))
        .filter(|(page, resource)| is_meant(expected, page, *resource, judge))
        .collect();
    let of_matches = expected.mode == EntryMode::Match;
    let wanted =
        expected.matches_search.as_ref().filter(|wanted| of_matches && **wanted != SearchMatch::All(false));
    let mut results = wanted.map(|wanted| search::shape(wanted, answer, judge)).unwrap_or_default();
    if entries.is_empty() {
        if wanted.is_none() || !search::only_counts(judge) {
            let mut result =
                CheckResult::new(CODE.name, Outcome::NotDemonstrated, "what holds for every entry");
            result.actual = Some("no entry to show it".to_owned());
            results.push(result);
        }
        return results;
    }
    let mut resources = Vec::new();
    let mut empty = None;
    for (page, resource) in entries {
        match resource {
            Some(resource) => resources.push((page, resource)),
            None => empty = Some(page),
        }
    }
    if empty.is_some() {
        let result = CheckResult::new(CODE.name, Outcome::Fail, "that every matching entry holds a resource");
        return vec![result.compared("a resource", "an entry without one")];
    }
    results.extend(checks(expected, answer, judge).iter().map(|check| all(&resources, check)));
    results
}

/// Whether an entry is one of those that `where` chooses. One of which that cannot be told is, so that it shows.
pub(super) fn is_meant(
    expected: &EntryExpectation,
    page: &Page,
    resource: Option<Element<'_>>,
    judge: &Judge<'_>,
) -> bool {
    match (&expected.condition, resource) {
        (Some(condition), Some(resource)) => {
            let chosen = PathExpectation::Expression(condition.clone());
            path::check(&chosen, page, resource, judge.validator.schemas()).outcome != Outcome::Fail
        }
        _ => true,
    }
}

/// A check of one entry's resource.
type EntryCheck<'c> = Box<dyn Fn(&Page, Element<'_>) -> CheckResult + 'c>;

/// The checks that an expectation makes of each entry.
pub(super) fn checks<'c>(
    expected: &'c EntryExpectation,
    answer: &'c Answer,
    judge: &'c Judge<'_>,
) -> Vec<EntryCheck<'c>> {
    let mut checks: Vec<EntryCheck<'c>> = Vec::new();
    if let Some(wanted) = &expected.resource {
        checks.push(Box::new(move |page, resource| body::resource_type(wanted, page, resource)));
    }
    for profile in expected.conforms_to.iter().flat_map(OneOrMany::all) {
        checks.push(Box::new(move |page, resource| {
            conforms_to::resource(profile, page, resource, judge.validator)
        }));
    }
    if expected.only_known_elements {
        checks.push(Box::new(move |page, resource| known_elements::check(page, resource, judge.validator)));
    }
    if let Some(wanted) =
        expected.matches_search.as_ref().filter(|wanted| **wanted != SearchMatch::All(false))
    {
        checks.push(Box::new(move |page, resource| search::matches(wanted, answer, page, resource, judge)));
    }
    for wanted in expected.fhirpath.iter().flat_map(OneOrMany::all) {
        checks.push(Box::new(move |page, resource| {
            path::check(wanted, page, resource, judge.validator.schemas())
        }));
    }
    checks
}

/// One result for all entries: the weightiest outcome, what was found in the first entry that has it, and
/// the first findings of them all.
fn all(resources: &[(&Page, Element<'_>)], check: impl Fn(&Page, Element<'_>) -> CheckResult) -> CheckResult {
    let mut worst: Option<CheckResult> = None;
    let mut count = 0;
    let mut findings = Vec::new();
    let started = std::time::Instant::now();
    for (page, resource) in resources {
        if started.elapsed() > LONGEST {
            let mut late = CheckResult::new(CODE.name, Outcome::Inconclusive, "what holds for every entry");
            late.actual = Some(format!("the entries take longer than {} s to check", LONGEST.as_secs()));
            if worst.as_ref().is_none_or(|known| known.outcome < late.outcome) {
                worst = Some(late);
                count = 1;
            }
            break;
        }
        let mut result = check(page, *resource);
        // Kept bounded as it goes: a page can hold many thousand entries.
        let room = MAX_FINDINGS - findings.len();
        findings.extend(std::mem::take(&mut result.findings).into_iter().take(room));
        match &worst {
            Some(known) if known.outcome > result.outcome => {}
            Some(known) if known.outcome == result.outcome => count += 1,
            _ => {
                count = 1;
                worst = Some(result);
            }
        }
    }
    let mut combined = worst.unwrap_or_else(|| {
        CheckResult::new(CODE.name, Outcome::NotDemonstrated, "what holds for every entry")
    });
    if combined.outcome == Outcome::Pass {
        combined.checked = format!("{} (each of {} entries)", generic(&combined.checked), resources.len());
    } else if resources.len() > 1 {
        combined.checked = format!("{} ({count} of {} entries)", combined.checked, resources.len());
    }
    combined.findings = findings;
    combined
}

/// How long all entries of an answer may take; real ones take milliseconds.
pub(super) const LONGEST: std::time::Duration = std::time::Duration::from_secs(10);
/// How many findings of one answer are listed.
const MAX_FINDINGS: usize = 200;

/// "that Patient/1 conforms" speaks of one entry; for all of them, the id is left out.
fn generic(checked: &str) -> String {
    let words: Vec<&str> = checked
        .split(' ')
        .map(|word| word.split_once('/').filter(|_| !word.contains(':')).map_or(word, |(kind, _)| kind))
        .collect();
    words.join(" ")
}
