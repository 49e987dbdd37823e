//! `frameworks/*.yaml`: what procurement frameworks, or lots of them, demand of those who sell under them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::opened::MAX_YAML;
use super::{OpenError, RegisterFolder};
use crate::certificate::Assurance;
use crate::standard::{Document, FileError, Maturity, Role};

/// The folder of the frameworks.
const FOLDER: &str = "frameworks";

/// A framework, or a lot of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Framework {
    /// Its id, the name of its file.
    #[schemars(regex(pattern = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"))]
    pub id: String,
    /// Its title, with the lot.
    #[schemars(length(min = 1, max = 200))]
    pub title: String,
    /// Who buys under it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 200))]
    pub publisher: Option<String>,
    /// What it demands, all of it.
    #[schemars(length(min = 1, max = 200))]
    pub demands: Vec<Demand>,
}

/// One demand: a listing by a standard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Demand {
    /// The standard's id.
    pub standard: String,
    /// Its versions, any of which will do.
    #[schemars(length(min = 1, max = 50))]
    pub versions: Vec<String>,
    /// In which role.
    #[serde(default)]
    pub role: Role,
    /// Down to which level its requirements have to be met.
    #[serde(default)]
    pub level: DemandedLevel,
    /// How finished the standard has to be at the least.
    #[serde(default = "least_maturity")]
    pub maturity: Maturity,
    /// What the certificate has to be worth at the least.
    #[serde(default = "least_assurance")]
    pub assurance: Assurance,
    /// Whether waivers are admitted.
    #[serde(default)]
    pub waivers: Waivers,
}

/// Down to which level requirements have to be met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema)]
pub enum DemandedLevel {
    /// What is mandatory: the verdict is conformant.
    #[default]
    #[serde(rename = "SHALL")]
    Shall,
    /// What is recommended too: nothing that only advises failed.
    #[serde(rename = "SHOULD")]
    Should,
}

impl std::fmt::Display for DemandedLevel {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Shall => "SHALL",
            Self::Should => "SHOULD",
        })
    }
}

/// Whether waivers are admitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Waivers {
    /// They are.
    Admitted,
    /// They are not.
    #[default]
    Refused,
}

impl std::fmt::Display for Waivers {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Admitted => "admitted",
            Self::Refused => "refused",
        })
    }
}

fn least_maturity() -> Maturity {
    Maturity::Draft
}

fn least_assurance() -> Assurance {
    Assurance::SelfDeclared
}

/// The frameworks of a register, by id.
///
/// # Errors
/// What is wrong with their files, and where.
pub fn frameworks(folder: &RegisterFolder) -> Result<Vec<Framework>, OpenError> {
    let mut frameworks = Vec::new();
    let mut errors = Vec::new();
    let unread = |name: &str, source| OpenError::Read { file: folder.display(name), source };
    for name in folder.names(FOLDER).map_err(|error| unread(FOLDER, error))? {
        let Some(stem) = name.strip_suffix(".yaml") else { continue };
        let name = format!("{FOLDER}/{name}");
        let text = folder.read_text(&name, MAX_YAML).map_err(|error| unread(&name, error))?;
        match read(&folder.display(&name), stem, &text) {
            Ok(framework) => frameworks.push(framework),
            Err(mut found) => errors.append(&mut found),
        }
    }
    if errors.is_empty() { Ok(frameworks) } else { Err(OpenError::Files(errors)) }
}

fn read(file: &str, stem: &str, text: &str) -> Result<Framework, Vec<FileError>> {
    let document = Document::parse(file, text).map_err(|error| vec![error])?;
    let framework: Framework = document.read()?;
    if framework.id != stem {
        let message = format!("the id is `{}`, and the file is called {stem}.yaml", framework.id);
        return Err(vec![document.error("/id", message)]);
    }
    Ok(framework)
}
