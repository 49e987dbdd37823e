//! Parts of a standard that a system may offer, each with a verdict of its own.

use indexmap::IndexSet;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::loaded::suggest;
use super::{Document, FileError, Manifest};

/// A part of a standard that a system may offer. One that offers nothing of it, so that none of the requirements of its
/// own areas applies, has no verdict for it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Capability {
    /// Its title.
    pub title: String,
    /// The keys of its own areas.
    #[schemars(with = "Vec<String>", length(min = 1))]
    pub areas: IndexSet<String>,
    /// The keys of further areas whose requirements are asked of whoever offers it.
    #[serde(default, skip_serializing_if = "IndexSet::is_empty")]
    #[schemars(with = "Vec<String>")]
    pub also: IndexSet<String>,
}

/// Checks that the areas of every capability are areas of the standard.
pub(super) fn check_capabilities(manifest: &Manifest, document: &Document, errors: &mut Vec<FileError>) {
    let known: Vec<String> = manifest.areas.keys().cloned().collect();
    for (key, capability) in &manifest.capabilities {
        for (list, areas) in [("areas", &capability.areas), ("also", &capability.also)] {
            for (index, area) in areas.iter().enumerate().filter(|(_, area)| !known.contains(area)) {
                let at = format!("/capabilities/{key}/{list}/{index}");
                let error = document.error(&at, format!("there is no area `{area}`"));
                errors.push(suggest(error.hint(format!("the areas: {}", known.join(", "))), area, &known));
            }
        }
    }
}
