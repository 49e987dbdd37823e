//! `proofmark register build DIR`: the pages and files that are published.

use std::path::PathBuf;

use jiff::civil::Date;

use super::super::ExitStatus;
use super::super::error::{Error, Result};
use super::super::printer::Printer;
use super::{day, whole};
use crate::register::frameworks;
use crate::report::register::{Site, SiteError};

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// The register
    #[arg(value_name = "DIR")]
    register: PathBuf,
    /// The day on which entries stand as the pages say; today unless given
    #[arg(long, value_name = "DATE")]
    at: Option<Date>,
}

pub(super) fn run(arguments: &Arguments, printer: &mut Printer) -> Result<ExitStatus> {
    let register = whole(&arguments.register)?;
    let frameworks = frameworks(&register.folder)?;
    let day = day(arguments.at);
    let site = Site { register: &register, frameworks: &frameworks, day: &day };
    let (mut files, mut written) = (0_usize, 0_usize);
    site.make(&mut |file, text| {
        files += 1;
        written += usize::from(register.folder.replace(file, text.as_bytes())?);
        Ok(())
    })
    .map_err(failed)?;
    printer.data(&format!("{}\n", register.folder.display("index.html")))?;
    printer.note(&format!("{} entries; {files} files, {written} of them changed", register.entries.len()));
    Ok(ExitStatus::Success)
}

pub(super) fn failed(error: SiteError) -> Error {
    match error {
        SiteError::Write { file, source } => Error::io(file, source),
        other => Error::message(other.to_string()),
    }
}
