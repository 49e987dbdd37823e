//! One resource and what was found in it: what the reports are made of.

use std::sync::Arc;

use super::Excerpt;
use crate::inert::one_line;
use crate::validate::{Issue, Severity, Validation};

/// One resource and what was found in it.
#[derive(Debug)]
pub struct Judged {
    /// The file that it stands in, as the user named it.
    pub file: Arc<str>,
    /// The line that it is, from 1, where the file is NDJSON. Positions count the file's lines.
    pub line: Option<u32>,
    /// What was found.
    pub validation: Validation,
    /// Of each issue, the source around it.
    pub excerpts: Vec<Option<Excerpt>>,
}

/// What a report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// One resource.
    Resource,
    /// The lines of one NDJSON file.
    Lines,
    /// Several files.
    Files,
}

impl Judged {
    /// A resource and what was found in it. Positions in `validation` are those within `source`; where that is a
    /// line of an NDJSON file, they are moved there.
    #[must_use]
    pub fn new(file: Arc<str>, line: Option<u32>, mut validation: Validation, source: &str) -> Self {
        let excerpts = Excerpt::of_all(source, &validation.issues);
        let above = line.map_or(0, |line| line - 1);
        for position in validation.issues.iter_mut().filter_map(|issue| issue.position.as_mut()) {
            position.line = position.line.saturating_add(above);
        }
        Self { file, line, validation, excerpts }
    }

    /// The issues, each with the source around it.
    pub(super) fn findings(&self) -> impl Iterator<Item = (&Issue, Option<&Excerpt>)> {
        let excerpts = self.excerpts.iter().map(Option::as_ref).chain(std::iter::repeat(None));
        self.validation.issues.iter().zip(excerpts)
    }

    /// Where an issue stands, or with none the resource: `file:line:column`.
    pub(super) fn place(&self, issue: Option<&Issue>) -> String {
        let file = one_line(&self.file);
        match (issue.and_then(|issue| issue.position), self.line) {
            (Some(position), _) => format!("{file}:{position}"),
            (None, Some(line)) => format!("{file}:{line}"),
            (None, None) => file,
        }
    }
}

/// The words for how much an issue weighs.
pub(super) fn words(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Undecided => "could not be decided",
        Severity::NotChecked => "not checked",
        Severity::Information => "information",
    }
}
