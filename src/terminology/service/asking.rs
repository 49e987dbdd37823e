//! Questions that wait to be asked together, and the answers of this run.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use indexmap::IndexSet;

use super::{Answer, Question, Service};

/// How many questions one run asks at most.
const MAX_QUESTIONS: usize = 20_000;

/// A service with what is asked of it.
#[derive(Debug)]
pub(in crate::terminology) struct Asking {
    service: Box<dyn Service>,
    open: Mutex<IndexSet<Question>>,
    answers: Mutex<HashMap<Question, Option<Answer>>>,
    /// Held while the service is asked, so that who comes second finds the answers of the first.
    turn: Mutex<()>,
}

impl Asking {
    pub(in crate::terminology) fn new(service: Box<dyn Service>) -> Self {
        Self { service, open: Mutex::default(), answers: Mutex::default(), turn: Mutex::default() }
    }

    /// The answer to a question, if the service has given one; a new question is put down to be asked.
    pub(in crate::terminology) fn answer(&self, question: Question) -> Option<Answer> {
        if !question.is_proper() {
            return None;
        }
        let answers = lock(&self.answers);
        if let Some(known) = answers.get(&question) {
            return known.clone();
        }
        if answers.len() < MAX_QUESTIONS {
            drop(answers);
            lock(&self.open).insert(question);
        }
        None
    }

    /// What the service said of a question in this run.
    pub(in crate::terminology) fn said(&self, question: &Question) -> Option<Answer> {
        lock(&self.answers).get(question).cloned().flatten()
    }

    /// Asks all that waits.
    pub(in crate::terminology) fn ask(&self) {
        let _turn = lock(&self.turn);
        let questions: Vec<Question> = {
            let answers = lock(&self.answers);
            std::mem::take(&mut *lock(&self.open))
                .into_iter()
                .filter(|one| !answers.contains_key(one))
                .collect()
        };
        if questions.is_empty() {
            return;
        }
        let answers = self.service.ask(&questions);
        lock(&self.answers).extend(questions.into_iter().zip(answers));
    }

    /// How many questions the service answered, and how many it could not.
    pub(in crate::terminology) fn counts(&self) -> (usize, usize) {
        let answers = lock(&self.answers);
        let told = answers.values().filter(|answer| answer.is_some()).count();
        (told, answers.len() - told)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
