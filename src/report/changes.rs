//! What came out otherwise than in the baseline run.

use crate::check::Outcome;
use crate::run::RunRecord;

/// The requirements that came out otherwise, by their ids.
#[derive(Debug, Default)]
pub(super) struct Changes<'r> {
    newly_failed: Vec<&'r str>,
    mended: Vec<&'r str>,
    no_longer_shown: Vec<&'r str>,
}

impl<'r> Changes<'r> {
    /// Those of a run that has a baseline; none of one that has not.
    pub(super) fn of(record: &'r RunRecord) -> Self {
        let mut changes = Self::default();
        if record.baseline.is_none() {
            return changes;
        }
        for requirement in &record.requirements {
            let id = requirement.id.as_str();
            match (requirement.baseline, requirement.outcome) {
                (was, is) if was == Some(is) => {}
                (_, Outcome::Fail) => changes.newly_failed.push(id),
                (Some(Outcome::Fail), Outcome::Pass) => changes.mended.push(id),
                (Some(Outcome::Pass), Outcome::Inconclusive | Outcome::NotDemonstrated) => {
                    changes.no_longer_shown.push(id);
                }
                _ => {}
            }
        }
        changes
    }

    /// Each kind of change with its words.
    pub(super) fn parts(&self) -> [(&'static str, &[&'r str]); 3] {
        [
            ("newly failed", &self.newly_failed),
            ("mended", &self.mended),
            ("no longer shown", &self.no_longer_shown),
        ]
    }
}
