//! Conformant variations: what other servers do differently and are right to do.

use schemars::JsonSchema;
use serde::Deserialize;

use super::change::{self, Change};
use super::fault::{Alteration, When};
use crate::standard::{Document, FileError};

/// One way of being conformant that differs from the reference supplier's own. It breaks nothing.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Variation {
    /// Its name on the command line.
    pub name: String,
    /// What is different, in a few words.
    pub title: String,
    /// What is different and why it is allowed, in plain English.
    pub description: String,
    /// What the standard recommends and this does without, by id: these requirements fail, and rightly. What is mandatory
    /// cannot be forgone.
    #[serde(default)]
    pub forgoes: Vec<String>,
    /// The answers that it changes; all, unless it says otherwise.
    #[serde(default)]
    pub when: When,
    /// What it does to them, one after another.
    pub changes: Vec<Change>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Variations {
    variations: Vec<Variation>,
}

impl Variation {
    /// Reads `variations.yaml`. `file` is the name that errors carry.
    pub fn load(file: &str, text: &str) -> Result<Vec<Self>, Vec<FileError>> {
        let document = Document::parse(file, text).map_err(|error| vec![error])?;
        let Variations { variations } = document.read()?;
        let mut errors = Vec::new();
        for (index, variation) in variations.iter().enumerate() {
            let at = format!("/variations/{index}");
            if variations[..index].iter().any(|other| other.name == variation.name) {
                let message = format!("another variation is called `{}`", variation.name);
                errors.push(document.error(&format!("{at}/name"), message));
            }
            errors.extend(change::errors(&document, &at, &variation.when, &variation.changes));
        }
        if errors.is_empty() { Ok(variations) } else { Err(errors) }
    }

    /// What it does to the supplier's answers.
    #[must_use]
    pub fn alteration(&self) -> Alteration {
        Alteration { when: self.when.clone(), changes: self.changes.clone() }
    }
}
