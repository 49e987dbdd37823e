//! What was found of a record that a run needs.

use serde::Serialize;

/// A record that a run needs, and what was found of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DataFinding {
    /// Its logical name.
    pub name: String,
    /// Its resource type.
    pub resource: String,
    /// What was found.
    #[serde(flatten)]
    pub state: DataState,
    /// What it should have and has not, in words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lacks: Vec<String>,
}

/// What was found of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "state", content = "reason", rename_all = "kebab-case")]
pub enum DataState {
    /// The server holds it.
    Found,
    /// The server does not hold the example, and holds another record that has all that is needed.
    Discovered,
    /// The server does not hold it, nor any other that has all that is needed.
    NotFound,
    /// It is optional, and the configuration does not name one.
    NotNamed,
    /// The standard does not say how it is found, so that it was not looked for.
    NotLookedFor,
    /// It could not be told; why, in words.
    Unknown(String),
}

impl DataFinding {
    /// Whether scenarios that need it can be run.
    #[must_use]
    pub fn is_there(&self) -> bool {
        self.lacks.is_empty()
            && matches!(self.state, DataState::Found | DataState::Discovered | DataState::NotLookedFor)
    }
}
