//! What a check is, so that it can be found again in another run.

use std::collections::BTreeMap;

use crate::check::{CheckResult, NOT_JUDGED, NOT_SUPPORTED, Outcome};
use crate::run::{RunRecord, ScenarioResult};

/// One check of one step of one scenario, over all cases of the scenario's matrix.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Identity {
    pub(super) scenario: String,
    /// The number of the step, from 1; those that make ready and clear away are counted.
    pub(super) step: usize,
    /// The requirements that it verifies.
    pub(super) verifies: Vec<String>,
    /// The code of its kind.
    pub(super) code: String,
    /// Which of its kind it is, among those of the step that verify the same; from 1.
    pub(super) number: usize,
}

impl std::fmt::Display for Identity {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}, step {}: {}", self.scenario, self.step, self.code)?;
        if self.number > 1 {
            write!(formatter, " {}", self.number)?;
        }
        write!(formatter, " ({})", self.verifies.join(", "))
    }
}

/// A check as it was made in one case.
#[derive(Debug, Clone, Copy)]
pub(super) struct Made<'r> {
    pub(super) case: &'r ScenarioResult,
    pub(super) step: &'r str,
    pub(super) result: &'r CheckResult,
}

/// Calls `visit` with every check that was made and its identity. What was not judged, and what only makes ready, is
/// no check.
pub(super) fn each_check<'r>(record: &'r RunRecord, mut visit: impl FnMut(Identity, Made<'r>)) {
    for case in &record.scenarios {
        let scenario = case.id.split('[').next().unwrap_or_default();
        for (index, step) in case.steps.iter().enumerate() {
            let mut numbers: BTreeMap<(&[String], &str), usize> = BTreeMap::new();
            for result in step.checks.iter().filter(|result| is_check(result)) {
                let number = numbers.entry((&result.verifies, &result.code)).or_default();
                *number += 1;
                let identity = Identity {
                    scenario: scenario.to_owned(),
                    step: index + 1,
                    verifies: result.verifies.clone(),
                    code: result.code.clone(),
                    number: *number,
                };
                visit(identity, Made { case, step: &step.name, result });
            }
        }
    }
}

fn is_check(result: &CheckResult) -> bool {
    !result.verifies.is_empty()
        && result.code != NOT_JUDGED.name
        && result.code != NOT_SUPPORTED.name
        && result.outcome != Outcome::NotApplicable
}
