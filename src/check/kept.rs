//! Answers that a scenario keeps by name, for later steps to look at once more.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Answer;

/// An answer with the parameters that were sent for it.
#[derive(Debug, Default)]
pub struct KeptAnswer {
    /// The answer.
    pub answer: Answer,
    /// The search parameters of its request, decoded.
    pub parameters: Vec<(String, String)>,
}

/// All kept answers of a case, by name.
pub type KeptAnswers = BTreeMap<String, Arc<KeptAnswer>>;
