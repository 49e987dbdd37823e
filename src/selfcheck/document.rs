//! What a selfcheck found, as it is written: `docs/schemas/selfcheck.schema.json` is made from these types.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::check::Outcome;

/// The version of this form.
pub const SCHEMA_VERSION: &str = "1.0";

/// What a selfcheck found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SelfCheck {
    /// The version of this form.
    pub schema_version: String,
    /// The standard whose suite was checked.
    pub standard: StandardChecked,
    /// Whether every fault and every variation was run. Which checks never fail is told only then.
    pub complete: bool,
    /// How many faults were switched on, one after another.
    pub faults: usize,
    /// How many of them at least one check caught.
    pub caught: usize,
    /// The names of those that no check caught.
    pub survivors: Vec<String>,
    /// The faults that were caught, but whose failed requirements are not those that they say they break.
    pub mismatches: Vec<String>,
    /// How many checks the suite makes of the supplier as it is.
    pub checks: usize,
    /// Those that no fault makes fail.
    pub checks_that_never_fail: Vec<String>,
    /// How many conformant variations were run.
    pub variations: usize,
    /// The names of those in which a check went wrong or a mandatory requirement was left open; `conformant` is the
    /// supplier as it is.
    pub false_alarms: Vec<String>,
    /// The cases that the supplier as it is does not show, so that nothing can be said of their checks.
    pub not_shown: Vec<Turned>,
    /// Each fault, with what caught it.
    pub matrix: Vec<FaultResult>,
    /// Each check, with the faults that make it fail.
    pub by_check: Vec<CheckRow>,
    /// Each variation, with what went wrong in it; the supplier as it is comes first.
    pub by_variation: Vec<VariationResult>,
}

/// The standard whose suite was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StandardChecked {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its version.
    pub version: String,
    /// The sha256 of all its files, hexadecimal.
    pub digest: String,
}

/// What became of a fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FaultResult {
    /// Its name.
    pub name: String,
    /// What is wrong, in a few words.
    pub title: String,
    /// What is wrong and what follows from it.
    pub description: String,
    /// Whether at least one check went wrong that does not without it.
    pub caught: bool,
    /// The checks that went wrong.
    pub caught_by: Vec<WrongCheck>,
    /// The requirements that it says it breaks.
    pub breaks: Vec<String>,
    /// Whether it breaks those and no others.
    pub exactly: bool,
    /// The requirements that went wrong.
    pub failed: Vec<String>,
    /// Those that it breaks and that did not go wrong.
    pub missed: Vec<String>,
    /// Those that went wrong and that it does not name, where it breaks exactly those that it names.
    pub unexpected: Vec<String>,
    /// The cases that passed without it and do not show anything with it; that alone is not caught.
    pub turned: Vec<Turned>,
}

/// A check that went wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WrongCheck {
    /// The check.
    pub id: String,
    /// The first case in which it went wrong.
    pub case: String,
    /// What was checked, in words.
    pub checked: String,
    /// What was expected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual: Option<String>,
}

/// A case that passed once and is not shown now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Turned {
    /// The case.
    pub case: String,
    /// What came of it.
    pub outcome: Outcome,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A check, with the faults that make it fail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckRow {
    /// The check.
    pub id: String,
    /// Its scenario.
    pub scenario: String,
    /// The number of its step, from 1.
    pub step: usize,
    /// The name of its step in the first case.
    pub step_name: String,
    /// The code of its kind.
    pub code: String,
    /// The requirements that it verifies.
    pub verifies: Vec<String>,
    /// What it checks, in the words of the first case.
    pub checked: String,
    /// The names of the faults.
    pub failed_by: Vec<String>,
}

/// What became of a conformant variation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VariationResult {
    /// Its name.
    pub name: String,
    /// What is different, in a few words.
    pub title: String,
    /// What is different and why it is allowed.
    pub description: String,
    /// The checks that went wrong.
    pub wrong: Vec<WrongCheck>,
    /// The requirements that went wrong.
    pub failed: Vec<String>,
    /// The mandatory requirements that passed without it and are left open in it.
    #[serde(default)]
    pub open: Vec<String>,
    /// The cases that passed without it and do not show anything in it.
    pub turned: Vec<Turned>,
}

impl SelfCheck {
    /// Whether the suite is proved: every fault is caught, every check is failed by a fault, and no variation fails
    /// anything.
    #[must_use]
    pub fn is_proved(&self) -> bool {
        self.survivors.is_empty() && self.checks_that_never_fail.is_empty() && self.false_alarms.is_empty()
    }
}
