//! What a terminology service tells in a run.
//!
//! A check looks at what was told before and asks nobody, so that it says the same whenever it is judged. What it would
//! have asked is put down; the service is asked between, on a thread that may wait, and what rests on it is judged anew.

use std::io;

use serde::{Deserialize, Serialize};
use tokio::task::spawn_blocking;

use super::case::Shared;
use super::original::original_digest;
use super::recorder::ANSWERS_FILE;
use super::runner::Played;
use super::{Event, Listener, TerminologyUse};
use crate::terminology::{Service, Told};
use crate::validate::Validator;

/// A terminology service that a run asks about codes which the packages do not tell.
#[derive(Debug)]
pub struct TerminologyService {
    /// Its address, without credentials.
    pub address: String,
    /// What it says that it is.
    pub software: Option<String>,
    /// How it is asked.
    pub service: Box<dyn Service>,
}

/// The file of the answers.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Answers {
    pub(super) told: Vec<Told>,
}

/// The service whose answers a run rests on, asked in it or before.
pub(super) struct Asked {
    pub(super) address: String,
    pub(super) software: Option<String>,
}

impl Asked {
    /// The same as in a run before.
    pub(super) fn as_before(before: Option<&TerminologyUse>) -> Option<Self> {
        before.map(|used| Self { address: used.service.clone(), software: used.software.clone() })
    }

    /// Has the answers kept, and says what the record says of them.
    pub(super) fn keep(
        self,
        played: &Played,
        listeners: &mut [&mut dyn Listener],
    ) -> io::Result<TerminologyUse> {
        let told = played.shared.validator.schemas().terminology().told();
        let (questions, unanswered) = (told.len(), told.iter().filter(|told| told.answer.is_none()).count());
        let file = serde_json::to_vec_pretty(&Answers { told })?;
        let original = original_digest(&played.shared.plan.inputs.seed, &file);
        let event = Event::AllAnswered { file };
        listeners.iter_mut().try_for_each(|listener| listener.event(&event))?;
        Ok(TerminologyUse {
            service: self.address,
            software: self.software,
            questions,
            unanswered,
            file: ANSWERS_FILE.to_owned(),
            original,
        })
    }
}

/// Gives a validator the answers to go by, and a service for the rest, if there is one.
pub(super) fn recall(
    validator: &Validator,
    known: Vec<Told>,
    service: Option<Box<dyn Service>>,
) -> io::Result<()> {
    if validator.schemas().terminology().recall(known, service) {
        return Ok(());
    }
    Err(io::Error::other("internal: the validator goes by the answers of another run"))
}

impl Shared {
    /// Judges, has asked what came up, and judges again, until nothing new is told: what is returned rests on all that
    /// is ever told of it, whatever else is judged at the same time. Without a service it judges once.
    ///
    /// It ends: each time something was told that was not, and a run asks a limited number of questions.
    pub(super) async fn settled<T>(&self, mut judge: impl FnMut() -> T) -> T {
        let terminology = self.validator.schemas().terminology();
        loop {
            let known = terminology.asked();
            let judged = judge();
            self.ask().await;
            if terminology.asked() == known {
                return judged;
            }
        }
    }

    async fn ask(&self) {
        if !self.validator.schemas().terminology().has_questions() {
            return;
        }
        let validator = self.validator.clone();
        let told = spawn_blocking(move || validator.schemas().terminology().ask()).await;
        if let Some(told) = told.ok().filter(|told| !told.is_empty()) {
            // The receiver is gone only when the run has ended, and then nothing is kept.
            let _ = self.events.send(Event::Answered { told }).await;
        }
    }
}
