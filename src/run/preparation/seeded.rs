//! What came of loading the synthetic records.

use serde::Serialize;

/// A synthetic record, and what came of loading it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Seeded {
    /// Its name in the standard, `Type/id`.
    pub record: String,
    /// What came of it.
    #[serde(flatten)]
    pub outcome: SeedOutcome,
}

/// What came of loading a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", content = "detail", rename_all = "kebab-case")]
pub enum SeedOutcome {
    /// It was loaded; its name on the server, `Type/id`.
    Loaded(String),
    /// It was there already; its name on the server, `Type/id`.
    Held(String),
    /// It was not loaded; why, in words.
    Refused(String),
}

impl SeedOutcome {
    /// Its name on the server, `Type/id`, if it is there.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Loaded(name) | Self::Held(name) => Some(name),
            Self::Refused(_) => None,
        }
    }
}
