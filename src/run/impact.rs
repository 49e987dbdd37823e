//! What judging a run again changes: the impact of another version of a standard on a supplier that was tested
//! against the first.

use serde::Serialize;

use super::{RequirementResult, RunRecord};
use crate::check::{NOT_RECORDED, Outcome};

/// The difference between two judgements of one recording, by requirement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Impact {
    /// What judged first: `id@version`.
    pub before: String,
    /// What judged again.
    pub after: String,
    /// Fail now and did not.
    pub newly_fails: Vec<Change>,
    /// Pass now and did not.
    pub newly_passes: Vec<Change>,
    /// Would need requests that were not recorded.
    pub cannot_tell: Vec<Change>,
    /// Came out otherwise than before, neither as a pass nor as a failure.
    pub otherwise: Vec<Change>,
    /// Are no longer asked for.
    pub gone: Vec<Change>,
    /// How many requirements came out as before.
    pub unchanged: usize,
}

/// One requirement and how it came out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Its id.
    pub id: String,
    /// What it says.
    pub text: String,
    /// What came of it before; none if it was not asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Outcome>,
    /// What comes of it now; none if it is no longer asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Outcome>,
}

impl Impact {
    /// Compares two judgements of one recording.
    #[must_use]
    pub fn of(before: &RunRecord, after: &RunRecord) -> Self {
        let mut impact = Self {
            before: name(before),
            after: name(after),
            newly_fails: Vec::new(),
            newly_passes: Vec::new(),
            cannot_tell: Vec::new(),
            otherwise: Vec::new(),
            gone: Vec::new(),
            unchanged: 0,
        };
        let known = |record: &RunRecord, id: &str| -> Option<Outcome> {
            record.requirements.iter().find(|requirement| requirement.id == id).map(|known| known.outcome)
        };
        for requirement in &after.requirements {
            let was = known(before, &requirement.id);
            let change = Change {
                id: requirement.id.clone(),
                text: requirement.text.clone(),
                before: was,
                after: Some(requirement.outcome),
            };
            if was == Some(requirement.outcome) {
                impact.unchanged += 1;
            } else if requirement.outcome == Outcome::Fail {
                impact.newly_fails.push(change);
            } else if rests_on_the_unrecorded(requirement, after) {
                impact.cannot_tell.push(change);
            } else if requirement.outcome == Outcome::Pass {
                impact.newly_passes.push(change);
            } else {
                impact.otherwise.push(change);
            }
        }
        let gone = before
            .requirements
            .iter()
            .filter(|known| !after.requirements.iter().any(|requirement| requirement.id == known.id));
        impact.gone = gone
            .map(|known| Change {
                id: known.id.clone(),
                text: known.text.clone(),
                before: Some(known.outcome),
                after: None,
            })
            .collect();
        impact
    }
}

fn name(record: &RunRecord) -> String {
    let names: Vec<String> =
        record.standards.iter().map(|standard| format!("{}@{}", standard.id, standard.version)).collect();
    names.join(", ")
}

/// Whether what is open about a requirement is that the recording lacks an answer.
fn rests_on_the_unrecorded(requirement: &RequirementResult, record: &RunRecord) -> bool {
    let cases = record.scenarios.iter().filter(|scenario| requirement.scenarios.contains(&scenario.id));
    let mut checks = cases.flat_map(|scenario| &scenario.steps).flat_map(|step| &step.checks);
    checks.any(|check| check.code == NOT_RECORDED.name)
}
