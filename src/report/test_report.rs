//! The report as a FHIR R4 `TestReport` (<https://hl7.org/fhir/R4/testreport.html>), with a stub of the `TestScript` that it
//! refers to contained: a test a scenario case, an action a step, an assert a check.

use serde_json::{Value, json};

use super::standing::{advisory, check_decides};
use crate::check::{CheckResult, Outcome};
use crate::inert::visible;
use crate::run::{RunRecord, ScenarioResult, StepResult, Verdict};

/// The report as a `TestReport` in JSON.
pub fn render(record: &RunRecord) -> serde_json::Result<String> {
    let advisory = advisory(record);
    let titles: Vec<String> =
        record.standards.iter().map(|one| format!("{} {}", one.title, one.version)).collect();
    let title = titles.join(", ");
    let supplier = record.supplier.clone().unwrap_or_default();
    let tool = format!("{} {}", record.tool.name, record.tool.version);
    let mut report = json!({
        "resourceType": "TestReport",
        "contained": [script(record, &title)],
        "name": text(&format!("Conformance with {title}")),
        "status": if record.interrupted { "stopped" } else { "completed" },
        "testScript": { "reference": "#script" },
        "result": result(record),
        "tester": tool,
        "issued": record.judged,
        "participant": [
            { "type": "test-engine", "uri": format!("urn:proofmark:{}", record.tool.version), "display": tool },
            server(record, supplier.product.as_deref()),
        ],
    });
    let tests: Vec<Value> =
        record.scenarios.iter().filter(|one| !one.steps.is_empty()).map(|one| test(one, &advisory)).collect();
    if !tests.is_empty() {
        report["test"] = Value::from(tests);
    }
    let mut text = serde_json::to_string_pretty(&report)?;
    text.push('\n');
    Ok(text)
}

fn server(record: &RunRecord, product: Option<&str>) -> Value {
    let mut server = json!({ "type": "server", "uri": visible(&record.endpoint.url) });
    if let Some(product) = product {
        server["display"] = Value::from(text(product));
    }
    server
}

/// What the report refers to: the standard, as the script that it was.
fn script(record: &RunRecord, title: &str) -> Value {
    let standard = record.standards.first();
    json!({
        "resourceType": "TestScript",
        "id": "script",
        "url": standard.map_or_else(
            || "urn:proofmark:standard".to_owned(),
            |one| format!("urn:proofmark:standard:{}:{}", one.id, one.version)
        ),
        "version": standard.map(|one| one.version.clone()).unwrap_or_default(),
        "name": standard.map(|one| one.id.replace(|c: char| !c.is_ascii_alphanumeric(), "_")).unwrap_or_default(),
        "title": text(title),
        "status": "active",
        "description": "A stub: the scenarios are those of the standard named, with the digest in its copyright.",
        "copyright": standard.map(|one| format!("sha256 {}", one.digest)).unwrap_or_default(),
    })
}

/// `pass` only where every standard is met; what could not be shown leaves it pending.
fn result(record: &RunRecord) -> &'static str {
    let is = |verdict: fn(&Verdict) -> bool| record.standards.iter().any(|one| verdict(&one.verdict));
    if is(|verdict| *verdict == Verdict::NotConformant) {
        "fail"
    } else if record.standards.is_empty() || is(|verdict| *verdict == Verdict::Incomplete) {
        "pending"
    } else {
        "pass"
    }
}

fn test(scenario: &ScenarioResult, advisory: &[&str]) -> Value {
    let actions: Vec<Value> = scenario.steps.iter().flat_map(|step| actions(step, advisory)).collect();
    json!({ "name": text(&scenario.id), "description": text(&scenario.title), "action": actions })
}

fn actions(step: &StepResult, advisory: &[&str]) -> Vec<Value> {
    let sent = match (step.exchanges.is_empty(), step.outcome) {
        (true, _) => "skip",
        (false, Outcome::Inconclusive) => "error",
        (false, _) => "pass",
    };
    let mut operation = json!({ "result": sent, "message": text(&step.name) });
    if let Some(id) = step.exchanges.first() {
        operation["detail"] = Value::from(format!("urn:proofmark:exchange:{id}"));
    }
    let mut actions = vec![json!({ "operation": operation })];
    actions.extend(step.checks.iter().map(|check| json!({ "assert": assertion(check, advisory) })));
    actions
}

fn assertion(check: &CheckResult, advisory: &[&str]) -> Value {
    let result = match check.outcome {
        Outcome::Pass => "pass",
        Outcome::Fail if check_decides(check, advisory) => "fail",
        Outcome::Fail => "warning",
        Outcome::NotApplicable | Outcome::NotDemonstrated => "skip",
        Outcome::Inconclusive => "error",
    };
    let mut message = check.checked.clone();
    if check.outcome != Outcome::Pass
        && let Some(actual) = &check.actual
    {
        message.push_str(&format!("; found {actual}"));
    }
    if !check.verifies.is_empty() {
        message.push_str(&format!(" ({})", check.verifies.join(", ")));
    }
    json!({ "result": result, "message": text(&message) })
}

/// A string of FHIR: not empty, and nothing that JSON or XML could not carry.
fn text(words: &str) -> String {
    let words = visible(words);
    if words.trim().is_empty() { "–".to_owned() } else { words }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::tests::record;

    #[test]
    fn outcomes_become_results() {
        let report: Value = serde_json::from_str(&render(&record()).unwrap()).unwrap();
        assert_eq!(report["result"], "fail");
        assert_eq!(report["contained"][0]["id"], "script");
        let tests = report["test"].as_array().unwrap();
        let results = |name: &str| -> Vec<String> {
            let test = tests.iter().find(|test| test["name"] == name).unwrap();
            let asserts = test["action"].as_array().unwrap().iter();
            asserts.filter_map(|action| action["assert"]["result"].as_str().map(str::to_owned)).collect()
        };
        assert!(results("read[format=xml]").contains(&"fail".to_owned()));
        assert!(results("read[format=json]").contains(&"warning".to_owned()), "SHOULD only warns");
        assert!(results("read[format=json]").contains(&"pass".to_owned()));
    }
}
