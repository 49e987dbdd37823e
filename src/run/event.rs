//! What happens in a run, one thing at a time: the only word between the runner and those who show or
//! keep it.

use super::Inputs;
use crate::check::Outcome;
use crate::http::Evidence;

/// One thing that happened.
#[derive(Debug, Clone)]
pub enum Event {
    /// The run began.
    Started {
        /// How many cases it has.
        cases: usize,
        /// What it was given.
        inputs: Box<Inputs>,
    },
    /// A request was answered, or not.
    Exchanged {
        /// The file to keep it in, relative to the run's folder.
        file: String,
        /// What to keep.
        evidence: Box<Evidence>,
    },
    /// A case ended.
    Finished {
        /// Its id.
        id: String,
        /// What came of it.
        outcome: Outcome,
    },
}

/// Somebody who shows or keeps what happens.
pub trait Listener {
    /// Takes one event.
    ///
    /// # Errors
    /// It cannot be kept; the run ends.
    fn event(&mut self, event: &Event) -> std::io::Result<()>;
}
