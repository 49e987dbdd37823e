//! Why a case, or what follows in it, is not judged.

use super::DataSource;
use super::claims::{Claims, Holds};
use super::plan::{Case, Plan};
use crate::check::{Answer, CheckResult, Outcome, refused};
use crate::http::FailureKind;
use crate::standard::{Requirement, Scenario, Step};

/// Why what follows is not judged.
#[derive(Clone)]
pub(super) struct Stopped {
    pub(super) outcome: Outcome,
    pub(super) reason: String,
}

/// Why a case is not run at all, if it is not.
pub(super) fn precondition(
    plan: &Plan,
    claims: &Claims,
    case: &Case,
    scenario: &Scenario,
) -> Option<Stopped> {
    for name in &scenario.needs {
        if plan.inputs.data.source(name) == Some(DataSource::Missing) {
            let reason = format!("no `{name}` is named in the configuration, so that this was not tested");
            return Some(Stopped { outcome: Outcome::NotApplicable, reason });
        }
    }
    let own = scenario.when.as_ref().map(|condition| condition.filled(|name| case.values.get(name).cloned()));
    stop_unless(claims.hold(own.as_ref())).or_else(|| {
        // Where nothing that a scenario verifies applies, there is nothing to ask.
        let verified: Vec<&Requirement> = plan
            .standard
            .requirements
            .iter()
            .filter(|requirement| scenario.all_verified().any(|id| *id == requirement.id))
            .collect();
        let holds = verified.iter().map(|requirement| claims.hold(requirement.when.as_ref()));
        let holds: Vec<Holds> = holds.collect();
        let none = !holds.is_empty() && holds.iter().all(|holds| matches!(holds, Holds::No(_)));
        stop_unless(holds.into_iter().next().filter(|_| none).unwrap_or(Holds::Yes))
    })
}

/// What is left where a condition does not hold.
pub(super) fn stop_unless(holds: Holds) -> Option<Stopped> {
    match holds {
        Holds::Yes => None,
        Holds::No(reason) => Some(Stopped { outcome: Outcome::NotApplicable, reason }),
        Holds::Unknown(reason) => Some(Stopped { outcome: Outcome::Inconclusive, reason }),
        Holds::NotAsked(reason) => Some(Stopped { outcome: Outcome::NotDemonstrated, reason }),
    }
}

/// What an endpoint that did not answer leaves for later steps.
pub(super) fn unanswered(step: &Step, answer: &Answer) -> Option<Stopped> {
    let failure = answer.first()?.exchange.result.as_ref().err()?;
    if refused::is_refusal(failure) && step.expectations().iter().any(|group| group.refused) {
        return None;
    }
    // What cannot be read shows nothing, and that is not held against the server a second time.
    let outcome = if failure.is_of_the_server() { Outcome::NotDemonstrated } else { Outcome::Inconclusive };
    Some(Stopped { outcome, reason: failure.message.clone() })
}

/// What a request that was not sent leaves, of which nothing can be said.
pub(super) fn not_sent(answer: &Answer) -> Option<Stopped> {
    let failures = answer.pages.iter().filter_map(|page| page.exchange.result.as_ref().err());
    let mut ours =
        failures.filter(|failure| matches!(failure.kind, FailureKind::Budget | FailureKind::Credentials));
    let failure = ours.next()?;
    Some(Stopped { outcome: Outcome::NotDemonstrated, reason: failure.message.clone() })
}

/// What a group that later ones rest on leaves for them.
pub(super) fn stop_after(results: &[CheckResult]) -> Option<Stopped> {
    let outcome = Outcome::of_all(results.iter().map(|result| result.outcome))?;
    let cause = results.iter().find(|result| result.outcome == outcome)?;
    let actual = cause.actual.as_deref().unwrap_or("nothing");
    match outcome {
        Outcome::Pass | Outcome::NotApplicable => None,
        Outcome::Inconclusive => Some(Stopped { outcome: Outcome::Inconclusive, reason: actual.to_owned() }),
        Outcome::Fail | Outcome::NotDemonstrated => Some(Stopped {
            outcome: Outcome::NotDemonstrated,
            reason: format!("an earlier check did not hold: {} (found: {actual})", cause.checked),
        }),
    }
}
