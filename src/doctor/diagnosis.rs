//! What an examination found.

use serde::Serialize;

use crate::run::{DataFinding, Obstacle, Seeded};

/// How one thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// As it should be.
    Ok,
    /// It does not stop a run, and should be looked at.
    Warning,
    /// It stops a run, or a part of it.
    Problem,
    /// It was not looked at.
    Skipped,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at.
    pub name: &'static str,
    /// How it is.
    pub state: State,
    /// What was found, in words.
    pub found: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

impl Check {
    pub(super) fn ok(name: &'static str, found: impl Into<String>) -> Self {
        Self { name, state: State::Ok, found: found.into(), remedy: None }
    }

    pub(super) fn skipped(name: &'static str, found: impl Into<String>) -> Self {
        Self { state: State::Skipped, ..Self::ok(name, found) }
    }

    pub(super) fn warning(name: &'static str, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { state: State::Warning, remedy: Some(remedy.into()), ..Self::ok(name, found) }
    }

    pub(super) fn problem(name: &'static str, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { state: State::Problem, ..Self::warning(name, found, remedy) }
    }
}

/// All that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Diagnosis {
    /// The connection and the server, in order.
    pub checks: Vec<Check>,
    /// What came of each record that was to be loaded.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub seeded: Vec<Seeded>,
    /// Every record that the standard needs.
    pub data: Vec<DataFinding>,
    /// How many scenarios there are.
    pub scenarios: usize,
    /// Those that could not be shown, or that do not apply, and why.
    pub obstacles: Vec<Obstacle>,
    /// How many requests were sent.
    pub requests: usize,
}

impl Diagnosis {
    /// How many scenarios could not be shown.
    #[must_use]
    pub fn blocked(&self) -> usize {
        self.obstacles.iter().filter(|obstacle| obstacle.applies).count()
    }

    /// Whether nothing would stop a run.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.blocked() == 0 && self.checks.iter().all(|check| check.state != State::Problem)
    }
}
