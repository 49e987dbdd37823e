//! `register.yaml`: what a register is called, what it admits, and what its keeper knows of products and tools.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::certificate::Assurance;
use crate::standard::{Document, FileError};
use crate::text::nearest;

/// The file of the settings.
pub(super) const FILE: &str = "register.yaml";

/// What a register is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Settings {
    /// What it is called.
    #[schemars(length(min = 1, max = 200))]
    pub title: String,
    /// Who keeps it.
    #[schemars(length(min = 1, max = 200))]
    pub publisher: String,
    /// The address at which it is published, if it is: for the links of the feed.
    #[serde(default)]
    #[schemars(regex(pattern = r"^https?://[^\s<>]+/$"))]
    pub url: Option<String>,
    /// The least assurance that it lists.
    pub admits: Assurance,
    /// Whether every event has to be signed by a key of the trust file that signs as `register`.
    #[serde(default)]
    pub signed: bool,
    /// The care settings that entries may name, with their titles. Any, where none is given.
    #[serde(default)]
    pub care_settings: BTreeMap<String, String>,
    /// Versions of the tool that can no longer be relied on.
    #[serde(default)]
    pub withdrawn_tools: Vec<WithdrawnTool>,
    /// Versions of products that are in use, as their suppliers say.
    #[serde(default)]
    pub releases: Vec<Release>,
}

/// A version of the tool that was withdrawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawnTool {
    /// The version.
    pub version: String,
    /// Why.
    pub reason: String,
}

/// A version of a product that is in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// The supplier.
    pub supplier: String,
    /// The product.
    pub product: String,
    /// The version.
    pub version: String,
}

impl Settings {
    /// Reads the file.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn read(file: &str, text: &str) -> Result<Self, Vec<FileError>> {
        Document::parse(file, text).map_err(|error| vec![error])?.read()
    }

    /// What to call a care setting.
    #[must_use]
    pub fn care_setting<'s>(&'s self, key: &'s str) -> &'s str {
        self.care_settings.get(key).map_or(key, String::as_str)
    }

    /// Why a care setting cannot be named, in words, and what to do about it.
    pub(super) fn objection(&self, care_setting: &str) -> Option<(String, Option<String>)> {
        if self.care_settings.is_empty() || self.care_settings.contains_key(care_setting) {
            return None;
        }
        let known: Vec<String> = self.care_settings.keys().cloned().collect();
        let hint = match nearest(care_setting, &known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("{FILE} has {}", known.join(", ")),
        };
        Some((format!("{FILE} has no care setting `{care_setting}`"), Some(hint)))
    }
}
