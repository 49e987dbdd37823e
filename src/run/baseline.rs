//! An earlier run to compare with, so that only what is new fails a build.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::RunRecord;
use crate::check::Outcome;
use crate::standard::Standard;

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
    /// The product that it tested, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// The product's version that it tested, if it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_version: Option<String>,
    /// The base address that it asked, credentials left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
}

/// A run that another cannot be compared with.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the baseline was judged by {0}, and this run by {1}: they have no requirement in common")]
pub struct OtherStandard(String, String);

impl Baseline {
    /// What a later run by this standard needs of a run to compare with it.
    ///
    /// # Errors
    /// The run was judged by another standard, whose requirements are others.
    pub fn of(record: &RunRecord, standard: &Standard) -> Result<Self, OtherStandard> {
        if record.standards.iter().all(|one| one.id != standard.manifest.id) {
            return Err(OtherStandard(standards_of(record), standard.name()));
        }
        let supplier = record.supplier.as_ref();
        Ok(Self {
            run: BaselineRun {
                started: record.started.clone(),
                standard: standards_of(record),
                product: supplier.and_then(|supplier| supplier.product.clone()),
                product_version: supplier.and_then(|supplier| supplier.version.clone()),
                endpoint: Some(record.endpoint.url.clone()),
            },
            outcomes: record
                .requirements
                .iter()
                .map(|requirement| (requirement.id.clone(), requirement.outcome))
                .collect(),
        })
    }
}

impl BaselineRun {
    /// What it was about that a run compared with it is not, in words. Another version of the product is no such thing:
    /// to see what it changes is what a baseline is for.
    #[must_use]
    pub fn differences(&self, record: &RunRecord) -> Vec<String> {
        let supplier = record.supplier.as_ref();
        let product = supplier.and_then(|supplier| supplier.product.as_deref());
        let pairs = [
            ("by the standard", Some(self.standard.as_str()), Some(standards_of(record))),
            ("of the endpoint", self.endpoint.as_deref(), Some(record.endpoint.url.clone())),
            ("of the product", self.product.as_deref(), product.map(str::to_owned)),
        ];
        let different = pairs.into_iter().filter_map(|(what, was, is)| {
            let (was, is) = (was?, is?);
            (was != is).then(|| format!("the baseline is a run {what} {was}, and this one {what} {is}"))
        });
        different.collect()
    }
}

fn standards_of(record: &RunRecord) -> String {
    let standards = record.standards.iter().map(|one| format!("{}@{}", one.id, one.version));
    standards.collect::<Vec<String>>().join(", ")
}
