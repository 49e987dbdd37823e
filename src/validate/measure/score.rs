//! The score of a report: of the kind that the Measure is scored by.

use rust_decimal::Decimal;

use crate::code::Code;
use crate::fhir::Element;
use crate::profile::{Issue, Severity};

/// A score that the Measure does not have, or of another kind.
pub(super) const CODE: Code = Code {
    name: "measure-report-score",
    title: "A score is not of the kind that the Measure is scored by",
    what: "A cohort has members and no score. The score of a proportion is a number from 0 to 1, or a percentage.",
    why: "A score that is worked out in another way cannot be compared with anybody else's.",
    example: "The Measure is a proportion.\n  wrong:  \"measureScore\": { \"value\": 12 }\n  right:  \
        \"measureScore\": { \"value\": 0.12 }",
    specification: "https://hl7.org/fhir/R4/measurereport-definitions.html#MeasureReport.group.measureScore",
};

const SYSTEMS: [&str; 2] =
    ["http://terminology.hl7.org/CodeSystem/measure-scoring", "http://hl7.org/fhir/measure-scoring"];

/// Checks the scores of all groups and strata of a report.
pub(super) fn check(report: Element<'_>, measure: Element<'_>, issues: &mut Vec<Issue>) {
    let mut codings = measure.children_named("scoring").flat_map(|scoring| scoring.children_named("coding"));
    let known = |coding: &Element<'_>| coding.text("system").is_some_and(|system| SYSTEMS.contains(&system));
    let Some(scoring) = codings.find(known).and_then(|coding| coding.text("code")) else { return };
    for group in report.children_named("group") {
        let strata =
            group.children_named("stratifier").flat_map(|stratifier| stratifier.children_named("stratum"));
        for scored in std::iter::once(group).chain(strata) {
            issues.extend(scored.child("measureScore").and_then(|score| of_kind(score, scoring)));
        }
    }
}

fn of_kind(score: Element<'_>, scoring: &str) -> Option<Issue> {
    let error = |message: &str| Issue::at(score, &CODE, Severity::Error, message);
    match scoring {
        "cohort" => Some(error("a cohort has no score")),
        "proportion" => {
            // R4 has a Quantity, STU3 a decimal.
            let value = score.value().or_else(|| score.text("value"))?;
            let is_percentage = score.child("code").or_else(|| score.child("unit")).is_some();
            let number: Decimal = value.parse().ok()?;
            let greatest = if is_percentage { Decimal::ONE_HUNDRED } else { Decimal::ONE };
            (number < Decimal::ZERO || number > greatest).then(|| {
                error("the score of a proportion is out of its range")
                    .compared(format!("0 to {greatest}"), value)
            })
        }
        _ => None,
    }
}
