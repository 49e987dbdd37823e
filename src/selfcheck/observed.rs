//! What one run shows, compared with the run against the supplier as it is.

use std::collections::{BTreeMap, BTreeSet};

use super::document::{Turned, WrongCheck};
use super::identity::{Identity, each_check};
use crate::check::{NO_ANSWER, Outcome};
use crate::run::RunRecord;
use crate::standard::Level;

/// The run against the supplier as it is.
#[derive(Debug, Default)]
pub(super) struct Clean {
    /// What passed in at least one case, with the words of the first.
    pub(super) passed: BTreeMap<Identity, Words>,
    /// What went wrong, by case: that cannot show anything of a fault.
    wrong: BTreeSet<(String, Identity)>,
    /// The outcome of each case.
    cases: BTreeMap<String, Outcome>,
    /// The requirements that passed.
    requirements: BTreeSet<String>,
}

/// What a check says of itself.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) step: String,
    pub(super) checked: String,
}

/// What a run shows that the clean one did not.
#[derive(Debug, Default)]
pub(super) struct Observed {
    /// The checks that went wrong, each with the first case in which it did.
    pub(super) wrong: BTreeMap<Identity, WrongCheck>,
    /// The requirements that went wrong.
    pub(super) requirements: BTreeSet<String>,
    /// The cases that passed in the clean run and were not shown in this one.
    pub(super) turned: Vec<Turned>,
    /// The mandatory requirements that passed in the clean run and were not shown in this one.
    pub(super) open: BTreeSet<String>,
}

impl Clean {
    pub(super) fn of(record: &RunRecord) -> Self {
        let mut clean = Self::default();
        each_check(record, |identity, made| {
            if made.result.outcome == Outcome::Pass {
                clean.passed.entry(identity).or_insert_with(|| Words {
                    step: made.step.to_owned(),
                    checked: made.result.checked.clone(),
                });
            } else if went_wrong(&made.result.code, made.result.outcome) {
                clean.wrong.insert((made.case.id.clone(), identity));
            }
        });
        clean.cases = record.scenarios.iter().map(|case| (case.id.clone(), case.outcome)).collect();
        let passed = record.requirements.iter().filter(|one| one.outcome == Outcome::Pass);
        clean.requirements = passed.map(|one| one.id.clone()).collect();
        clean
    }
}

impl Observed {
    pub(super) fn of(record: &RunRecord, clean: &Clean) -> Self {
        let mut observed = Self::default();
        each_check(record, |identity, made| {
            let outcome = made.result.outcome;
            if !went_wrong(&made.result.code, outcome)
                || clean.wrong.contains(&(made.case.id.clone(), identity.clone()))
            {
                return;
            }
            if outcome != Outcome::Fail {
                // Where there is no answer, the requirement is not failed and does not pass any more.
                observed.requirements.extend(made.result.verifies.iter().cloned());
            }
            let id = identity.to_string();
            observed.wrong.entry(identity).or_insert_with(|| WrongCheck {
                id,
                case: made.case.id.clone(),
                checked: made.result.checked.clone(),
                expected: made.result.expected.clone(),
                actual: made.result.actual.clone(),
            });
        });
        let failed = record.requirements.iter().filter(|one| one.outcome == Outcome::Fail);
        observed.requirements.extend(failed.map(|one| one.id.clone()));
        observed.requirements.retain(|id| clean.requirements.contains(id));
        let open = record.requirements.iter().filter(|one| {
            let mandatory = one.binding && matches!(one.level, Level::Shall | Level::ShallNot);
            mandatory && is_open(one.outcome) && clean.requirements.contains(&one.id)
        });
        observed.open = open.map(|one| one.id.clone()).collect();
        let turned = record
            .scenarios
            .iter()
            .filter(|case| clean.cases.get(&case.id) == Some(&Outcome::Pass) && is_open(case.outcome));
        observed.turned = turned
            .map(|case| Turned { case: case.id.clone(), outcome: case.outcome, reason: case.reason.clone() })
            .collect();
        observed
    }

    /// The clean run against itself: whatever went wrong in it.
    pub(super) fn of_clean(record: &RunRecord) -> Self {
        let nothing = Clean {
            requirements: record.requirements.iter().map(|one| one.id.clone()).collect(),
            ..Clean::default()
        };
        Self::of(record, &nothing)
    }
}

/// Whether it is left open whether the supplier is right.
fn is_open(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::NotDemonstrated | Outcome::Inconclusive)
}

/// Whether a check says that the supplier is wrong: it failed, or there was no answer to judge.
fn went_wrong(code: &str, outcome: Outcome) -> bool {
    outcome == Outcome::Fail || (outcome == Outcome::Inconclusive && code == NO_ANSWER.name)
}
