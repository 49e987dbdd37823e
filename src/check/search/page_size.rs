//! `_count`: how many matches a page may have (search.html#count).

use super::super::{Answer, CheckResult, Outcome};
use super::{finding, total};
use crate::code::Code;
use crate::standard::EntryMode;

/// The page of this check.
pub const COUNT: Code = Code {
    name: "search-count",
    title: "No page has more matches than were asked for",
    what: "With `_count`, each page of a result has at most that many matches; it may have fewer. `_count=0` asks for \
        the number of matches only.",
    why: "A client asks for small pages because it cannot take large ones.",
    example: "wrong:  10 matches on a page of Observation?_count=5",
    specification: "https://hl7.org/fhir/STU3/search.html#count",
};

/// Checks every page that was read.
pub(super) fn check(sent: &str, answer: &Answer) -> CheckResult {
    let Ok(most) = sent.parse::<usize>() else {
        let mut result = CheckResult::new(COUNT.name, Outcome::Inconclusive, "how many matches a page has");
        result.actual = Some(format!("`_count={sent}` is no number"));
        return result;
    };
    if most == 0 {
        return total::only_counted("_count=0", answer);
    }
    let mut largest = 0;
    let mut findings = Vec::new();
    for page in &answer.pages {
        let matches = page.entries(EntryMode::Match);
        largest = largest.max(matches.len());
        if let Some(beyond) = matches.get(most) {
            let message = format!("match {} on a page of which `_count` asked for {most}", most + 1);
            findings.push(finding::at(&COUNT, page, *beyond, super::super::Weight::Error, message));
        }
    }
    let outcome = if findings.is_empty() { Outcome::Pass } else { Outcome::Fail };
    let checked = "that no page has more matches than `_count` asks for";
    let mut result = CheckResult::new(COUNT.name, outcome, checked)
        .compared(format!("at most {most}"), format!("{largest} on a page"));
    result.findings = findings;
    result
}
