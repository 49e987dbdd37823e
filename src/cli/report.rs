//! `proofmark report RUN --format F`: renders a saved run again.

use std::path::{Path, PathBuf};

use super::ExitStatus;
use super::error::{Error, Result};
use super::judged::{ReportTarget, render, write_report};
use super::printer::Printer;
use crate::files::read_bounded;
use crate::report::read_json;
use crate::run::{PRIVATE_RUN_FILE, RUN_FILE, RunRecord};

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The run: its folder, or its run.json
    #[arg(value_name = "RUN")]
    run: PathBuf,
    /// The format, and a file to write it to: text, json, junit, html, har, markdown, github, csv (a folder), scal, ctrf,
    /// earl, sarif or testreport; may be given more than once
    #[arg(long = "format", value_name = "FORMAT[=PATH]", default_value = "text")]
    formats: Vec<ReportTarget>,
    /// Shows identifiers of patients as they are, from the run's private folder; not to be shared
    #[arg(long)]
    originals: bool,
}

pub(super) fn run(arguments: &Arguments, printer: &mut Printer) -> Result<ExitStatus> {
    let (mut record, folder) = read(&arguments.run)?;
    if arguments.originals {
        (record, _) = read(&folder.join(PRIVATE_RUN_FILE))?;
    }
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
