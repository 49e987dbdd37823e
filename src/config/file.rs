//! `proofmark.toml`, the supplier's own settings.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Secret;
use crate::fhir::Position;
use crate::standard::FileError;

/// All that the file may say. Every key is optional.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// The base address of the endpoint.
    #[serde(default)]
    pub endpoint: Option<String>,
    /// The standard to be judged by, `ID` or `ID@VERSION`.
    #[serde(default)]
    pub standard: Option<String>,
    /// How many scenarios run side by side.
    #[serde(default)]
    pub jobs: Option<usize>,
    /// Whose product this is, for the reports.
    #[serde(default)]
    pub supplier: SupplierConfig,
    /// How requests authenticate.
    #[serde(default)]
    pub auth: Option<Auth>,
    /// Headers that every request carries.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Bounds of requests.
    #[serde(default)]
    pub limits: LimitsConfig,
    /// Where FHIR packages come from.
    #[serde(default)]
    pub packages: PackagesConfig,
    /// The supplier's own records for the logical data of the standard: name, then value by name.
    #[serde(default)]
    pub data: BTreeMap<String, BTreeMap<String, String>>,
}

/// Where FHIR packages come from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PackagesConfig {
    /// The registries that `package install` asks, in order; packages.fhir.org and then
    /// packages.simplifier.net by default.
    #[serde(default)]
    pub registries: Vec<String>,
}

/// Whose product is tested.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SupplierConfig {
    /// The supplier.
    #[serde(default)]
    pub name: Option<String>,
    /// The product.
    #[serde(default)]
    pub product: Option<String>,
    /// The product's version.
    #[serde(default)]
    pub version: Option<String>,
    /// The environment, for instance `integration`.
    #[serde(default)]
    pub environment: Option<String>,
}

/// How requests authenticate. The secret itself is never in the file.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Auth {
    /// The environment variable that holds a bearer token.
    #[serde(default)]
    pub bearer_env: Option<String>,
    /// The file that holds a bearer token, relative to this file.
    #[serde(default)]
    pub bearer_file: Option<PathBuf>,
}

/// Bounds of requests.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LimitsConfig {
    /// How long a request may take, in seconds; 30 by default.
    #[serde(default)]
    pub timeout_seconds: Option<f64>,
    /// How large a body may be, in megabytes; 16 by default.
    #[serde(default)]
    pub max_body_megabytes: Option<u64>,
}

impl Config {
    /// Reads the file.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn read(path: &Path) -> Result<Self, FileError> {
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| FileError::of_file(&file, format!("cannot be read: {error}")))?;
        Self::parse(&file, &text)
    }

    /// Reads the text of the file.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn parse(file: &str, text: &str) -> Result<Self, FileError> {
        let config: Self = toml::from_str(text).map_err(|error| {
            let position = error.span().map(|span| Position::of(text, span.start));
            let message = error.message().trim().to_owned();
            FileError { file: file.to_owned(), position, message, hint: None }
        })?;
        let jobs_wrong = config.jobs.is_some_and(|jobs| !(1..=256).contains(&jobs));
        let body_wrong = config.limits.max_body_megabytes.is_some_and(|size| !(1..=1024).contains(&size));
        if body_wrong {
            return Err(FileError::of_file(file, "max-body-megabytes must be between 1 and 1024"));
        }
        let timeout_wrong =
            config.limits.timeout_seconds.is_some_and(|seconds| !(0.001..=3600.0).contains(&seconds));
        if jobs_wrong || timeout_wrong {
            let message = if jobs_wrong {
                "jobs must be between 1 and 256"
            } else {
                "timeout-seconds must be between 0.001 and 3600"
            };
            return Err(FileError::of_file(file, message));
        }
        Ok(config)
    }

    /// The bearer token, if one is configured.
    ///
    /// # Errors
    /// The variable or file that should hold it does not.
    pub fn bearer(
        &self,
        file: &Path,
        environment: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<Secret>, FileError> {
        let Some(auth) = &self.auth else { return Ok(None) };
        let named = file.display().to_string();
        let token = match (&auth.bearer_env, &auth.bearer_file) {
            (Some(name), None) => environment(name).ok_or_else(|| {
                FileError::of_file(&named, format!("the environment variable {name} is not set"))
            })?,
            (None, Some(path)) => {
                let path = file.parent().unwrap_or(Path::new("")).join(path);
                std::fs::read_to_string(&path).map_err(|error| {
                    FileError::of_file(
                        &named,
                        format!("the token file {} cannot be read: {error}", path.display()),
                    )
                })?
            }
            _ => {
                let message = "[auth] needs either bearer-env or bearer-file";
                return Err(FileError::of_file(&named, message));
            }
        };
        Ok(Some(Secret::new(token.trim().to_owned())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_named_with_its_place() {
        let error = Config::parse("proofmark.toml", "jobs = 2\nendpont = \"http://h\"\n").unwrap_err();
        let text = error.to_string();
        assert!(
            text.starts_with("proofmark.toml:2:1: unknown field `endpont`, expected one of `endpoint`"),
            "{text}"
        );
    }

    #[test]
    fn data_is_mapped_by_name() {
        let text = "[data.patient-a]\nnhsNumber = \"9990000018\"\n[auth]\nbearer-env = \"TOKEN\"\n";
        let config = Config::parse("proofmark.toml", text).unwrap();
        assert_eq!(config.data["patient-a"]["nhsNumber"], "9990000018");
        let token = config
            .bearer(Path::new("x"), |name| (name == "TOKEN").then(|| "abc\n".to_owned()))
            .unwrap()
            .unwrap();
        assert_eq!(token.reveal(), "abc");
        assert_eq!(format!("{token:?}"), "[redacted]");
        let error = config.bearer(Path::new("proofmark.toml"), |_| None).unwrap_err();
        assert_eq!(error.to_string(), "proofmark.toml: the environment variable TOKEN is not set");
    }

    #[test]
    fn nonsense_is_refused() {
        for text in ["jobs = 0", "[limits]\ntimeout-seconds = 0.0", "jobs = \"two\""] {
            assert!(Config::parse("proofmark.toml", text).is_err(), "{text}");
        }
    }
}
