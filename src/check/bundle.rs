//! The body as a Bundle: its type and how many entries match.

use super::{Answer, CheckResult, Outcome};
use crate::code::Code;
use crate::fhir::Element;
use crate::standard::{BundleExpectation, Count, EntryMode};

/// The page of the check of the type.
pub const TYPE: Code = Code {
    name: "bundle-type",
    title: "The type of a Bundle",
    what: "A search is answered with a Bundle of type searchset.",
    why: "The type says what the entries are.",
    example: "wrong:  \"type\": \"collection\"\nright:  \"type\": \"searchset\"",
    specification: "https://hl7.org/fhir/STU3/bundle.html",
};

/// The page of the check of the number of entries.
pub const COUNT: Code = Code {
    name: "bundle-count",
    title: "How many entries match",
    what: "A search finds the records that it should: over all pages, as many entries match as expected, and total does not say otherwise.",
    why: "A record that a search does not find is a record that the clinician does not see.",
    example: "wrong:  no entry for the NHS number of a patient that the supplier holds",
    specification: "https://hl7.org/fhir/STU3/search.html",
};

/// Checks both, as far as they are expected.
#[must_use]
pub fn check(expected: &BundleExpectation, answer: &Answer, root: Element<'_>) -> Vec<CheckResult> {
    let mut results = Vec::new();
    if let Some(kind) = &expected.kind {
        let found = root.text("type").unwrap_or("no type");
        let outcome = if found == kind { Outcome::Pass } else { Outcome::Fail };
        results.push(
            CheckResult::new(TYPE.name, outcome, format!("that the Bundle is a {kind}"))
                .compared(kind, found),
        );
    }
    if let Some(expected) = expected.count {
        results.push(count(expected, answer, root));
    }
    let others = [
        (expected.included, EntryMode::Include, "included"),
        (expected.outcomes, EntryMode::Outcome, "of the outcome"),
    ];
    for (expected, mode, words) in others {
        results.extend(expected.map(|expected| of_mode(expected, mode, words, answer)));
    }
    results
}

/// How many entries there are beside those that match.
fn of_mode(expected: Count, mode: EntryMode, words: &str, answer: &Answer) -> CheckResult {
    let number = answer.entries(mode).count();
    let outcome = if expected.matches(number) { Outcome::Pass } else { Outcome::Fail };
    CheckResult::new(COUNT.name, outcome, format!("that {expected} entries are {words}"))
        .compared(expected.to_string(), number.to_string())
}

fn count(expected: Count, answer: &Answer, root: Element<'_>) -> CheckResult {
    let number = answer.entries(EntryMode::Match).count();
    let total: Option<usize> = root.text("total").and_then(|total| total.parse().ok());
    let checked = format!("that {expected} entries match");
    let actual = match total {
        Some(total) if total != number => format!("{number} (total says {total})"),
        _ => number.to_string(),
    };
    // A total above the entries is the rest of a paged result, unless this is the last page.
    let all_read = answer.pages.last().is_some_and(|page| page.link("next").is_none());
    let total_contradicts = total.is_some_and(|total| total < number || (all_read && total != number));
    let outcome = if expected.matches(number) && !total_contradicts { Outcome::Pass } else { Outcome::Fail };
    let result = CheckResult::new(COUNT.name, outcome, checked).compared(expected.to_string(), actual);
    if outcome == Outcome::Fail && number == 0 {
        return result.hint(
            "does the endpoint hold the record? See `proofmark plan` for the data that scenarios need",
        );
    }
    result
}
