//! The time that an answer took.

use super::{Answer, CheckResult, Finding, Outcome, Weight};
use crate::code::Code;
use crate::standard::TimeBudget;

/// The page of this check.
pub const CODE: Code = Code {
    name: "within",
    title: "The time that an answer takes",
    what: "The answer is complete within the time that the standard gives, as it was measured when the request was sent. \
        Unless the scenario says that the time is required, more is a warning.",
    why: "A record that comes after the consultation is no use to it.",
    example: "wrong:  2400 ms where 2s are given",
    specification: "https://hl7.org/fhir/STU3/http.html",
};

/// Checks each page against the budget, by the recorded durations.
#[must_use]
pub fn check(budget: &TimeBudget, answer: &Answer) -> CheckResult {
    let Some(limit) = budget.milliseconds() else {
        let mut result = CheckResult::new(CODE.name, Outcome::Inconclusive, "the time that the answer took");
        result.actual = Some("the scenario's time cannot be read".to_owned());
        return result;
    };
    let checked = format!("that the answer takes at most {limit} ms");
    let slowest = answer.pages.iter().max_by_key(|page| page.exchange.duration_ms);
    let taken = slowest.map_or(0, |page| page.exchange.duration_ms);
    let is_late = taken > limit;
    let outcome = match budget {
        TimeBudget::Binding(_) if is_late => Outcome::Fail,
        _ => Outcome::Pass,
    };
    let mut result = CheckResult::new(CODE.name, outcome, checked)
        .compared(format!("at most {limit} ms"), format!("{taken} ms"));
    if is_late {
        result.findings.push(Finding {
            code: CODE.name.to_owned(),
            weight: if outcome == Outcome::Fail { Weight::Error } else { Weight::Warning },
            exchange: slowest.map(|page| page.id.clone()),
            path: String::new(),
            line: None,
            column: None,
            definition: None,
            message: format!("the answer took {taken} ms, more than {limit} ms"),
            expected: None,
            actual: None,
        });
    }
    result
}
