//! What happens in a run, one thing at a time: the only word between the runner and those who show or
//! keep it.

use super::{ExchangeSummary, Heading, Inputs};
use crate::check::Outcome;
use crate::http::Evidence;
use crate::terminology::Told;

/// One thing that happened.
#[derive(Debug, Clone)]
pub enum Event {
    /// The run began.
    Started {
        /// How many cases it has.
        cases: usize,
        /// What it was given.
        inputs: Box<Inputs>,
        /// What is run, in one line of JSON, to be compared with when a killed run is gone on with.
        heading: Box<Heading>,
    },
    /// A request was answered, or not.
    Exchanged {
        /// What the record says of it, with the file to keep it in.
        summary: Box<ExchangeSummary>,
        /// What to keep.
        evidence: Box<Evidence>,
    },
    /// A terminology service was asked about codes.
    Answered {
        /// What it told.
        told: Vec<Told>,
    },
    /// All cases ended, and this is all that a terminology service told.
    AllAnswered {
        /// The file to keep, in JSON.
        file: Vec<u8>,
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
