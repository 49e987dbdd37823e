//! What is asked, what is answered, and by whom.

use serde::{Deserialize, Serialize};

/// Whether a value set, or where none is named a code system, has a code. It holds codes and addresses, nothing else of a
/// resource.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Question {
    /// The canonical of the value set; without it, the system is asked for the code.
    pub value_set: Option<String>,
    /// The system of the code.
    pub system: String,
    /// The code.
    pub code: String,
}

impl Question {
    /// How long a code or an address may be.
    const MAX_LENGTH: usize = 500;

    /// Whether it may be sent: whole addresses, and a code that looks like one.
    pub(super) fn is_proper(&self) -> bool {
        let is_address = |text: &str| {
            text.len() <= Self::MAX_LENGTH
                && ["http://", "https://", "urn:"].iter().any(|scheme| text.starts_with(scheme))
        };
        // A code has no blanks but single ones within (datatypes.html#code).
        let is_code = self.code.len() <= Self::MAX_LENGTH
            && self.code.split(' ').all(|part| !part.is_empty())
            && !self.code.contains(char::is_control);
        is_code && is_address(&self.system) && self.value_set.as_deref().is_none_or(is_address)
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

/// Who can be asked.
pub trait Service: std::fmt::Debug + Send + Sync {
    /// One answer for each question, in their order; `None` where the service cannot tell or did not answer.
    fn ask(&self, questions: &[Question]) -> Vec<Option<Answer>>;
}
