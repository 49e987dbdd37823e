//! What `run` and `demo` share: the run itself, its folder and its reports.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::watch;

use super::ExitStatus;
use super::error::{Error, Result};
use super::printer::Printer;
use super::progress::Progress;
use super::terminology::note;
use crate::check::Outcome;
use crate::inert::value;
use crate::report::{self, Format};
use crate::run::{
    DataFinding, DataState, Inputs, Listener, Recorder, RequirementResult, Run, RunRecord, SeedOutcome,
    Seeded, share,
};
use crate::standard::{Method, Standard};

/// Where a run is written to and how it is reported.
#[derive(Debug, clap::Args)]
pub(super) struct OutputArguments {
    /// The folder for run.json, evidence/, junit.xml, report.html and network.har; proofmark-out, or proofmark-judged for what is
    /// judged again
    #[arg(long, value_name = "DIR", env = crate::config::OUT)]
    pub(super) out: Option<PathBuf>,
    /// Replaces the run that the folder holds
    #[arg(long)]
    pub(super) force: bool,
    /// Writes a further report, or one to another place; may be given more than once
    #[arg(long = "report", value_name = "FORMAT[=PATH]")]
    pub(super) reports: Vec<ReportTarget>,
    /// What to print on stdout
    #[arg(long, default_value = "text", value_name = "FORMAT")]
    pub(super) format: Format,
}

/// The folder that a run is written to unless told otherwise.
const RUN_FOLDER: &str = "proofmark-out";

/// `FORMAT[=PATH]`.
#[derive(Debug, Clone)]
pub(super) struct ReportTarget {
    pub(super) format: Format,
    pub(super) path: Option<PathBuf>,
}

impl std::str::FromStr for ReportTarget {
    type Err = report::UnknownFormat;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        let (format, path) =
            text.split_once('=').map_or((text, None), |(format, path)| (format, Some(path.into())));
        Ok(Self { format: format.parse()?, path })
    }
}

/// Turns true at Ctrl-C, and lives as long as the runtime.
pub(super) fn interrupted() -> watch::Receiver<bool> {
    let (sender, receiver) = watch::channel(false);
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            let _ = sender.send(true);
        }
        // Asked a second time, it ends at once, whatever is not yet written.
        if tokio::signal::ctrl_c().await.is_ok() {
            #[expect(clippy::exit, reason = "the user asked twice")]
            std::process::exit(130);
        }
        std::future::pending::<()>().await;
    });
    receiver
}

/// Runs, writes the run's folder and its reports, prints the answer, and says how it ended.
///
/// `resumes` is the folder of the run that is gone on with, if it is one.
pub(super) async fn judge(
    run: Run,
    output: &OutputArguments,
    resumes: Option<&Path>,
    printer: &mut Printer,
) -> Result<ExitStatus> {
    let (record, recorder) = made(run, output, resumes, printer).await?;
    finish(&record, &recorder, output, printer)?;
    Ok(status(&record))
}

/// Runs, and keeps the evidence in the run's folder: its record in the form that can be shared.
pub(super) async fn made(
    mut run: Run,
    output: &OutputArguments,
    resumes: Option<&Path>,
    printer: &mut Printer,
) -> Result<(RunRecord, Recorder)> {
    let mut recorder = match (resumes, &run.resumed) {
        (Some(folder), Some((journal, _))) => {
            Recorder::resume(folder, journal).map_err(|error| Error::message(error.to_string()))?
        }
        _ => recorder(output, RUN_FOLDER)?,
    };
    let folder = recorder.folder().display().to_string();
    let not_written = |error| Error::io(format!("the run in {folder}"), error);
    let prepared = run.prepare(&mut [&mut recorder]).await.map_err(not_written)?;
    for note in seeded(&prepared.seeded).into_iter().chain(findings(&prepared.findings)) {
        printer.note(&note);
    }
    let (inputs, standard) = (run.plan.inputs.clone(), Arc::clone(&run.plan.standard));
    let record = {
        let mut progress = Progress::new(printer);
        let mut listeners: [&mut dyn Listener; 2] = [&mut recorder, &mut progress];
        Box::pin(run.execute(&mut listeners)).await.map_err(not_written)?
    };
    printer.end_progress();
    if let Some(used) = &record.terminology {
        note(&used.service, used.questions - used.unanswered, used.unanswered, printer);
    }
    let record = shareable(&record, &recorder, &inputs, &standard)?;
    Ok((record, recorder))
}

