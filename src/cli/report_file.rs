//! `--report FORMAT=PATH` of the commands whose formats are their own.

use std::path::PathBuf;

use clap::ValueEnum;

use super::error::{Error, Result};

/// A report to be written to a file, in one of the formats of a command.
#[derive(Debug, Clone)]
pub(super) struct ReportFile<F> {
    pub(super) format: F,
    path: PathBuf,
}

impl<F> ReportFile<F> {
    /// Writes what the format made.
    pub(super) fn write(&self, text: &str) -> Result<()> {
        std::fs::write(&self.path, text).map_err(|error| Error::io(self.path.display().to_string(), error))
    }
}

impl<F: ValueEnum> std::str::FromStr for ReportFile<F> {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let (format, path) =
            text.split_once('=').ok_or_else(|| format!("`{text}` lacks a file; write FORMAT=PATH"))?;
        let format = F::from_str(format, false)
            .map_err(|_| format!("unknown report format `{format}`; known are {}", known::<F>()))?;
        Ok(Self { format, path: path.into() })
    }
}

/// The names of all formats, in a sentence.
fn known<F: ValueEnum>() -> String {
    let names: Vec<String> = F::value_variants()
        .iter()
        .filter_map(F::to_possible_value)
        .map(|value| value.get_name().to_owned())
        .collect();
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => names.concat(),
    }
}
