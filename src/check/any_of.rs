//! Alternatives: all of at least one group holds.

use super::{CheckResult, Outcome};
use crate::code::Code;

/// The page of this check.
pub const CODE: Code = Code {
    name: "any-of",
    title: "One of several alternatives holds",
    what: "Where a standard lets a server choose, the answer is wholly as one of the alternatives says; parts of two \
        do not make one.",
    why: "A server may answer an unknown record with 404 or with an empty result, but not with 404 and a result.",
    example: "status 200 with an empty searchset, or status 404 with an OperationOutcome",
    specification: "https://hl7.org/fhir/STU3/http.html",
};

/// One result for all alternatives, each given by what its checks found.
#[must_use]
pub fn check(alternatives: Vec<Vec<CheckResult>>) -> CheckResult {
    let checked = format!("that one of {} alternatives holds", alternatives.len());
    let expected: Vec<String> =
        alternatives.iter().enumerate().map(|(index, found)| described(index, found)).collect();
    let mut best: Option<(Outcome, Vec<CheckResult>)> = None;
    let mut actual = Vec::new();
    for (index, found) in alternatives.into_iter().enumerate() {
        let outcome =
            Outcome::of_all(found.iter().map(|result| result.outcome)).unwrap_or(Outcome::NotDemonstrated);
        if outcome == Outcome::Pass {
            let number = format!("alternative {} holds", index + 1);
            return CheckResult::new(CODE.name, Outcome::Pass, checked).compared(expected.join("; "), number);
        }
        actual.push(missed(index, &found));
        // What decides least is nearest to holding; one that does not apply holds nothing.
        let rank = |outcome: Outcome| match outcome {
            Outcome::NotApplicable => (Outcome::Fail, true),
            other => (other, false),
        };
        if best.as_ref().is_none_or(|(known, _)| rank(outcome) < rank(*known)) {
            best = Some((outcome, found));
        }
    }
    let (outcome, nearest) = best.unwrap_or((Outcome::NotDemonstrated, Vec::new()));
    let mut result =
        CheckResult::new(CODE.name, outcome, checked).compared(expected.join("; "), actual.join("; "));
    result.findings = nearest.into_iter().flat_map(|result| result.findings).collect();
    result
}

fn described(index: usize, found: &[CheckResult]) -> String {
    let words: Vec<&str> = found.iter().map(|result| result.checked.as_str()).collect();
    format!("({}) {}", index + 1, words.join(", "))
}

fn missed(index: usize, found: &[CheckResult]) -> String {
    let first = found.iter().max_by_key(|result| result.outcome);
    let words = first.map_or("nothing", |result| result.actual.as_deref().unwrap_or(&result.checked));
    format!("({}) {words}", index + 1)
}

#[cfg(test)]
mod tests {
    use super::Outcome::{Fail, Inconclusive, NotApplicable, NotDemonstrated, Pass};
    use super::*;

    fn alternative(outcomes: &[Outcome]) -> Vec<CheckResult> {
        outcomes.iter().map(|outcome| CheckResult::new("x", *outcome, "x").compared("a", "b")).collect()
    }

    #[test]
    fn one_whole_alternative_is_enough_and_two_halves_are_not() {
        let outcome = |alternatives: &[&[Outcome]]| {
            check(alternatives.iter().map(|outcomes| alternative(outcomes)).collect()).outcome
        };
        assert_eq!(outcome(&[&[Fail], &[Pass, Pass]]), Pass);
        assert_eq!(outcome(&[&[Pass, Fail], &[Fail, Pass]]), Fail);
        assert_eq!(outcome(&[&[Fail], &[Inconclusive]]), Inconclusive);
        assert_eq!(outcome(&[&[NotDemonstrated], &[Inconclusive]]), NotDemonstrated);
        assert_eq!(outcome(&[&[Fail], &[NotApplicable, Pass]]), Pass);
        assert_eq!(outcome(&[&[], &[Fail]]), NotDemonstrated);
        assert_eq!(outcome(&[&[NotApplicable], &[Fail]]), Fail, "in whichever order");
        assert_eq!(outcome(&[&[Fail], &[NotApplicable]]), Fail);
        assert_eq!(outcome(&[&[NotApplicable], &[NotApplicable]]), NotApplicable);
    }
}
