//! What identifies people in a run, gathered as its exchanges come, so that it is known when the run ends.

use super::identifiers::Identifiers;
use crate::http::Evidence;

/// What was gathered so far.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    identifiers: Identifiers,
    overflowed: bool,
}

impl Gathered {
    /// Adds what an exchange holds.
    pub(crate) fn add(&mut self, evidence: &Evidence) {
        self.overflowed = self.overflowed || !self.identifiers.add_evidence(evidence);
    }

    /// All of it; `None` if there was no room for all. It is the same in whatever order the exchanges came.
    pub(super) fn whole(&self) -> Option<&Identifiers> {
        (!self.overflowed).then_some(&self.identifiers)
    }
}
