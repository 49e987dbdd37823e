//! `total`: the number of all matches, where it is asked for (search.html#total).

use super::super::{Answer, CheckResult, Outcome};
use crate::code::Code;
use crate::standard::EntryMode;

/// The page of this check.
pub const TOTAL: Code = Code {
    name: "search-total-asked",
    title: "The number of matches is told where it is asked for",
    what: "With `_total=accurate` or `_total=estimate` the Bundle has a total, and an accurate one is the number of \
        matches on all pages. With `_summary=count` it has a total and no matches.",
    why: "A client that asks how many there are otherwise has to read them all.",
    example: "wrong:  a Bundle without total for Patient?_summary=count",
    specification: "https://hl7.org/fhir/R4/search.html#total",
};

/// Checks the total that `_total` asks for; with `_total=none` there is nothing to check.
pub(super) fn check(sent: &str, answer: &Answer) -> Option<CheckResult> {
    let checked = format!("that the Bundle has the total that `_total={sent}` asks for");
    let total = told(answer);
    let matches = answer.pages.iter().map(|page| page.entries(EntryMode::Match).len()).sum::<usize>();
    let all_read = answer.pages.last().is_some_and(|page| page.link("next").is_none());
    let result = |outcome, expected: String| {
        let actual = total.map_or_else(|| "no total".to_owned(), |total| total.to_string());
        Some(CheckResult::new(TOTAL.name, outcome, checked.clone()).compared(expected, actual))
    };
    match (sent, total) {
        ("none", _) => None,
        ("accurate" | "estimate", None) => result(Outcome::Fail, "a total".to_owned()),
        ("estimate", Some(_)) => result(Outcome::Pass, "a total".to_owned()),
        ("accurate", Some(total)) if all_read => {
            result(if total == matches { Outcome::Pass } else { Outcome::Fail }, matches.to_string())
        }
        ("accurate", Some(total)) => {
            let outcome = if total < matches { Outcome::Fail } else { Outcome::Pass };
            result(outcome, format!("at least {matches}"))
        }
        (_, _) => result(Outcome::Inconclusive, "accurate, estimate or none".to_owned()),
    }
}

/// Checks that there is a total and no match.
pub(super) fn only_counted(asked: &str, answer: &Answer) -> CheckResult {
    let checked = format!("that `{asked}` is answered with the number of matches only");
    let matches = answer.pages.iter().map(|page| page.entries(EntryMode::Match).len()).sum::<usize>();
    let total = told(answer);
    let outcome = if matches == 0 && total.is_some() { Outcome::Pass } else { Outcome::Fail };
    let total = total.map_or_else(|| "no total".to_owned(), |total| format!("a total of {total}"));
    CheckResult::new(TOTAL.name, outcome, checked)
        .compared("a total and no matches", format!("{total} and {matches} matches"))
}

fn told(answer: &Answer) -> Option<usize> {
    answer.first()?.tree().ok()?.root().text("total")?.parse().ok()
}
