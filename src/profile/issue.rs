//! Issues: what is wrong with an element, as data. Text is made late.

use serde::Serialize;

use crate::code::Code;
use crate::fhir::{Element, Position};

/// How much an issue weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing.
    Information,
    /// Could not be checked; nothing depends on it.
    NotChecked,
    /// Should be mended; the resource is valid all the same.
    Warning,
    /// Could not be checked, and without it the resource cannot be called valid.
    Undecided,
    /// The resource is not valid.
    Error,
}

/// One thing that is wrong, or that could not be checked.
#[derive(Debug, Clone, Serialize)]
pub struct Issue {
    /// The stable code.
    pub code: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// The element, as a FHIRPath from the root of what was validated.
    pub path: String,
    /// Where it stands in the source.
    pub position: Option<Position>,
    /// The definitions that it was judged by, `url|version#Element.id`; one finding may come of several.
    pub definitions: Vec<String>,
    /// In plain words, what is wrong.
    pub message: String,
    /// What was expected.
    pub expected: Option<String>,
    /// What was found.
    pub actual: Option<String>,
}

impl Issue {
    /// An issue about an element.
    pub fn at(element: Element<'_>, code: &Code, severity: Severity, message: impl Into<String>) -> Self {
        Self {
            code: code.name,
            severity,
            path: element.path(),
            position: Some(element.position()),
            definitions: Vec::new(),
            message: message.into(),
            expected: None,
            actual: None,
        }
    }

    /// With what was expected and what was found.
    #[must_use]
    pub fn compared(mut self, expected: impl Into<String>, actual: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self.actual = Some(actual.into());
        self
    }

    /// Whether it is the same finding, whatever definition it came of.
    #[must_use]
    pub fn same_finding(&self, other: &Self) -> bool {
        self.code == other.code
            && self.position == other.position
            && self.path == other.path
            && self.message == other.message
            && self.severity == other.severity
    }
}
