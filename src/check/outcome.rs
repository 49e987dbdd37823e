//! Outcomes and how they combine: the one place where several answers become one.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What came of a check, a step, a scenario or a requirement.
///
/// Ordered by how much it decides: a later one beats an earlier one in [`Outcome::combine`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// An option that is not claimed, a condition that is false.
    NotApplicable,
    /// Checked, and as required.
    Pass,
    /// The supplier's data never showed it.
    NotDemonstrated,
    /// Could not be determined, for a reason that is ours or the network's.
    Inconclusive,
    /// Checked, and not as required: the supplier's to mend.
    Fail,
}

impl Outcome {
    /// The outcome of both together. Associative and commutative; `NotApplicable` never beats
    /// anything.
    #[must_use]
    pub fn combine(self, other: Self) -> Self {
        self.max(other)
    }

    /// The outcome of all together; `None` where there is none, which is never a pass.
    pub fn of_all(outcomes: impl IntoIterator<Item = Self>) -> Option<Self> {
        outcomes.into_iter().reduce(Self::combine)
    }

    /// In words, as reports print it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Inconclusive => "inconclusive",
            Self::NotDemonstrated => "not demonstrated",
            Self::NotApplicable => "not applicable",
        }
    }
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.words())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Outcome::{self, Fail, Inconclusive, NotApplicable, NotDemonstrated, Pass};

    fn any() -> impl Strategy<Value = Outcome> {
        prop::sample::select(vec![Pass, Fail, Inconclusive, NotDemonstrated, NotApplicable])
    }

    #[test]
    fn each_beats_what_it_should() {
        assert_eq!(Fail.combine(Inconclusive), Fail);
        assert_eq!(Inconclusive.combine(NotDemonstrated), Inconclusive);
        assert_eq!(NotDemonstrated.combine(Pass), NotDemonstrated);
        assert_eq!(NotApplicable.combine(Pass), Pass);
        assert_eq!(NotApplicable.combine(NotApplicable), NotApplicable);
        assert_eq!(Outcome::of_all([]), None);
    }

    proptest! {
        #[test]
        fn combining_is_commutative_and_associative(a in any(), b in any(), c in any()) {
            prop_assert_eq!(a.combine(b), b.combine(a));
            prop_assert_eq!(a.combine(b).combine(c), a.combine(b.combine(c)));
        }

        #[test]
        fn nothing_turns_a_failure_into_anything_else(a in any()) {
            prop_assert_eq!(a.combine(Fail), Fail);
        }
    }
}
