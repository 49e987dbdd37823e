//! What identifies people in a run, gathered as its exchanges come, so that it is known when the run ends.

use std::collections::HashSet;

use super::identifiers::Identifiers;
use crate::http::Evidence;

/// Up to this size, in bytes, a body is looked at as it comes. Larger ones, of which reading takes a multiple in memory,
/// wait until nothing else is held.
const SMALL: usize = 64 << 10;

/// What was gathered so far.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    identifiers: Identifiers,
    /// The ids of the exchanges that wait.
    waiting: HashSet<String>,
    overflowed: bool,
}

impl Gathered {
    /// Adds what an exchange holds, or its id to those that wait.
    pub(crate) fn add(&mut self, evidence: &Evidence) {
        let mut bodies = std::iter::once(&evidence.request).chain(&evidence.response);
        if bodies.any(|message| message.body.as_ref().is_some_and(|body| body.len() > SMALL)) {
            self.waiting.insert(evidence.id.clone());
        } else {
            self.overflowed = self.overflowed || !self.identifiers.add_evidence(evidence);
        }
    }

    /// What was gathered, and the ids of the exchanges that are still to be looked at; `None` if there was no room for
    /// all. It is the same in whatever order the exchanges came.
    pub(super) fn so_far(&self) -> Option<(&Identifiers, &HashSet<String>)> {
        (!self.overflowed).then_some((&self.identifiers, &self.waiting))
    }
}
