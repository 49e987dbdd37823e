//! What one check found.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Outcome, Page};
use crate::code::Code;
use crate::fhir::Element;
use crate::standard::KnownDeviation;
use crate::validate::{Issue, Severity};

/// The result of one check of one step, with all that a reader needs to understand it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckResult {
    /// The stable code of the kind of check; `proofmark explain` knows each.
    pub code: String,
    /// What came of it.
    pub outcome: Outcome,
    /// The requirements that it verifies.
    pub verifies: Vec<String>,
    /// What was checked, in words.
    pub checked: String,
    /// What was expected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What was found instead, or why nothing could be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual: Option<String>,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The deviation that the standard knows of here. The outcome is what it is all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_deviation: Option<KnownDeviation>,
    /// What was found within the body, each at its place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

impl CheckResult {
    /// A check that has a given outcome and nothing more to say.
    pub fn new(code: &str, outcome: Outcome, checked: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            outcome,
            verifies: Vec::new(),
            checked: checked.into(),
            expected: None,
            actual: None,
            hint: None,
            known_deviation: None,
            findings: Vec::new(),
        }
    }

    /// With what was expected and what was found.
    #[must_use]
    pub fn compared(mut self, expected: impl Into<String>, actual: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self.actual = Some(actual.into());
        self
    }

    /// With what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// With the deviation that is known of what it found; the hint tells of it too.
    #[must_use]
    pub fn known(mut self, deviation: &KnownDeviation) -> Self {
        let words = format!(
            "a known deviation, which fails all the same: {} See {}",
            deviation.says, deviation.reference
        );
        self.hint = Some(match self.hint {
            Some(hint) => format!("{hint}; {words}"),
            None => words,
        });
        self.known_deviation = Some(deviation.clone());
        self
    }
}

/// How much a finding within a body weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Weight {
    /// Not as required.
    Error,
    /// Should be mended, but does not decide.
    Warning,
    /// Could not be checked, and without it nothing can be concluded.
    Undecided,
    /// Could not be checked; does not decide.
    NotChecked,
    /// Worth knowing.
    Information,
}

impl std::fmt::Display for Weight {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Undecided => "could not be decided",
            Self::NotChecked => "not checked",
            Self::Information => "information",
        })
    }
}

/// One thing found within a body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// The stable code; `proofmark explain` knows each.
    pub code: String,
    /// How much it weighs.
    pub weight: Weight,
    /// The exchange whose response it was found in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchange: Option<String>,
    /// The element, as a FHIRPath.
    pub path: String,
    /// Line of the body as received, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Column of the body as received, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// The profile and element that it was judged by, `url|version#Element.id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub definition: Option<String>,
    /// In plain words.
    pub message: String,
    /// What was expected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual: Option<String>,
}

impl Finding {
    /// A finding about an element, which is an error.
    #[must_use]
    pub fn at(code: &Code, page: &Page, element: Element<'_>, message: String) -> Self {
        let position = element.position();
        Self {
            code: code.name.to_owned(),
            weight: Weight::Error,
            exchange: Some(page.id.clone()),
            path: element.path(),
            line: Some(position.line),
            column: Some(position.column),
            definition: None,
            message,
            expected: None,
            actual: None,
        }
    }

    /// The same, weighing what an outcome says.
    #[must_use]
    pub fn weighing(self, outcome: Outcome) -> Self {
        let weight = match outcome {
            Outcome::Fail => Weight::Error,
            Outcome::Inconclusive => Weight::Undecided,
            Outcome::NotDemonstrated => Weight::NotChecked,
            Outcome::Pass | Outcome::NotApplicable => Weight::Information,
        };
        Self { weight, ..self }
    }

    /// What validation found in the body of a page.
    #[must_use]
    pub fn of(page: &Page, issue: &Issue) -> Self {
        Self {
            code: issue.code.to_owned(),
            weight: match issue.severity {
                Severity::Error => Weight::Error,
                Severity::Warning => Weight::Warning,
                Severity::Undecided => Weight::Undecided,
                Severity::NotChecked => Weight::NotChecked,
                Severity::Information => Weight::Information,
            },
            exchange: Some(page.id.clone()),
            path: issue.path.clone(),
            line: issue.position.map(|position| position.line),
            column: issue.position.map(|position| position.column),
            definition: issue.definitions.first().cloned(),
            message: issue.message.clone(),
            expected: issue.expected.clone(),
            actual: issue.actual.clone(),
        }
    }
}
