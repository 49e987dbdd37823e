//! The report in the Common Test Report Format (<https://ctrf.io>), which dashboards of test results read: one test a
//! requirement and scenario case.

use serde_json::{Value, json};

use super::case::Index;
use super::facts;
use super::standing::{Standing, decides};
use crate::inert::visible;
use crate::run::RunRecord;

/// The version of the format.
const VERSION: &str = "0.0.0";

/// The report as CTRF.
pub fn render(record: &RunRecord) -> serde_json::Result<String> {
    let index = Index::new(record);
    let mut tests = Vec::new();
    for requirement in &record.requirements {
        let test = |name: String, standing: Standing, duration: u64, message: Option<String>| {
            let mut test = json!({
                "name": visible(&name),
                "status": status(standing, decides(requirement)),
                "duration": duration,
                "rawStatus": standing.words(),
                "suite": [visible(&requirement.area)],
                "tags": [requirement.level.to_string(), requirement.maturity.to_string()],
            });
            if let Some(message) = message.filter(|_| standing != Standing::Passed) {
                test["message"] = Value::from(visible(&message));
            }
            test
        };
        let cases = index.cases(requirement);
        if cases.is_empty() {
            let standing = Standing::of(requirement);
            tests.push(test(requirement.id.clone(), standing, 0, requirement.question.clone()));
        }
        for case in &cases {
            let name = format!("{} {}", requirement.id, case.scenario.id);
            let standing = Standing::with(requirement, case.outcome);
            tests.push(test(name, standing, case.scenario.duration_ms, facts::why(case)));
        }
    }
    let count = |status: &str| tests.iter().filter(|test| test["status"] == status).count();
    let supplier = record.supplier.clone().unwrap_or_default();
    let report = json!({
        "reportFormat": "CTRF",
        "specVersion": VERSION,
        "results": {
            "tool": { "name": record.tool.name, "version": record.tool.version },
            "summary": {
                "tests": tests.len(),
                "passed": count("passed"),
                "failed": count("failed"),
                "pending": count("pending"),
                "skipped": count("skipped"),
                "other": count("other"),
                "start": milliseconds(&record.started),
                "stop": milliseconds(&record.ended),
            },
            "tests": tests,
            "environment": {
                "appName": supplier.product,
                "appVersion": supplier.version,
                "testEnvironment": supplier.environment,
            },
            "extra": {
                "verdicts": record.standards.iter().map(|one| json!({
                    "standard": format!("{}@{}", one.id, one.version),
                    "verdict": one.verdict,
                    "sentence": visible(&one.sentence),
                })).collect::<Vec<Value>>(),
            },
        },
    });
    let mut text = serde_json::to_string_pretty(&report)?;
    text.push('\n');
    Ok(text)
}

/// A word of the format. What was never shown is not green where it is mandatory.
fn status(standing: Standing, decides: bool) -> &'static str {
    match standing {
        Standing::Passed => "passed",
        Standing::Failed => "failed",
        Standing::FailedAdvisory | Standing::Inconclusive => "other",
        Standing::NotDemonstrated if decides => "other",
        Standing::NotDemonstrated | Standing::NotApplicable | Standing::Waived => "skipped",
        Standing::ToBeDeclared => "pending",
    }
}

/// Since 1970; 0 where it is no time.
fn milliseconds(moment: &str) -> i64 {
    moment.parse::<jiff::Timestamp>().map_or(0, jiff::Timestamp::as_millisecond)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::record;

    #[test]
    fn the_summary_counts_the_tests() {
        let report: Value = serde_json::from_str(&render(&record()).unwrap()).unwrap();
        let results = &report["results"];
        let tests = results["tests"].as_array().unwrap();
        let sum: u64 = ["passed", "failed", "pending", "skipped", "other"]
            .iter()
            .map(|status| results["summary"][*status].as_u64().unwrap())
            .sum();
        assert_eq!(sum, tests.len() as u64);
        let of = |name: &str| tests.iter().find(|test| test["name"] == name).unwrap();
        assert_eq!(of("EX-READ-002 read[format=xml]")["status"], "failed");
        assert!(of("EX-READ-002 read[format=xml]")["message"].as_str().unwrap().contains("expected"));
        assert_eq!(of("EX-SEC-001")["status"], "pending");
        assert_eq!(of("EX-HDR-001 read[format=json]")["status"], "other");
        assert_eq!(
            results["summary"]["stop"].as_i64().unwrap() - results["summary"]["start"].as_i64().unwrap(),
            4000
        );
    }
}
