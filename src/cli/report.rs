//! `proofmark report RUN --format F`: renders a saved run again.

use std::path::{Path, PathBuf};

use super::ExitStatus;
use super::error::{Error, Result};
use super::judged::{ReportTarget, render, write_report};
use super::printer::Printer;
use crate::files::read_bounded;
use crate::report::read_json;
use crate::run::{RUN_FILE, RunRecord};

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The run: its folder, or its run.json
    #[arg(value_name = "RUN")]
    run: PathBuf,
    /// The format, text, json, junit or html, and a file to write it to; may be given more than once
    #[arg(long = "format", value_name = "FORMAT[=PATH]", default_value = "text")]
    formats: Vec<ReportTarget>,
}

pub(super) fn run(arguments: &Arguments, printer: &mut Printer) -> Result<ExitStatus> {
    let (record, folder) = read(&arguments.run)?;
    for target in &arguments.formats {
        match &target.path {
            None => {
                let text = render(target.format, &record, &folder, printer)?;
                printer.data(&text)?;
            }
            Some(path) => write_report(target.format, path, &record, &folder)?,
        }
    }
    Ok(ExitStatus::Success)
}

/// Reads a saved run.
pub(super) fn read(run: &Path) -> Result<(RunRecord, PathBuf)> {
    let file = if run.is_dir() { run.join(RUN_FILE) } else { run.to_owned() };
    let folder = file.parent().map(Path::to_owned).unwrap_or_default();
    let bytes = read_bounded(&file).map_err(|error| Error::io(file.display().to_string(), error))?;
    let text = String::from_utf8_lossy(&bytes);
    let record = read_json(&text).map_err(|error| Error::message(format!("{}: {error}", file.display())))?;
    Ok((record, folder))
}
