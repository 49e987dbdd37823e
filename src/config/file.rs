//! `proofmark.toml`, the supplier's own settings.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Auth, CertificateConfig, LimitsConfig, ProxyConfig, TlsConfig};
use crate::fhir::Position;
use crate::standard::FileError;

/// All that the file may say. Every key is optional.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// The base address of the endpoint.
    #[serde(default)]
    pub endpoint: Option<String>,
    /// Further base addresses, for standards that have several: name, then address.
    #[serde(default)]
    pub endpoints: BTreeMap<String, String>,
    /// The standard to be judged by, `ID` or `ID@VERSION`.
    #[serde(default)]
    pub standard: Option<String>,
    /// How many scenarios run side by side.
    #[serde(default)]
    pub jobs: Option<usize>,
    /// Whose product this is, for the reports.
    #[serde(default)]
    pub supplier: SupplierConfig,
    /// How requests authenticate, unless a scenario says otherwise; without credentials, by default.
    #[serde(default)]
    pub auth: Option<Auth>,
    /// Further ways to authenticate, by the names that scenarios give them.
    #[serde(default)]
    pub identities: BTreeMap<String, Auth>,
    /// How TLS is spoken.
    #[serde(default)]
    pub tls: TlsConfig,
    /// Further certificates of our own, wrong ones on purpose, by the names that scenarios give them.
    #[serde(default)]
    pub certificates: BTreeMap<String, CertificateConfig>,
    /// The proxy that requests go by; the one that the environment names, by default. `none` means none.
    #[serde(default)]
    pub proxy: Option<ProxyConfig>,
    /// Headers that every request carries.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Bounds of requests.
    #[serde(default)]
    pub limits: LimitsConfig,
    /// Where FHIR packages come from.
    #[serde(default)]
    pub packages: PackagesConfig,
    /// The folder of the supplier's tables in CSV for the logical data of the standard, relative to this file. Values
    /// under `data` come before theirs.
    #[serde(default)]
    pub maps: Option<PathBuf>,
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
    /// Who runs the test: the supplier, the buyer, a laboratory.
    #[serde(default)]
    pub tested_by: Option<String>,
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
            let mut message = error.message().trim().to_owned();
            if message.contains("expected `env` or `file`") {
                // The message of the reader repeats what it found, which may be the secret itself.
                "a secret is not written here; expected { env = \"VARIABLE\" } or { file = \"FILE\" }"
                    .clone_into(&mut message);
            }
            FileError { file: file.to_owned(), position, message, hint: None }
        })?;
        if config.jobs.is_some_and(|jobs| !(1..=256).contains(&jobs)) {
            return Err(FileError::of_file(file, "jobs must be between 1 and 256"));
        }
        if let Some(problem) = config.limits.problem() {
            return Err(FileError::of_file(file, problem));
        }
        Ok(config)
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
        let text = "[data.patient-a]\nnhsNumber = \"9990000018\"\n";
        let config = Config::parse("proofmark.toml", text).unwrap();
        assert_eq!(config.data["patient-a"]["nhsNumber"], "9990000018");
    }

    #[test]
    fn a_secret_in_the_file_is_refused_and_not_repeated() {
        let error = Config::parse("proofmark.toml", "[auth]\nbearer = \"TOPSECRET\"\n").unwrap_err();
        let expected =
            "proofmark.toml:2:10: a secret is not written here; expected { env = \"VARIABLE\" } or";
        assert!(error.to_string().starts_with(expected), "{error}");
        assert!(!error.to_string().contains("TOPSECRET"));
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "jobs = 0",
            "[limits]\ntimeout-seconds = 0.0",
            "jobs = \"two\"",
            "[limits]\nrate = 0.0",
            "[limits]\nbudget = \"long\"",
            "[auth]\nbearer = \"the-token-itself\"",
            "[auth]\nbearer = { env = \"A\" }\nbasic = { user = \"u\", password = { env = \"P\" } }",
        ] {
            assert!(Config::parse("proofmark.toml", text).is_err(), "{text}");
        }
    }
}
