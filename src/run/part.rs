//! Steps without a request, and the parts of a scenario that stop each for itself.

use std::sync::Arc;

use super::StepResult;
use super::capture::captured;
use super::case::{Phase, Running, answered, part_of};
use super::fill::fill;
use super::payload::Unmade;
use super::stopped::Stopped;
use crate::check::{Answer, CheckResult, NOT_SUPPORTED, Outcome};
use crate::standard::Step;

impl Running<'_> {
    /// A step that cannot be done. Nothing is sent, and later steps go on.
    pub(super) fn not_supported(&self, phase: Phase, step: &Step, reason: &str) -> StepResult {
        let mut check = CheckResult::new(NOT_SUPPORTED.name, Outcome::Inconclusive, "that it can be done");
        check.actual = Some(reason.to_owned());
        check.verifies = part_of(step, self.scenario);
        StepResult {
            name: phase.called(step.name.clone().unwrap_or_else(|| "not supported".to_owned())),
            outcome: Outcome::Inconclusive,
            reason: Some(reason.to_owned()),
            exchanges: Vec::new(),
            // What only clears away decides nothing.
            checks: if phase == Phase::Teardown { Vec::new() } else { vec![check] },
            curl: None,
        }
    }

    /// A step that looks at an earlier answer once more.
    pub(super) async fn once_more(
        &mut self,
        phase: Phase,
        index: usize,
        step: &Step,
        name: &str,
    ) -> StepResult {
        let made = match self.kept.get(name) {
            None => Err(Stopped {
                outcome: Outcome::NotDemonstrated,
                reason: format!("there is no earlier answer `{name}`"),
            }),
            Some(kept) => Ok(Arc::clone(kept)),
        };
        let filled = fill(step, &|name: &str| self.values.get(name)).map_err(Unmade::Missing);
        let (kept, step) = match (made, filled) {
            (Ok(kept), Ok(step)) => (kept, step),
            (Err(stopped), _) => {
                self.stop(step, stopped.clone());
                return self.not_run(phase, index, step, &stopped);
            }
            (_, Err(unmade)) => {
                let stopped = self.unmade(step, unmade);
                return self.not_run(phase, index, step, &stopped);
            }
        };
        let checks = self.settled(phase, &step, &kept.answer, &kept.parameters).await;
        self.capture(&step, &kept.answer);
        let outcome = Outcome::of_all(checks.iter().map(|check| check.outcome));
        StepResult {
            name: phase.called(step.name.unwrap_or_else(|| format!("the answer `{name}`"))),
            outcome: outcome.unwrap_or_else(|| answered(&kept.answer)),
            reason: None,
            exchanges: kept.answer.pages.iter().map(|page| page.id.clone()).collect(),
            checks,
            curl: None,
        }
    }

    /// Keeps what a step captures of an answer, unless nothing after it means anything.
    pub(super) fn capture(&mut self, step: &Step, answer: &Answer) {
        let is_stopped = self.stopped_at(step).is_some();
        // An option that is not offered shows nothing.
        let shown = step.capture.iter().filter(|(name, _)| !self.absent.contains_key(*name));
        let shown: Vec<_> = shown.collect();
        for (name, capture) in shown {
            // A name that nothing is found for keeps the value that it had.
            let Some(value) = captured(capture, answer, self.shared.validator.schemas()) else { continue };
            if is_stopped {
                // No later step is to go by it. But what was made is cleared away.
                self.for_teardown.insert(name.clone(), value);
            } else {
                self.values.capture(name, value);
            }
        }
    }

    /// Why a step is not to be done, if it is not: the scenario, or the part that it belongs to, is stopped.
    pub(super) fn stopped_at(&self, step: &Step) -> Option<Stopped> {
        self.stopped.clone().or_else(|| self.stopped_parts.get(&step.verifies).cloned())
    }

    /// Stops what rests on a step: its part of the scenario, or all of it.
    pub(super) fn stop(&mut self, step: &Step, stopped: Stopped) {
        if step.verifies.is_empty() {
            self.stopped = Some(stopped);
        } else {
            self.stopped_parts.insert(step.verifies.clone(), stopped);
        }
    }
}
