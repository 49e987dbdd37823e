//! What one scenario case shows about one requirement: the unit that reports are made of.

use std::collections::HashMap;

use crate::check::{CheckResult, NOT_JUDGED, Outcome};
use crate::run::{ExchangeSummary, RequirementResult, RunRecord, ScenarioResult, StandardResult, StepResult};

/// A run record whose parts can be found by id.
pub(super) struct Index<'r> {
    pub(super) record: &'r RunRecord,
    scenarios: HashMap<&'r str, &'r ScenarioResult>,
    exchanges: HashMap<&'r str, &'r ExchangeSummary>,
}

/// A scenario case, seen from a requirement that it verifies.
pub(super) struct Case<'r> {
    pub(super) scenario: &'r ScenarioResult,
    /// What the case shows about this requirement; the scenario as a whole may have come out otherwise.
    pub(super) outcome: Outcome,
    /// The checks that brought this outcome about.
    pub(super) deciding: Vec<Place<'r>>,
}

/// A check and where in its scenario it stands.
#[derive(Clone, Copy)]
pub(super) struct Place<'r> {
    /// From 1.
    pub(super) number: usize,
    pub(super) step: &'r StepResult,
    pub(super) check: &'r CheckResult,
}

impl<'r> Index<'r> {
    pub(super) fn new(record: &'r RunRecord) -> Self {
        Self {
            record,
            scenarios: record.scenarios.iter().map(|scenario| (scenario.id.as_str(), scenario)).collect(),
            exchanges: record.exchanges.iter().map(|exchange| (exchange.id.as_str(), exchange)).collect(),
        }
    }

    /// The standard that a requirement belongs to: the one that has its area.
    pub(super) fn standard(&self, requirement: &RequirementResult) -> Option<&'r StandardResult> {
        let standards = &self.record.standards;
        standards
            .iter()
            .find(|standard| standard.areas.contains_key(&requirement.area))
            .or_else(|| standards.first())
    }

    /// The exchanges with these ids, in their order.
    pub(super) fn exchanges(&self, ids: &[String]) -> Vec<&'r ExchangeSummary> {
        ids.iter().filter_map(|id| self.exchanges.get(id.as_str()).copied()).collect()
    }

    /// The files of evidence of a case.
    pub(super) fn files(&self, case: &Case<'r>) -> Vec<&'r str> {
        let exchanges = case.scenario.steps.iter().flat_map(|step| self.exchanges(&step.exchanges));
        exchanges.map(|exchange| exchange.file.as_str()).collect()
    }

    /// The cases that verify a requirement, in the order of the plan's ids in it.
    pub(super) fn cases(&self, requirement: &RequirementResult) -> Vec<Case<'r>> {
        requirement
            .scenarios
            .iter()
            .filter_map(|id| self.scenarios.get(id.as_str()))
            .map(|scenario| Case::new(requirement, scenario))
            .collect()
    }
}

impl<'r> Case<'r> {
    fn new(requirement: &RequirementResult, scenario: &'r ScenarioResult) -> Self {
        let all = places(scenario);
        let own: Vec<Place<'r>> =
            all.iter().filter(|place| place.check.verifies.contains(&requirement.id)).copied().collect();
        let (outcome, candidates) = match Outcome::of_all(own.iter().map(|place| place.check.outcome)) {
            Some(outcome) => (outcome, own),
            None => (scenario.outcome, all),
        };
        let deciding = candidates.into_iter().filter(|place| place.check.outcome == outcome).collect();
        Self { scenario, outcome, deciding }
    }

    /// Why it is neither pass nor fail, in words: the nearest reason that the record gives.
    pub(super) fn reason(&self) -> Option<String> {
        let of_check = self.deciding.iter().find_map(|place| {
            let actual = place.check.actual.as_deref()?;
            Some(match self.outcome {
                // What was looked for is half of the reason, where something was.
                Outcome::NotDemonstrated if place.check.code != NOT_JUDGED.name => {
                    format!("{}: {actual}", place.check.checked)
                }
                // What the network did is the same whatever was looked for, and is told once.
                _ => actual.to_owned(),
            })
        });
        of_check.or_else(|| self.scenario.reason.clone()).or_else(|| self.stopped_at()?.1.reason.clone())
    }

    /// The first step that came out as the case did, with its number, for a case that no check decided.
    pub(super) fn stopped_at(&self) -> Option<(usize, &'r StepResult)> {
        let steps = &self.scenario.steps;
        steps
            .iter()
            .enumerate()
            .find(|(_, step)| step.outcome == self.outcome)
            .map(|(at, step)| (at + 1, step))
    }
}

fn places(scenario: &ScenarioResult) -> Vec<Place<'_>> {
    let steps = scenario.steps.iter().enumerate();
    steps
        .flat_map(|(at, step)| step.checks.iter().map(move |check| Place { number: at + 1, step, check }))
        .collect()
}
