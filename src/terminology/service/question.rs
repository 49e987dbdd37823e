//! What is asked, what is answered, and by whom.

use serde::{Deserialize, Serialize};

/// Whether a value set, or where none is named a code system, has a code. It holds codes and addresses, nothing else of a
/// resource.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Question {
    /// The canonical of the value set; without it, the system is asked for the code.
    pub value_set: Option<String>,
    /// The system of the code.
    pub system: String,
    /// The code.
    pub code: String,
}

impl Question {
    /// How long an address may be.
    const LONGEST_ADDRESS: usize = 200;
    /// How long a code may be.
    const LONGEST_CODE: usize = 64;

    /// Whether it may be sent: whole addresses, and a code that looks like one. A code with blanks may be a name, and
    /// what stands under a system of identifiers (`…/Id/nhs-number`) is a person's number, whatever element it is in.
    pub(super) fn is_proper(&self) -> bool {
        let is_address = |text: &str| {
            text.len() <= Self::LONGEST_ADDRESS
                && ["http://", "https://", "urn:"].iter().any(|scheme| text.starts_with(scheme))
                && !text.contains(|letter: char| letter.is_whitespace() || letter.is_control())
        };
        let is_code = (1..=Self::LONGEST_CODE).contains(&self.code.len())
            && !self.code.contains(|letter: char| letter.is_whitespace() || letter.is_control());
        let is_system = !self.system.contains(['?', '@']) && !self.system.to_lowercase().contains("/id/");
        is_code && is_system && is_address(&self.system) && self.value_set.as_deref().is_none_or(is_address)
    }
}

/// What a service said, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Whether the code is one.
    pub member: bool,
    /// The service's address.
    pub service: String,
    /// When it said so, in UTC (RFC 3339).
    pub at: String,
}

/// A question and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// What was asked.
    pub question: Question,
    /// What the service said; nothing where it could not tell, or did not answer.
    pub answer: Option<Answer>,
}

/// Who can be asked.
pub trait Service: std::fmt::Debug + Send + Sync {
    /// One answer for each question, in their order; `None` where the service cannot tell or did not answer.
    fn ask(&self, questions: &[Question]) -> Vec<Option<Answer>>;
}
