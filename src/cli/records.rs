//! `proofmark standard data ID`: the synthetic records of a standard, for a supplier to load.

use std::path::PathBuf;

use super::ExitStatus;
use super::app::GlobalOptions;
use super::error::{Error, Result};
use super::printer::Printer;
use crate::files::Folder;
use crate::standard::{records, records_with, transaction};

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The standard: ID, or ID@VERSION
    #[arg(value_name = "ID[@VERSION]")]
    standard: String,
    /// The records of the reference supplier too, with patients by the dozen
    #[arg(long)]
    all: bool,
    /// The file to write; stdout unless given
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) fn run(
    arguments: &Arguments,
    options: &GlobalOptions,
    printer: &mut Printer,
) -> Result<ExitStatus> {
    let standard = options.catalogue().load(&arguments.standard)?;
    let records = if arguments.all {
        let id = &standard.manifest.id;
        let folder = Folder::fixtures().folder(id).ok_or_else(|| {
            Error::hint(
                format!("there is no reference supplier of {id}"),
                "leave --all out for the standard's own records",
            )
        })?;
        records_with(&standard, &folder)?
    } else {
        records(&standard)?
    };
    if records.is_empty() {
        return Err(Error::message(format!("{} has no synthetic records", standard.name())));
    }
    let bundle = transaction(&records);
    match &arguments.out {
        None => printer.data(&bundle)?,
        Some(path) => {
            std::fs::write(path, bundle).map_err(|error| Error::io(path.display().to_string(), error))?;
            let path = path.display();
            printer.note(&format!(
                "{} records of {} in {path}: a FHIR transaction that puts each under its own id; POST it to the base \
                 address of a test system",
                records.len(),
                standard.name()
            ));
        }
    }
    Ok(ExitStatus::Success)
}
