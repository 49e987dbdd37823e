//! What holds for at least one entry of a Bundle.

use super::every_entry::{LONGEST, checks, is_meant};
use super::judge::Judge;
use super::{Answer, CheckResult, Outcome};
use crate::code::Code;
use crate::standard::EntryExpectation;

/// The page of this check.
pub const CODE: Code = Code {
    name: "any-entry",
    title: "Something holds for one entry",
    what: "Among the entries there is one for which all holds that the scenario says of it.",
    why: "A record that is known to be there must be found, whatever else is.",
    example: "One entry of the search is the Observation that was made just before.",
    specification: "https://hl7.org/fhir/STU3/search.html",
};

/// Checks the entries until one has all that is expected. The rest is what the one that came nearest lacks.
#[must_use]
pub fn check(expected: &EntryExpectation, answer: &Answer, judge: &Judge<'_>) -> CheckResult {
    let checks = checks(expected, answer, judge);
    let mut nearest: Option<(Outcome, usize, Vec<CheckResult>)> = None;
    let mut number = 0;
    let started = std::time::Instant::now();
    for (page, entry) in answer.entries(expected.mode) {
        number += 1;
        let Some(resource) = entry.child("resource") else { continue };
        if !is_meant(expected, page, Some(resource), judge) {
            continue;
        }
        if started.elapsed() > LONGEST {
            let mut late = CheckResult::new(CODE.name, Outcome::Inconclusive, "what holds for one entry");
            late.actual = Some(format!("the entries take longer than {} s to check", LONGEST.as_secs()));
            return late;
        }
        let found: Vec<CheckResult> = checks.iter().map(|check| check(page, resource)).collect();
        let outcome = Outcome::of_all(found.iter().map(|result| result.outcome)).unwrap_or(Outcome::Fail);
        if outcome == Outcome::Pass {
            let words: Vec<&str> = found.iter().map(|result| result.checked.as_str()).collect();
            let actual = format!("entry {number} of the answer");
            return CheckResult::new(CODE.name, Outcome::Pass, "that one entry has all that is expected")
                .compared(words.join(", "), actual);
        }
        let failed = found.iter().filter(|result| result.outcome == Outcome::Fail).count();
        if nearest.as_ref().is_none_or(|(known, least, _)| (outcome, failed) < (*known, *least)) {
            nearest = Some((outcome, failed, found));
        }
    }
    let checked = "that one entry has all that is expected";
    let Some((outcome, _, found)) = nearest else {
        return CheckResult::new(CODE.name, Outcome::Fail, checked).compared("one entry", "no entry");
    };
    let expected: Vec<&str> = found.iter().map(|result| result.checked.as_str()).collect();
    let lacking = found.iter().max_by_key(|result| result.outcome);
    let actual = lacking.map_or_else(String::new, |lacking| {
        format!(
            "none of {number}; the nearest: {} (found {})",
            lacking.checked,
            lacking.actual.as_deref().unwrap_or("nothing")
        )
    });
    let mut result = CheckResult::new(CODE.name, outcome, checked).compared(expected.join(", "), actual);
    result.findings = found.into_iter().flat_map(|result| result.findings).take(50).collect();
    result
}
