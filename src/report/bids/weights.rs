//! What a buyer holds important. Without it there is no score; with it, it is printed beside every score.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::run::{RequirementResult, RunRecord};
use crate::standard::{Document, FileError};
use crate::text::nearest;

/// A file of weights.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// What a passed requirement of a level is worth; nothing, where it is not named.
    #[serde(default)]
    pub levels: IndexMap<String, f64>,
    /// By what the worth is multiplied in an area; 1, where it is not named.
    #[serde(default)]
    pub areas: IndexMap<String, f64>,
    /// What a single requirement is worth, whatever its level and area.
    #[serde(default)]
    pub requirements: IndexMap<String, f64>,
}

impl Weights {
    /// Reads a file of weights for runs.
    ///
    /// # Errors
    /// What is wrong with the file, and where: a level, area or requirement that no run has, a negative weight.
    pub fn read(file: &str, text: &str, record: &RunRecord) -> Result<Self, Vec<FileError>> {
        let document = Document::parse(file, text).map_err(|error| vec![error])?;
        let weights: Self = document.read()?;
        let levels = ["SHALL", "SHALL NOT", "SHOULD", "SHOULD NOT", "MAY"].map(str::to_owned).to_vec();
        let areas = record.standards.iter().flat_map(|one| one.areas.keys().cloned()).collect();
        let ids = record.requirements.iter().map(|one| one.id.clone()).collect();
        let mut errors = Vec::new();
        for (key, given, known) in [
            ("levels", &weights.levels, levels),
            ("areas", &weights.areas, areas),
            ("requirements", &weights.requirements, ids),
        ] {
            for (name, weight) in given {
                let at = format!("/{key}/{name}");
                if !known.contains(name) {
                    let error = document.error(&at, format!("the runs have no `{name}` among their {key}"));
                    errors.push(match nearest(name, &known) {
                        Some(near) => error.hint(format!("did you mean `{near}`?")),
                        None => error,
                    });
                } else if !weight.is_finite() || *weight < 0.0 {
                    errors.push(document.error(&at, format!("{weight} is no weight; give 0 or more")));
                }
            }
        }
        if errors.is_empty() { Ok(weights) } else { Err(errors) }
    }

    /// What a requirement is worth.
    pub(super) fn of(&self, requirement: &RequirementResult) -> f64 {
        if let Some(weight) = self.requirements.get(&requirement.id) {
            return *weight;
        }
        let level = self.levels.get(&requirement.level.to_string()).copied().unwrap_or(0.0);
        level * self.areas.get(&requirement.area).copied().unwrap_or(1.0)
    }
}
