//! The groups and stratifiers of a report: those of its Measure.

use crate::code::Code;
use crate::fhir::Element;
use crate::profile::{Issue, Severity};

use super::concept::{mark, same, words};
use super::{populations, score};

/// A group that is not the Measure's, or is missing.
pub(super) const GROUP: Code = Code {
    name: "measure-report-group",
    title: "The groups of a report are not those of its Measure",
    what: "A report has one group for each group of its Measure, with the same code (in STU3 the same \
        identifier). Where the Measure has one group, its code may be left out. A report that is not complete, \
        or that only collects data, may leave groups out.",
    why: "A result that belongs to no group says nothing, and a group without a result was not measured.",
    example: "The Measure has the groups `a` and `b`.\n  wrong:  groups `a` and `c`\n  right:  groups `a` and `b`",
    specification: "https://hl7.org/fhir/R4/measurereport-definitions.html#MeasureReport.group",
};

/// A stratifier that is not the Measure's.
pub(super) const STRATIFIER: Code = Code {
    name: "measure-report-stratifier",
    title: "A stratifier of a report is not one of its Measure",
    what: "A stratifier of a report has the code (in STU3 the identifier) of one that the group has in the Measure.",
    why: "The parts of a result can only be read by what they were parted by.",
    example: "The Measure parts by `gender`.\n  wrong:  a stratifier `region`\n  right:  a stratifier `gender`",
    specification: "https://hl7.org/fhir/R4/measurereport-definitions.html#MeasureReport.group.stratifier",
};

/// Checks the groups of a report against those of its Measure.
pub(super) fn check(report: Element<'_>, measure: Element<'_>) -> Vec<Issue> {
    let defined: Vec<Element<'_>> = measure.children_named("group").collect();
    let mut reported = vec![false; defined.len()];
    let mut issues = Vec::new();
    for group in report.children_named("group") {
        let Some(index) = matching(group, &defined) else {
            issues.push(unmatched(group, &defined));
            continue;
        };
        if std::mem::replace(&mut reported[index], true) {
            let message = "the Measure has this group once, and the report has it again";
            issues.push(Issue::at(group, &GROUP, Severity::Error, message));
            continue;
        }
        populations::check(group, defined[index], &mut issues);
        stratifiers(group, defined[index], &mut issues);
    }
    if report.text("status") == Some("complete") && report.text("type") != Some("data-collection") {
        for (group, _) in defined.iter().zip(reported).filter(|(_, reported)| !reported) {
            let name = mark(*group)
                .map_or_else(|| "the group".to_owned(), |mark| format!("the group {}", words(mark)));
            let message = format!("{name} of the Measure is missing");
            issues.push(Issue::at(report, &GROUP, Severity::Error, message));
        }
    }
    score::check(report, measure, &mut issues);
    issues
}

/// Which group of the Measure a group of the report is: the one with its mark, or the only one, where a
/// mark is left out.
fn matching(group: Element<'_>, defined: &[Element<'_>]) -> Option<usize> {
    match (mark(group), defined) {
        (None, [_]) => Some(0),
        (Some(_), [only]) if mark(*only).is_none() => Some(0),
        (None, _) => None,
        (Some(own), _) => defined.iter().position(|known| mark(*known).is_some_and(|known| same(own, known))),
    }
}

fn unmatched(group: Element<'_>, defined: &[Element<'_>]) -> Issue {
    let message = match mark(group) {
        Some(mark) => format!("the Measure has no group {}", words(mark)),
        None => "the group has no code, so nobody can tell which of the Measure's it is".to_owned(),
    };
    let expected: Vec<String> = defined.iter().filter_map(|group| mark(*group)).map(words).collect();
    let mut issue = Issue::at(group, &GROUP, Severity::Error, message);
    issue.expected = (!expected.is_empty()).then(|| expected.join(" or "));
    issue
}

fn stratifiers(group: Element<'_>, defined: Element<'_>, issues: &mut Vec<Issue>) {
    for stratifier in group.children_named("stratifier") {
        let Some(own) = mark(stratifier) else { continue };
        let known = |known: Element<'_>| mark(known).is_some_and(|known| same(own, known));
        if defined.children_named("stratifier").any(known) {
            continue;
        }
        let message = format!("the Measure has no stratifier {} in this group", words(own));
        let expected: Vec<String> =
            defined.children_named("stratifier").filter_map(mark).map(words).collect();
        let mut issue = Issue::at(stratifier, &STRATIFIER, Severity::Error, message);
        issue.expected = (!expected.is_empty()).then(|| expected.join(" or "));
        issues.push(issue);
    }
}
