//! What failed in a run as SARIF 2.1.0, at the files of evidence, for tools that collect findings.

use serde_json::{Value, json};

use super::case::Index;
use super::standing::{advisory, check_decides};
use crate::check::{CheckResult, Outcome};
use crate::inert::visible;
use crate::run::{RunRecord, StepResult};

/// The report as SARIF.
pub fn render(record: &RunRecord) -> serde_json::Result<String> {
    let index = Index::new(record);
    let advisory = advisory(record);
    let mut results = Vec::new();
    for scenario in &record.scenarios {
        for step in &scenario.steps {
            for check in step.checks.iter().filter(|check| check.outcome == Outcome::Fail) {
                results.extend(of_check(&index, &scenario.id, step, check, &advisory));
            }
        }
    }
    let mut rules: Vec<&str> = results.iter().filter_map(|result| result["ruleId"].as_str()).collect();
    rules.sort_unstable();
    rules.dedup();
    let rules: Vec<Value> = rules.into_iter().map(|rule| json!({ "id": rule })).collect();
    let report = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": record.tool.name, "version": record.tool.version, "rules": rules } },
            "results": results,
        }],
    });
    let mut text = serde_json::to_string_pretty(&report)?;
    text.push('\n');
    Ok(text)
}

/// A result for each finding of a check; one for the check, where it has none.
fn of_check(
    index: &Index<'_>,
    scenario: &str,
    step: &StepResult,
    check: &CheckResult,
    advisory: &[&str],
) -> Vec<Value> {
    let level = if check_decides(check, advisory) { "error" } else { "warning" };
    let file = index.exchanges(&step.exchanges).first().map(|one| one.file.clone());
    let result = |rule: &str, message: &str, path: Option<&str>| {
        let mut result = json!({
            "ruleId": rule,
            "level": level,
            "message": { "text": visible(&format!("{scenario}, {}: {message}", step.name)) },
            "properties": { "requirements": check.verifies },
        });
        let mut location = json!({});
        if let Some(file) = &file {
            location["physicalLocation"] = json!({ "artifactLocation": { "uri": file } });
        }
        if let Some(path) = path {
            location["logicalLocations"] = json!([{ "fullyQualifiedName": visible(path), "kind": "member" }]);
        }
        if location.as_object().is_some_and(|location| !location.is_empty()) {
            result["locations"] = json!([location]);
        }
        result
    };
    if check.findings.is_empty() {
        let found = check.actual.as_deref().map(|found| format!("; found {found}")).unwrap_or_default();
        return vec![result(&check.code, &format!("{}{found}", check.checked), None)];
    }
    check.findings.iter().map(|one| result(&one.code, &one.message, Some(&one.path))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::record;

    #[test]
    fn what_failed_is_a_result_at_its_evidence() {
        let report: Value = serde_json::from_str(&render(&record()).unwrap()).unwrap();
        let results = report["runs"][0]["results"].as_array().unwrap();
        assert!(!results.is_empty());
        for result in results {
            let rules = report["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
            assert!(rules.iter().any(|rule| rule["id"] == result["ruleId"]));
        }
        let levels: Vec<&str> = results.iter().map(|result| result["level"].as_str().unwrap()).collect();
        assert!(levels.contains(&"error") && levels.contains(&"warning"), "{levels:?}");
        let place = &results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        assert!(place.as_str().unwrap().starts_with("evidence/"));
    }
}
