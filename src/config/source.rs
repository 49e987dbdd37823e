//! Where what is not in the file itself comes from: environment variables, and files beside it.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::http::Secret;
use crate::standard::FileError;

/// Where a secret is. It is never in the file itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SecretFrom {
    /// In the environment variable of this name.
    Env(String),
    /// In this file, relative to the configuration file.
    File(PathBuf),
}

/// The surroundings of a configuration file.
pub struct Sources<'s> {
    /// The configuration file.
    pub file: &'s Path,
    /// The environment.
    pub environment: &'s dyn Fn(&str) -> Option<String>,
}

impl std::fmt::Debug for Sources<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Sources").field("file", &self.file).finish_non_exhaustive()
    }
}

impl Sources<'_> {
    /// A secret, white space around it left out.
    ///
    /// # Errors
    /// It is not where it should be. `key` says which is meant.
    pub fn secret(&self, key: &str, from: &SecretFrom) -> Result<Secret, FileError> {
        let text = match from {
            SecretFrom::Env(name) => (self.environment)(name)
                .ok_or_else(|| self.error(format!("{key}: the environment variable {name} is not set")))?,
            SecretFrom::File(path) => {
                let bytes = self.bytes(key, path)?;
                String::from_utf8(bytes)
                    .map_err(|_| self.error(format!("{key}: {} is not UTF-8 text", path.display())))?
            }
        };
        let text = text.trim();
        if text.is_empty() {
            return Err(self.error(format!("{key}: the secret is empty")));
        }
        Ok(Secret::new(text.to_owned()))
    }

    /// A file, named relative to the configuration file.
    ///
    /// # Errors
    /// It cannot be read. `key` says which is meant.
    pub fn bytes(&self, key: &str, path: &Path) -> Result<Vec<u8>, FileError> {
        let path = self.file.parent().unwrap_or(Path::new("")).join(path);
        std::fs::read(&path)
            .map_err(|error| self.error(format!("{key}: {} cannot be read: {error}", path.display())))
    }

    /// An error about the configuration file.
    #[must_use]
    pub fn error(&self, message: impl Into<String>) -> FileError {
        FileError::of_file(self.file.display().to_string(), message)
    }
}
