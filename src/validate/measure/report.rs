//! The way from a report to its Measure.

use crate::code::Code;
use crate::fhir::{Element, with_article};
use crate::profile::{Issue, SchemaSet, Severity};
use crate::validate::canonical_target::{Target, find, of_element};

use super::groups;

/// The Measure is not at hand.
pub(super) const NOT_LOADED: Code = Code {
    name: "measure-not-loaded",
    title: "The report was not checked: the Measure is not loaded",
    what: "A report is judged against the Measure that it names, which is looked for in the same resource, in \
        the Bundle around it, and in the loaded packages.",
    why: "Without the Measure nobody can tell whether the report gives what was to be measured. It is listed so \
        that nobody takes it for checked; it does not decide.",
    example: "Load the file or package that holds the Measure with --ig.",
    specification: "https://hl7.org/fhir/R4/measurereport-definitions.html#MeasureReport.measure",
};

/// What the report names is no Measure.
pub(super) const NOT_A_MEASURE: Code = Code {
    name: "measure-wrong-type",
    title: "What the report names as its Measure is another resource",
    what: "MeasureReport.measure leads to a Measure.",
    why: "Numbers cannot be read without what they count.",
    example: "wrong:  \"measure\": \"http://example.org/Library/logic\"\nright:  \"measure\": \
        \"http://example.org/Measure/screening\"",
    specification: "https://hl7.org/fhir/R4/measurereport-definitions.html#MeasureReport.measure",
};

/// Checks a report against the Measure that it names.
pub(in crate::validate) fn check(report: Element<'_>, set: &SchemaSet) -> Vec<Issue> {
    let Some(place) = report.child("measure") else { return Vec::new() };
    let Some(canonical) = of_element(place) else { return Vec::new() };
    let mut issues = match find(canonical, "Measure", place, set) {
        Target::Here(measure) => groups::check(report, measure),
        Target::Loaded(tree) => groups::check(report, tree.root()),
        Target::Other(kind) => {
            let message = format!("{canonical} is {}", with_article(&kind));
            let issue = Issue::at(place, &NOT_A_MEASURE, Severity::Error, message);
            return vec![issue.compared("a Measure", with_article(&kind))];
        }
        Target::Nothing => {
            let message = format!("the report was not checked: the Measure {canonical} is not loaded");
            return vec![Issue::at(place, &NOT_LOADED, Severity::NotChecked, message)];
        }
    };
    for issue in &mut issues {
        issue.definitions.push(canonical.to_owned());
    }
    issues
}
