//! An earlier run to compare with, so that only what is new fails a build.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::RunRecord;
use crate::check::Outcome;

/// What is kept of an earlier run: when it was, by what, and what came of each requirement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    /// Which run it was.
    #[serde(flatten)]
    pub run: BaselineRun,
    /// What came of each requirement, by its id.
    pub outcomes: BTreeMap<String, Outcome>,
}

/// Which run was compared with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BaselineRun {
    /// When it began, RFC 3339 in UTC.
    pub started: String,
    /// The standard that judged it, `id@version`.
    pub standard: String,
    /// The product's version that it tested, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_version: Option<String>,
}

impl Baseline {
    /// What a later run needs of a run to compare with it.
    #[must_use]
    pub fn of(record: &RunRecord) -> Self {
        let standards = record.standards.iter().map(|one| format!("{}@{}", one.id, one.version));
        Self {
            run: BaselineRun {
                started: record.started.clone(),
                standard: standards.collect::<Vec<String>>().join(", "),
                product_version: record.supplier.as_ref().and_then(|supplier| supplier.version.clone()),
            },
            outcomes: record
                .requirements
                .iter()
                .map(|requirement| (requirement.id.clone(), requirement.outcome))
                .collect(),
        }
    }
}