/// What came of loading the synthetic records: nothing to say, if that was not asked for.
pub(super) fn seeded(seeded: &[Seeded]) -> Vec<String> {
    let count = |is: fn(&SeedOutcome) -> bool| seeded.iter().filter(|one| is(&one.outcome)).count();
    if seeded.is_empty() {
        return Vec::new();
    }
    let loaded = count(|outcome| matches!(outcome, SeedOutcome::Loaded(_)));
    let held = count(|outcome| matches!(outcome, SeedOutcome::Held(_)));
    let mut notes = vec![format!(
        "of {} synthetic records, {loaded} were loaded, {held} were there, and {} were refused",
        seeded.len(),
        seeded.len() - loaded - held
    )];
    for one in seeded {
        match &one.outcome {
            SeedOutcome::Refused(why) => notes.push(format!("{}: {}", one.record, value(why))),
            SeedOutcome::Loaded(name) | SeedOutcome::Held(name) if *name != one.record => {
                notes.push(format!("{} is {} there", one.record, value(name)));
            }
            _ => {}
        }
    }
    notes
}

/// What is to be said of the data of a run before it begins.
fn findings(found: &[DataFinding]) -> Vec<String> {
    let named = |state: &DataState| -> Vec<&str> {
        found.iter().filter(|one| one.state == *state).map(|one| one.name.as_str()).collect()
    };
    let (discovered, missing) = (named(&DataState::Discovered), named(&DataState::NotFound));
    let mut notes = Vec::new();
    if !discovered.is_empty() {
        notes.push(format!("discovered in place of the standard's records: {}", discovered.join(", ")));
    }
    if !missing.is_empty() {
        notes.push(format!(
            "the server does not hold: {}; `proofmark doctor` says what to load",
            missing.join(", ")
        ));
    }
    notes
}

/// The recorder of the folder that a run is to be written to; `default` names it where the user does not.
pub(super) fn recorder(output: &OutputArguments, default: &str) -> Result<Recorder> {
    let folder = output.out.as_deref().unwrap_or(Path::new(default));
    Recorder::create(folder, output.force).map_err(|error| Error::message(error.to_string()))
}

/// The record with tokens for what identifies people; the originals stay in the run's private folder.
pub(super) fn shareable(
    record: &RunRecord,
    recorder: &Recorder,
    inputs: &Inputs,
    standard: &Standard,
) -> Result<RunRecord> {
    share(recorder, record, inputs, standard)
        .map_err(|error| Error::io(format!("the run in {}", recorder.folder().display()), error))
}

/// Writes the reports of a run and prints the answer.
pub(super) fn finish(
    record: &RunRecord,
    recorder: &Recorder,
    output: &OutputArguments,
    printer: &mut Printer,
) -> Result<()> {
    write_reports(record, recorder, output)?;
    let text = render(output.format, record, recorder.folder(), printer)?;
    printer.data(&text)?;
    let folder = recorder.folder().display();
    printer.note(&format!("written to {folder}: {}", written(output)));
    printer.note(&format!(
        "identifiers of patients are tokens such as [name:1a2b3c4d] there; the originals are in {folder}/private, and \
         `proofmark report {folder} --originals` shows them"
    ));
    Ok(())
}

/// How a run ends: by its verdicts, unless it was interrupted.
pub(super) fn status(record: &RunRecord) -> ExitStatus {
    if record.interrupted {
        return ExitStatus::Interrupted;
    }
    if record.baseline.is_some() {
        return status_since(record);
    }
    let statuses = record.standards.iter().map(|standard| ExitStatus::from(standard.verdict));
    let weight = |status: &ExitStatus| match status {
        ExitStatus::Failure => 2,
        ExitStatus::Incomplete => 1,
        _ => 0,
    };
    statuses.max_by_key(weight).unwrap_or(ExitStatus::Incomplete)
}

/// How a run ends that has a baseline: only what is new counts.
fn status_since(record: &RunRecord) -> ExitStatus {
    let decides = |one: &&RequirementResult| {
        let waived = one.waiver.as_ref().is_some_and(|waiver| waiver.covers(one.outcome));
        let automated = one.method == Method::Automated;
        automated
            && one.binding
            && one.level.is_mandatory()
            && !waived
            && one.baseline.is_none_or(|was| one.outcome > was)
    };
    let mut new = record.requirements.iter().filter(decides).map(|one| one.outcome).collect::<Vec<Outcome>>();
    new.sort_unstable();
    let nothing_passed = record.standards.iter().all(|standard| standard.counts.mandatory_passed == 0);
    match new.last() {
        Some(Outcome::Fail) => ExitStatus::Failure,
        // An endpoint that is down is no news since it was down before, and no success either.
        _ if nothing_passed => ExitStatus::Incomplete,
        Some(Outcome::Inconclusive | Outcome::NotDemonstrated) => ExitStatus::Incomplete,
        _ => ExitStatus::Success,
    }
}

