//! Which cases of a plan could not be shown, as far as that is known before they are run.

use serde::Serialize;

use super::claims::Claims;
use super::stopped::precondition;
use super::{DataFinding, DataState, Plan};
use crate::check::{Outcome, Page};

/// Why a case would not be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Obstacle {
    /// The id of the case.
    pub case: String,
    /// Whether it applies; what does not apply is passed over, and nothing is missing.
    pub applies: bool,
    /// Why, in words.
    pub reason: String,
}

/// The cases that would not be shown. `capabilities` is the answer to GET metadata, `data` what was found of the data,
/// and `stops` why nothing at all can be asked, if that is so.
#[must_use]
pub fn obstacles(
    plan: &Plan,
    capabilities: Page,
    data: &[DataFinding],
    stops: Option<&str>,
) -> Vec<Obstacle> {
    let claims = Claims::of(capabilities, &plan.inputs);
    let mut found = Vec::new();
    for case in &plan.cases {
        let scenario = plan.scenario(case);
        let stopped = precondition(plan, &claims, case, scenario);
        let (applies, reason) = match stopped {
            Some(stopped) if stopped.outcome == Outcome::NotApplicable => (false, stopped.reason),
            other => {
                let lacking = scenario.needs.iter().find_map(|need| lacking(data, need));
                let Some(reason) =
                    stops.map(str::to_owned).or(lacking).or(other.map(|stopped| stopped.reason))
                else {
                    continue;
                };
                (true, reason)
            }
        };
        found.push(Obstacle { case: case.id.clone(), applies, reason });
    }
    found
}

/// What is missing of a record, if it is.
fn lacking(data: &[DataFinding], name: &str) -> Option<String> {
    let finding = data.iter().find(|finding| finding.name == name && !finding.is_there())?;
    Some(match &finding.state {
        DataState::Unknown(reason) => format!("it could not be told whether {name} is there: {reason}"),
        _ if finding.lacks.is_empty() => format!("{name} was not found"),
        _ => format!("{name} lacks {}", finding.lacks.join(", ")),
    })
}
