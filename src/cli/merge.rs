//! `proofmark merge RUN…`: puts the shares of a run together.

use std::path::PathBuf;

use super::ExitStatus;
use super::app::GlobalOptions;
use super::chosen::{Chosen, SourceArguments, standard};
use super::error::{Error, Result};
use super::judge::{Again, judge_again};
use super::judged::OutputArguments;
use super::printer::Printer;
use super::report::read;
use crate::files::Folder;
use crate::run::merged;

/// The folder that the whole run is written to unless told otherwise.
const MERGED_FOLDER: &str = "proofmark-merged";

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The shares: their folders, or their run.json
    #[arg(value_name = "RUN", required = true, num_args = 1..)]
    runs: Vec<PathBuf>,
    #[command(flatten)]
    source: SourceArguments,
    #[command(flatten)]
    output: OutputArguments,
}

pub(super) fn run(
    arguments: &Arguments,
    options: &GlobalOptions,
    printer: &mut Printer,
) -> Result<ExitStatus> {
    let mut parts = Vec::new();
    for run in &arguments.runs {
        let (record, folder) = read(run)?;
        parts.push((Folder::Disk(folder), record));
    }
    let whole = merged(parts).map_err(|error| Error::message(error.to_string()))?;
    let Some((before, inputs, recording)) = whole else {
        return Err(Error::message("no run is given"));
    };
    let Some(judged_by) = before.standards.first().cloned() else {
        return Err(Error::message("the runs name no standard"));
    };
    let name = format!("{}@{}", judged_by.id, judged_by.version);
    let (standard, validator) =
        standard(arguments.source.chosen()?.unwrap_or(Chosen::Named(&name)), options, printer)?;
    if standard.digest != judged_by.digest {
        return Err(Error::hint(
            format!("{name} is not the same as when the runs were made: its files have other digests"),
            "use the files that the runs were made with; `proofmark judge` judges by others",
        ));
    }
    let again = Again { before, recording, inputs, standard, validator };
    judge_again(again, &arguments.output, MERGED_FOLDER, printer)
}