/// The reports that are always written.
const ALWAYS: [Format; 4] = [Format::Json, Format::Junit, Format::Html, Format::Har];

/// Writes the reports of a run into its folder, or where they are sent.
pub(super) fn write_reports(record: &RunRecord, recorder: &Recorder, output: &OutputArguments) -> Result<()> {
    let mut written: Vec<(Format, PathBuf)> = Vec::new();
    for format in ALWAYS {
        // run.json stays where it is found again; the others can be sent elsewhere.
        let elsewhere = output.reports.iter().any(|target| target.format == format && target.path.is_some());
        if format == Format::Json || !elsewhere {
            written.push((format, recorder.folder().join(format.file_name())));
        }
    }
    for target in &output.reports {
        let path = target.path.clone().unwrap_or_else(|| recorder.folder().join(target.format.file_name()));
        if !written.contains(&(target.format, path.clone())) {
            written.push((target.format, path));
        }
    }
    // Side by side: none needs another, and the page and the archive take their time.
    std::thread::scope(|scope| {
        let write =
            |(format, path): &(Format, PathBuf)| write_report(*format, path, record, recorder.folder());
        let writers: Vec<_> = written.iter().map(|report| scope.spawn(move || write(report))).collect();
        writers.into_iter().try_for_each(|writer| {
            writer.join().unwrap_or_else(|_| Err(Error::message("internal: a report ended badly")))
        })
    })
}

/// Writes one report of a run; `folder` holds the run's evidence.
pub(super) fn write_report(format: Format, path: &Path, record: &RunRecord, folder: &Path) -> Result<()> {
    let place = |error| Error::io(path.display().to_string(), error);
    if format == Format::Csv {
        return write_tables(path, record);
    }
    let mut out = std::io::BufWriter::new(std::fs::File::create(path).map_err(place)?);
    format
        .write(record, report::Style::default(), &evidence_of(folder), &mut out)
        .map_err(|error| Error::message(format!("the {format} report: {error}")))?;
    std::io::Write::flush(&mut out).map_err(place)
}

/// The tables of a run, in a folder of their own.
fn write_tables(folder: &Path, record: &RunRecord) -> Result<()> {
    let failed = |error: report::RenderError| Error::message(format!("the csv report: {error}"));
    let place = |path: &Path, error| Error::io(path.display().to_string(), error);
    std::fs::create_dir_all(folder).map_err(|error| place(folder, error))?;
    for (name, text) in [
        ("requirements.csv", report::requirements_table(record).map_err(failed)?),
        ("results.csv", report::results_table(record).map_err(failed)?),
        ("datapackage.json", report::data_package(record).map_err(failed)?),
    ] {
        let path = folder.join(name);
        std::fs::write(&path, text).map_err(|error| place(&path, error))?;
    }
    Ok(())
}

fn written(output: &OutputArguments) -> String {
    let mut names: Vec<String> = vec!["run.json".to_owned(), "evidence/".to_owned()];
    for format in [Format::Junit, Format::Html, Format::Har] {
        let elsewhere = output.reports.iter().any(|target| target.format == format && target.path.is_some());
        if !elsewhere {
            names.push(format.file_name().to_owned());
        }
    }
    names.join(", ")
}

/// Renders a run for stdout.
pub(super) fn render(format: Format, record: &RunRecord, folder: &Path, printer: &Printer) -> Result<String> {
    rendered(format, record, folder, printer.style())
}

fn rendered(format: Format, record: &RunRecord, folder: &Path, style: report::Style) -> Result<String> {
    format
        .render(record, style, &evidence_of(folder))
        .map_err(|error| Error::message(format!("the {format} report: {error}")))
}

/// Reads the evidence files of a run's folder; a name that leads out of the folder is no file of it.
fn evidence_of(folder: &Path) -> impl Fn(&str) -> Option<String> {
    let folder = crate::files::Folder::Disk(folder.to_owned());
    move |file: &str| folder.read_text(file).ok()
}
