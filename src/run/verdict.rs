//! From the outcomes of requirements to the verdict of a run.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The verdict of a run for one standard and role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Every applicable, binding, automated SHALL passes.
    Conformant,
    /// The same, but for requirements that a valid waiver covers.
    ConformantWithWaivers,
    /// At least one applicable, binding SHALL fails.
    NotConformant,
    /// None fails, but at least one could not be shown, or nothing binds.
    Incomplete,
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Conformant => "conformant",
            Self::ConformantWithWaivers => "conformant with waivers",
            Self::NotConformant => "not conformant",
            Self::Incomplete => "incomplete",
        })
    }
}
