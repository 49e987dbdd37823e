//! A scenario case on the page: its steps, their checks, and what was sent and received.

use minijinja::{Value, context};

use super::{exchange, link, standing};
use crate::check::{CheckResult, Finding, Outcome};
use crate::inert::value;
use crate::report::case::Index;
use crate::report::facts::finding_place;
use crate::report::format::Evidence;
use crate::report::standing::Standing;
use crate::run::{ScenarioResult, StepResult};

/// How many findings of one check the page shows; the rest are counted.
const FINDINGS: usize = 20;
/// How many exchanges of one step are shown with what was sent and received.
const EXCERPTS: usize = 3;

/// The anchor of a scenario case.
pub(super) fn anchor(id: &str) -> String {
    format!("scenario-{}", link::anchor(id))
}

/// A scenario case.
pub(super) fn view(index: &Index<'_>, scenario: &ScenarioResult, evidence: &Evidence<'_>) -> Value {
    let steps: Vec<Value> = scenario.steps.iter().map(|step| step_view(index, step, evidence)).collect();
    let verifies: Vec<Value> =
        scenario.verifies.iter().map(|id| context! { id, anchor => link::anchor(id) }).collect();
    context! {
        id => &scenario.id,
        anchor => anchor(&scenario.id),
        title => &scenario.title,
        standing => standing(of_outcome(scenario.outcome)),
        reason => scenario.reason.as_deref().map(value),
        duration => scenario.duration_ms,
        verifies,
        steps,
    }
}

/// A check with all that it found.
pub(super) fn check(check: &CheckResult) -> Value {
    let findings: Vec<Value> = check.findings.iter().take(FINDINGS).map(finding).collect();
    context! {
        checked => &check.checked,
        code => &check.code,
        standing => standing(of_outcome(check.outcome)),
        failed => check.outcome == Outcome::Fail,
        expected => check.expected.as_deref().map(value),
        actual => check.actual.as_deref().map(value),
        hint => &check.hint,
        findings,
        more => check.findings.len().saturating_sub(FINDINGS),
    }
}

fn step_view(index: &Index<'_>, step: &StepResult, evidence: &Evidence<'_>) -> Value {
    let checks: Vec<Value> = step.checks.iter().map(check).collect();
    context! {
        name => &step.name,
        standing => standing(of_outcome(step.outcome)),
        reason => step.reason.as_deref().map(value),
        curl => &step.curl,
        checks,
        exchanges => exchanges(index, step, evidence),
    }
}

/// The exchanges of a step. What did not pass is shown with what was sent and received: the exchanges that findings
/// name, or the first ones.
fn exchanges(index: &Index<'_>, step: &StepResult, evidence: &Evidence<'_>) -> Vec<Value> {
    let named: Vec<&str> = step
        .checks
        .iter()
        .filter(|check| !is_settled(check.outcome))
        .flat_map(|check| check.findings.iter().filter_map(|finding| finding.exchange.as_deref()))
        .collect();
    let mut left = if is_settled(step.outcome) { 0 } else { EXCERPTS };
    let exchanges = index.exchanges(&step.exchanges);
    exchanges
        .into_iter()
        .map(|summary| {
            if left > 0 && (named.is_empty() || named.contains(&summary.id.as_str())) {
                left -= 1;
                exchange::with_excerpt(summary, evidence)
            } else {
                exchange::line(summary)
            }
        })
        .collect()
}

fn finding(finding: &Finding) -> Value {
    context! {
        place => finding_place(finding),
        weight => finding.weight.to_string(),
        message => value(&finding.message),
        expected => finding.expected.as_deref().map(value),
        actual => finding.actual.as_deref().map(value),
        code => &finding.code,
        definition => &finding.definition,
    }
}

fn is_settled(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Pass | Outcome::NotApplicable)
}

/// How something stands that is no requirement, and so is neither mandatory nor advisory.
fn of_outcome(outcome: Outcome) -> Standing {
    match outcome {
        Outcome::Pass => Standing::Passed,
        Outcome::Fail => Standing::Failed,
        Outcome::Inconclusive => Standing::Inconclusive,
        Outcome::NotDemonstrated => Standing::NotDemonstrated,
        Outcome::NotApplicable => Standing::NotApplicable,
    }
}
