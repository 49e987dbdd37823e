//! How a requirement stands, as every report says it: the outcome together with whether it decides.

use crate::check::{CheckResult, Outcome};
use crate::run::{RequirementResult, RunRecord, Verdict};
use crate::standard::Method;

/// How a requirement, or one case of it, stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Standing {
    /// Failed, and that decides the verdict.
    Failed,
    /// Failed, and that does not decide: SHOULD, MAY, or resting on something less mature.
    FailedAdvisory,
    /// Could not be determined.
    Inconclusive,
    /// Never shown.
    NotDemonstrated,
    /// Not passed, and covered by a valid waiver.
    Waived,
    /// Passed.
    Passed,
    /// Does not apply.
    NotApplicable,
    /// Awaits a declaration, a document or a witness.
    ToBeDeclared,
}

impl Standing {
    /// All of them, in the order of a table's columns.
    pub(super) const ALL: [Self; 8] = [
        Self::Passed,
        Self::Failed,
        Self::FailedAdvisory,
        Self::Waived,
        Self::Inconclusive,
        Self::NotDemonstrated,
        Self::NotApplicable,
        Self::ToBeDeclared,
    ];

    /// How a requirement stands.
    pub(super) fn of(requirement: &RequirementResult) -> Self {
        Self::with(requirement, requirement.outcome)
    }

    /// How one case of a requirement stands.
    pub(super) fn with(requirement: &RequirementResult, outcome: Outcome) -> Self {
        if requirement.waiver.as_ref().is_some_and(|waiver| waiver.covers(outcome)) {
            return Self::Waived;
        }
        match outcome {
            Outcome::Pass => Self::Passed,
            Outcome::NotApplicable => Self::NotApplicable,
            Outcome::Inconclusive => Self::Inconclusive,
            Outcome::NotDemonstrated if requirement.method == Method::Automated => Self::NotDemonstrated,
            Outcome::NotDemonstrated => Self::ToBeDeclared,
            Outcome::Fail if decides(requirement) => Self::Failed,
            Outcome::Fail => Self::FailedAdvisory,
        }
    }

    /// In words.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::FailedAdvisory => "failed, advisory",
            Self::Inconclusive => "inconclusive",
            Self::NotDemonstrated => "not demonstrated",
            Self::Waived => "waived",
            Self::Passed => "passed",
            Self::NotApplicable => "not applicable",
            Self::ToBeDeclared => "to be declared",
        }
    }

    /// A name without blanks, for pages.
    pub(super) fn key(self) -> String {
        self.words().replace(", ", "-").replace(' ', "-")
    }

    /// The class of its colour on pages.
    pub(super) fn tone(self) -> &'static str {
        match self {
            Self::Passed => "pass",
            Self::Failed => "fail",
            Self::FailedAdvisory | Self::Waived | Self::Inconclusive | Self::NotDemonstrated => "open",
            Self::NotApplicable => "none",
            Self::ToBeDeclared => "declare",
        }
    }

    /// A sign beside the words, so that colour is never alone.
    pub(super) fn symbol(self) -> &'static str {
        match self {
            Self::Failed => "✗",
            Self::FailedAdvisory => "!",
            Self::Inconclusive => "?",
            Self::NotDemonstrated => "○",
            Self::Waived => "~",
            Self::Passed => "✓",
            Self::NotApplicable => "–",
            Self::ToBeDeclared => "✎",
        }
    }
}

/// Whether a failure of the requirement decides the verdict.
pub(super) fn decides(requirement: &RequirementResult) -> bool {
    requirement.level.is_mandatory() && requirement.binding
}

/// The sign of a verdict.
pub(super) fn verdict_symbol(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Conformant => Standing::Passed.symbol(),
        Verdict::ConformantWithWaivers => Standing::Waived.symbol(),
        Verdict::NotConformant => Standing::Failed.symbol(),
        Verdict::Incomplete => Standing::Inconclusive.symbol(),
    }
}

/// The class of a verdict's colour on pages.
pub(super) fn verdict_tone(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Conformant => "pass",
        Verdict::NotConformant => "fail",
        Verdict::ConformantWithWaivers | Verdict::Incomplete => "open",
    }
}

/// Ids of the requirements that only advise.
pub(super) fn advisory(record: &RunRecord) -> Vec<&str> {
    record.requirements.iter().filter(|one| !decides(one)).map(|one| one.id.as_str()).collect()
}

/// Whether a failure of a check decides, where `advisory` only advise. A gate verifies nothing by itself and decides for
/// all that comes after it.
pub(super) fn check_decides(check: &CheckResult, advisory: &[&str]) -> bool {
    check.verifies.is_empty() || check.verifies.iter().any(|id| !advisory.contains(&id.as_str()))
}
