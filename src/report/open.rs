//! What could not be shown, grouped by why: one cause that stops sixty scenarios is told once.

use super::case::Index;
use super::standing::{Standing, decides};
use crate::run::RequirementResult;

/// What to say where the record gives no reason.
const NO_REASON: &str = "no scenario that ran shows it";

/// Requirements that share the reason for which they are open.
pub(super) struct OpenGroup<'r> {
    /// Inconclusive or not demonstrated.
    pub(super) standing: Standing,
    pub(super) reason: String,
    /// Whether one of them keeps the verdict open.
    pub(super) decides: bool,
    pub(super) requirements: Vec<&'r RequirementResult>,
    /// The scenario cases that it stopped.
    pub(super) scenarios: Vec<&'r str>,
}

/// The open requirements of a run: those that keep the verdict open first, then in the order of the standard.
pub(super) fn groups<'r>(index: &Index<'r>) -> Vec<OpenGroup<'r>> {
    let mut groups: Vec<OpenGroup<'r>> = Vec::new();
    for requirement in &index.record.requirements {
        let standing = Standing::of(requirement);
        if !matches!(standing, Standing::Inconclusive | Standing::NotDemonstrated) {
            continue;
        }
        let mut explained = false;
        for case in index.cases(requirement) {
            if case.outcome == requirement.outcome {
                let reason = case.reason().or_else(|| requirement.reason.clone());
                let reason = reason.as_deref().unwrap_or(NO_REASON);
                add(&mut groups, standing, reason, requirement, Some(&case.scenario.id));
                explained = true;
            }
        }
        if !explained {
            let reason = requirement.reason.as_deref().unwrap_or(NO_REASON);
            add(&mut groups, standing, reason, requirement, None);
        }
    }
    groups.sort_by_key(|group| !group.decides);
    groups
}

fn add<'r>(
    groups: &mut Vec<OpenGroup<'r>>,
    standing: Standing,
    reason: &str,
    requirement: &'r RequirementResult,
    scenario: Option<&'r str>,
) {
    let found = groups.iter().position(|group| group.standing == standing && group.reason == reason);
    let at = found.unwrap_or_else(|| {
        groups.push(OpenGroup {
            standing,
            reason: reason.to_owned(),
            decides: false,
            requirements: Vec::new(),
            scenarios: Vec::new(),
        });
        groups.len() - 1
    });
    let group = &mut groups[at];
    group.decides |= decides(requirement);
    if group.requirements.last().is_none_or(|last| last.id != requirement.id) {
        group.requirements.push(requirement);
    }
    if let Some(scenario) = scenario
        && !group.scenarios.contains(&scenario)
    {
        group.scenarios.push(scenario);
    }
}
