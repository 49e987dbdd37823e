//! The file of a campaign: one standard, many suppliers, each with a configuration of its own.

use std::collections::HashSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::standard::{Document, FileError};

/// How many suppliers a campaign can have.
const MAX_SUPPLIERS: usize = 1000;

/// One standard against many suppliers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Campaign {
    /// The standard that all are judged by, `ID` or `ID@VERSION`.
    pub standard: String,
    /// The terminology service that every run asks, if any is asked.
    #[serde(default)]
    pub terminology: Option<String>,
    /// The suppliers, in the order of the comparison.
    pub suppliers: Vec<CampaignSupplier>,
}

/// A supplier of a campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct CampaignSupplier {
    /// The name of its run's folder: small letters, digits and hyphens.
    pub name: String,
    /// Its proofmark.toml, with endpoint, credentials, limits and data; relative to the campaign's file.
    pub config: String,
    /// Its waivers, if it has any; relative to the campaign's file.
    #[serde(default)]
    pub waivers: Option<String>,
    /// Where the product is used, as the register names it, if the runs are listed.
    #[serde(default)]
    pub care_settings: Vec<String>,
    /// How the supplier agreed that a run that is not conformant is listed: who, when, where it is written.
    #[serde(default)]
    pub consent: Option<String>,
}

impl Campaign {
    /// Reads the text of the file.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn read(file: &str, text: &str) -> Result<Self, Vec<FileError>> {
        let document = Document::parse(file, text).map_err(|error| vec![error])?;
        let campaign: Self = document.read()?;
        let mut errors = Vec::new();
        if !(1..=MAX_SUPPLIERS).contains(&campaign.suppliers.len()) {
            let message = format!("a campaign has 1 to {MAX_SUPPLIERS} suppliers");
            errors.push(document.error("/suppliers", message));
        }
        let mut names = HashSet::new();
        for (index, CampaignSupplier { name, .. }) in campaign.suppliers.iter().enumerate() {
            let at = format!("/suppliers/{index}/name");
            if !is_folder_name(name) {
                let message = format!("`{name}` cannot be the name of a folder here");
                errors.push(document.error(&at, message).hint("use small letters, digits and hyphens"));
            } else if !names.insert(name) {
                errors.push(document.error(&at, format!("two suppliers are called `{name}`")));
            }
        }
        if errors.is_empty() { Ok(campaign) } else { Err(errors) }
    }
}

fn is_folder_name(name: &str) -> bool {
    let plain = |character: char| matches!(character, 'a'..='z' | '0'..='9' | '-');
    (1..=60).contains(&name.len()) && name.chars().all(plain) && !name.starts_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_folders_and_differ() {
        let text = "standard: tiny\nsuppliers:\n- { name: alpha, config: a }\n- { name: ../b, config: b }\n\
                    - { name: alpha, config: c }\n";
        let errors = Campaign::read("campaign.yaml", text).unwrap_err();
        let said: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert!(said[0].starts_with("campaign.yaml:4:") && said[0].contains("`../b`"), "{said:?}");
        assert!(said[1].starts_with("campaign.yaml:5:") && said[1].contains("two suppliers"), "{said:?}");
        assert_eq!(said.len(), 2);
    }

    #[test]
    fn without_suppliers_there_is_no_campaign() {
        let errors = Campaign::read("campaign.yaml", "standard: tiny\nsuppliers: []\n").unwrap_err();
        assert!(errors[0].to_string().contains("1 to 1000 suppliers"), "{errors:?}");
    }
}
