//! The populations of a group of a report, and how many belong to them.

use crate::code::Code;
use crate::fhir::Element;
use crate::profile::{Issue, Severity};

use super::concept::{mark, same, words};

/// A population that the Measure does not have.
pub(super) const POPULATION: Code = Code {
    name: "measure-report-population",
    title: "A population of a report is not one of its Measure",
    what: "Each population of a group has the code of one that the group has in the Measure, and comes no more often.",
    why: "A number is only of use to who knows what it counts.",
    example: "The Measure has `numerator` and `denominator`.\n  wrong:  a population `numerator-exclusion`",
    specification: "https://hl7.org/fhir/R4/measurereport-definitions.html#MeasureReport.group.population",
};

/// A count that the list of subjects does not bear out.
pub(super) const COUNT: Code = Code {
    name: "measure-report-count",
    title: "The count of a population is not the number of its subjects",
    what: "Where a population lists its subjects in a List that is at hand, contained or in the Bundle, its count is \
        the length of that List: one report a subject.",
    why: "One of the two is wrong, and the score with it.",
    example: "wrong:  \"count\": 5, and a List of 3 entries\nright:  \"count\": 3",
    specification: "https://hl7.org/fhir/R4/measurereport-definitions.html#MeasureReport.group.population.subjectResults",
};

/// Checks the populations of one group.
pub(super) fn check(group: Element<'_>, defined: Element<'_>, issues: &mut Vec<Issue>) {
    let known: Vec<Element<'_>> = defined.children_named("population").filter_map(mark).collect();
    let mut earlier: Vec<Element<'_>> = Vec::new();
    for population in group.children_named("population") {
        count(population, issues);
        // Without a code, the population is told by its place, if at all.
        let Some(own) = mark(population) else { continue };
        let at_most = known.iter().filter(|known| same(own, **known)).count();
        let so_far = earlier.iter().filter(|other| same(own, **other)).count();
        if so_far >= at_most {
            let message = match at_most {
                0 => format!("the Measure has no population {} in this group", words(own)),
                _ => format!("the population {} is there more often than in the Measure", words(own)),
            };
            let mut issue = Issue::at(population, &POPULATION, Severity::Error, message);
            let expected: Vec<String> = known.iter().map(|known| words(*known)).collect();
            issue.expected = (!expected.is_empty()).then(|| expected.join(" or "));
            issues.push(issue);
        }
        earlier.push(own);
    }
}

fn count(population: Element<'_>, issues: &mut Vec<Issue>) {
    let list = population.child("subjectResults").or_else(|| population.child("patients"));
    let Some(list) = list.and_then(|list| subjects(list)) else { return };
    let length = list.children_named("entry").count();
    let Some(count) = population.child("count") else { return };
    if count.value().and_then(|count| count.parse::<usize>().ok()).is_some_and(|count| count != length) {
        let message = "the count is not the number of subjects that are listed";
        let issue = Issue::at(count, &COUNT, Severity::Error, message);
        issues.push(issue.compared(length.to_string(), count.value().unwrap_or_default()));
    }
}

/// The List that a reference leads to, if it is at hand.
fn subjects(reference: Element<'_>) -> Option<Element<'_>> {
    let target = reference.text("reference")?;
    let found = crate::validate::resolve::resolve(target, reference);
    found.filter(|found| found.resource_type() == Some("List"))
}
