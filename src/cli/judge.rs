//! `proofmark judge RUN [--standard ID@V]`: judges a saved run again, offline.

use std::path::PathBuf;
use std::sync::Arc;

use super::ExitStatus;
use super::app::GlobalOptions;
use super::chosen::{Chosen, SourceArguments, standard};
use super::error::{Error, Result};
use super::judged::{OutputArguments, finish, recorder, shareable, status};
use super::printer::Printer;
use super::run::{DEFAULT_JOBS, runtime};
use crate::files::Folder;
use crate::report::{Format, impact};
use crate::run::{Impact, Inputs, JudgeAgain, Plan, Recorder, Recording, RunRecord, Selection};
use crate::standard::Standard;
use crate::validate::Validator;

/// The file that says what judging by another standard changes.
const IMPACT_FILE: &str = "impact.json";
/// The folder that the new record is written to unless told otherwise.
const JUDGED_FOLDER: &str = "proofmark-judged";

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The run: its folder, or its run.json
    #[arg(value_name = "RUN")]
    run: PathBuf,
    /// The standard to judge by: ID, or ID@VERSION; that of the run unless given
    #[arg(long, value_name = "ID[@VERSION]")]
    standard: Option<String>,
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
    let (before, folder) = super::report::read(&arguments.run)?;
    let Some(judged_by) = before.standards.first() else {
        return Err(Error::message(format!("{}: the run names no standard", arguments.run.display())));
    };
    let own = format!("{}@{}", judged_by.id, judged_by.version);
    let named = Chosen::Named(arguments.standard.as_deref().unwrap_or(&own));
    let chosen = arguments.source.chosen()?.unwrap_or(named);
    let (standard, validator) = standard(chosen, options, printer)?;
    if standard.name() == own && standard.digest != judged_by.digest {
        printer
            .note(&format!("{own} is not the same as when the run was made: its files have other digests"));
    }
    let again = Again::open(before, folder, standard, validator)?;
    judge_again(again, &arguments.output, JUDGED_FOLDER, printer)
}

/// A recording and what it is to be judged by.
pub(super) struct Again {
    pub(super) before: RunRecord,
    pub(super) recording: Recording,
    pub(super) inputs: Inputs,
    pub(super) standard: Standard,
    pub(super) validator: Validator,
}

impl Again {
    /// The recording of a saved run, to be judged by a standard that is its own or another.
    pub(super) fn open(
        before: RunRecord,
        folder: PathBuf,
        standard: Standard,
        validator: Validator,
    ) -> Result<Self> {
        let (recording, inputs) = Recording::open(Folder::Disk(folder), &before).map_err(|error| {
            Error::hint(error.to_string(), "a run can be judged again only as a whole, as it was written")
        })?;
        let changed = before.standards.first().is_none_or(|one| one.digest != standard.digest);
        let inputs = if changed {
            Inputs { data: inputs.data.carried_over(&standard, validator.schemas())?, ..inputs }
        } else {
            inputs
        };
        Ok(Self { before, recording, inputs, standard, validator })
    }

    /// The record that judging makes, with its files, in the folder of a recorder; and what another standard changes.
    pub(super) fn record(self, recorder: &mut Recorder) -> Result<(RunRecord, Option<Impact>)> {
        let Self { before, recording, inputs, standard, validator } = self;
        let Some(judged_by) = before.standards.first() else {
            return Err(Error::message("the run names no standard"));
        };
        let changed = standard.digest != judged_by.digest;
        let standard = Arc::new(standard);
        let plan = Plan::new(Arc::clone(&standard), judged_by.role, inputs.clone());
        // A run of some scenarios is judged for these, and says so.
        let plan = match &before.settings.selection {
            Some(_) if !changed => {
                let cases = before.scenarios.iter().map(|case| case.id.clone()).collect();
                plan.select(&Selection { cases: Some(cases), ..Selection::default() })
            }
            _ => plan,
        };
        let again = JudgeAgain { plan, before: before.clone(), recording, validator, jobs: DEFAULT_JOBS };
        let folder = recorder.folder().display().to_string();
        let record = runtime()?
            .block_on(again.execute(&mut [&mut *recorder]))
            .map_err(|error| Error::io(format!("the run in {folder}"), error))?;
        let record = shareable(&record, recorder, &inputs, &standard)?;
        let impact = changed.then(|| Impact::of(&before, &record));
        Ok((record, impact))
    }
}

/// Judges a recording, writes the new record, and says what another standard changes.
pub(super) fn judge_again(
    again: Again,
    output: &OutputArguments,
    default_folder: &str,
    printer: &mut Printer,
) -> Result<ExitStatus> {
    let mut recorder = recorder(output, default_folder)?;
    let (record, impact) = again.record(&mut recorder)?;
    if let Some(impact) = &impact {
        let bytes = impact::json(impact).map_err(|error| Error::message(error.to_string()))?;
        recorder.write(IMPACT_FILE, bytes.as_bytes()).map_err(|error| Error::io(IMPACT_FILE, error))?;
    }
    finish(&record, &recorder, output, printer)?;
    if let Some(impact) = impact
        && output.format == Format::Text
    {
        printer.data(&impact::text(&impact))?;
    }
    Ok(status(&record))
}
