//! What a structured record holds, briefly. Dates are numbers of days before today, so that medication of today is there
//! on any day.

use schemars::JsonSchema;
use serde::Deserialize;

/// The structured record of a patient.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::supplier::gpconnect) struct Record {
    #[serde(default)]
    pub(super) allergies: Vec<Allergy>,
    #[serde(default)]
    pub(super) medication: Vec<Medicine>,
    /// Why the lists of allergies may be incomplete.
    #[serde(default)]
    pub(super) allergy_warnings: Vec<Warning>,
    /// Why the list of medication may be incomplete.
    #[serde(default)]
    pub(super) medication_warnings: Vec<Warning>,
}

/// An allergy, or that there are none.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Allergy {
    /// A code of SNOMED CT, and its display.
    pub(super) code: String,
    pub(super) display: String,
    /// `medication` or `environment`.
    pub(super) category: String,
    /// When it was asserted.
    pub(super) asserted: u16,
    /// When it ended, if it has.
    pub(super) ended: Option<u16>,
    /// Why it ended; where it is not known why, it says so.
    pub(super) reason: Option<String>,
}

/// A medicine that was prescribed.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Medicine {
    /// A code of SNOMED CT, and its display.
    pub(super) code: String,
    pub(super) display: String,
    /// How it is taken, in words.
    pub(super) dosage: String,
    /// How it is prescribed.
    #[serde(rename = "type")]
    pub(super) kind: Prescription,
    /// The first day.
    pub(super) from: u16,
    /// The last day, if there is one.
    pub(super) to: Option<u16>,
    /// When it was issued.
    #[serde(default)]
    pub(super) issued: Vec<u16>,
    /// Why it was stopped, if it was.
    pub(super) stopped: Option<String>,
    /// Whether another organisation prescribed it.
    #[serde(default)]
    pub(super) elsewhere: bool,
}

/// How a medicine is prescribed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Prescription {
    /// Once.
    Acute,
    /// Again and again.
    Repeat,
}

/// Why a list may be incomplete, by the code of CareConnect-ListWarningCode-1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Warning {
    /// Confidential items were left out.
    ConfidentialItems,
    /// The record is on its way from another practice.
    DataInTransit,
    /// Data of others wait to be filed.
    DataAwaitingFiling,
}
