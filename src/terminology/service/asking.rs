//! Questions that wait to be asked together, and the answers of this run.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use indexmap::IndexSet;

use super::{Answer, Question, Service, Told};

/// How many questions one run asks at most.
const MAX_QUESTIONS: usize = 20_000;

/// What is known of codes besides the packages, and who is asked more.
#[derive(Debug)]
pub(in crate::terminology) struct Asking {
    /// Nobody, where what was told before is all that is to be known.
    service: Option<Box<dyn Service>>,
    /// What has no answer yet. A question stays until its answer is there.
    open: Mutex<IndexSet<Question>>,
    answers: Mutex<HashMap<Question, Option<Answer>>>,
    /// Held while the service is asked, so that who comes second finds the answers of the first.
    turn: Mutex<()>,
}

impl Asking {
    pub(in crate::terminology) fn new(service: Option<Box<dyn Service>>, known: Vec<Told>) -> Self {
        let answers = known.into_iter().map(|told| (told.question, told.answer)).collect();
        Self { service, open: Mutex::default(), answers: Mutex::new(answers), turn: Mutex::default() }
    }

    /// The answer to a question, if there is one; a new question is put down to be asked.
    pub(in crate::terminology) fn answer(&self, question: Question) -> Option<Answer> {
        if !question.is_proper() {
            return None;
        }
        let answers = lock(&self.answers);
        if let Some(known) = answers.get(&question) {
            return known.clone();
        }
        if self.service.is_some() && answers.len() < MAX_QUESTIONS {
            // The answers stay locked, so that the question is not answered meanwhile.
            lock(&self.open).insert(question);
        }
        None
    }

    /// What the service said of a question in this run.
    pub(in crate::terminology) fn said(&self, question: &Question) -> Option<Answer> {
        lock(&self.answers).get(question).cloned().flatten()
    }

    /// Whether something waits for its answer.
    pub(in crate::terminology) fn waits(&self) -> bool {
        !lock(&self.open).is_empty()
    }

    /// Asks all that waits, and returns what came of it; what somebody else is asking at the moment is waited for.
    pub(in crate::terminology) fn ask(&self) -> Vec<Told> {
        let Some(service) = &self.service else { return Vec::new() };
        let _turn = lock(&self.turn);
        let questions: Vec<Question> = lock(&self.open).iter().cloned().collect();
        if questions.is_empty() {
            return Vec::new();
        }
        let told: Vec<Told> = service
            .ask(&questions)
            .into_iter()
            .zip(questions)
            .map(|(answer, question)| Told { question, answer })
            .collect();
        let mut answers = lock(&self.answers);
        let mut open = lock(&self.open);
        for Told { question, answer } in &told {
            open.shift_remove(question);
            answers.insert(question.clone(), answer.clone());
        }
        told
    }

    /// How many questions the service answered, and how many it could not.
    pub(in crate::terminology) fn counts(&self) -> (usize, usize) {
        let answers = lock(&self.answers);
        let told = answers.values().filter(|answer| answer.is_some()).count();
        (told, answers.len() - told)
    }

    /// All questions with what came of them, in an order of their own.
    pub(in crate::terminology) fn all(&self) -> Vec<Told> {
        let answers = lock(&self.answers);
        let told = |(question, answer): (&Question, &Option<Answer>)| Told {
            question: question.clone(),
            answer: answer.clone(),
        };
        let mut all: Vec<Told> = answers.iter().map(told).collect();
        all.sort_by(|one, other| one.question.cmp(&other.question));
        all
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
