//! `proofmark validate FILE…`: resources against profiles, no endpoint.

mod lines;
mod side_by_side;
mod sources;
mod validator;
mod work;

use std::num::NonZeroUsize;
use std::path::PathBuf;

use super::ExitStatus;
use super::app::GlobalOptions;
use super::error::{Error, Result};
use super::printer::Printer;
use super::terminology::note;
use super::validation_options::ValidationOptions;
use crate::fhir::Release;
use crate::report::findings::{Json, Judged, Junit, Ndjson, Report, Sarif, Scope, Text};
use crate::report::{RenderError, Style};
use crate::validate::{SchemaError, Severity};
use sources::{Input, Source, scope, sources};

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Resources in JSON or XML; NDJSON; folders of them; - reads standard input
    #[arg(required = true, value_name = "FILE|DIR|-")]
    files: Vec<PathBuf>,
    /// A profile to validate against, besides those that a resource names; may be given more than once
    #[arg(id = "canonical", long = "profile", value_name = "CANONICAL")]
    profiles: Vec<String>,
    /// The FHIR release; by default that of the standard or packages named, or else 3.0
    #[arg(long, value_name = "3.0|4.0")]
    fhir_version: Option<Release>,
    /// A package of profiles: from the package cache, as an archive, or a folder; may be given more than once
    #[arg(long = "package", value_name = "NAME#VERSION|FILE.tgz|DIR")]
    packages: Vec<String>,
    /// A package as above, a single profile or value set, or a folder of them; may be given more than once
    #[arg(long = "ig", value_name = "NAME#VERSION|FILE|DIR")]
    guides: Vec<String>,
    /// A standard whose profiles to load; by default all that are at hand for the FHIR release
    #[arg(long, value_name = "ID[@VERSION]")]
    standard: Option<String>,
    /// A FHIR terminology service for codes that the packages do not tell; only codes are sent
    #[arg(long, value_name = "URL|none")]
    terminology: Option<String>,
    /// How the input is read; by default a file called .ndjson has a resource on each line, any other is one
    #[arg(long, value_enum, value_name = "resource|ndjson")]
    input: Option<Input>,
    #[command(flatten)]
    checks: ValidationOptions,
    /// What to print
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
    /// How many resources are judged side by side; by default as many as there are processors
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
}

/// What is printed.
#[derive(Debug, Clone, Copy, Default, clap::ValueEnum)]
enum Format {
    /// For reading
    #[default]
    Text,
    /// A FHIR OperationOutcome, or of several resources an array of them with their files
    Json,
    /// One OperationOutcome a line
    Ndjson,
    /// For continuous integration: a test case a file
    Junit,
    /// For code hosts, which show the findings at their lines
    Sarif,
}

impl Format {
    fn report(self, scope: Scope, style: Style) -> Box<dyn Report> {
        match self {
            Self::Text => Box::new(Text::new(style)),
            Self::Json => Box::new(Json::new(scope)),
            Self::Ndjson => Box::new(Ndjson::new(scope)),
            Self::Junit => Box::new(Junit::new(&jiff::Timestamp::now().to_string())),
            // Where the folder cannot be told, absolute paths stay absolute.
            Self::Sarif => Box::new(Sarif::new(std::env::current_dir().unwrap_or_default())),
        }
    }
}

/// How many resources there were, and issues of each severity.
#[derive(Debug, Default)]
struct Tally {
    resources: usize,
    errors: usize,
    undecided: usize,
    warnings: usize,
    not_checked: usize,
}

impl Tally {
    fn add(&mut self, judged: &Judged) {
        self.resources += 1;
        self.errors += judged.validation.count(Severity::Error);
        self.undecided += judged.validation.count(Severity::Undecided);
        self.warnings += judged.validation.count(Severity::Warning);
        self.not_checked += judged.validation.count(Severity::NotChecked);
    }

    /// What was not read at all is not passed either.
    fn status(&self) -> ExitStatus {
        match self {
            Self { errors: 1.., .. } => ExitStatus::Failure,
            Self { undecided: 1.., .. } | Self { resources: 0, .. } => ExitStatus::Incomplete,
            _ => ExitStatus::Success,
        }
    }
}

pub(super) fn run(
    arguments: &Arguments,
    options: &GlobalOptions,
    printer: &mut Printer,
) -> Result<ExitStatus> {
    let sources = sources(&arguments.files, arguments.input)?;
    let validator = validator::validator(arguments, options, printer)?;
    for profile in &arguments.profiles {
        // One that is there but broken is a finding of each resource: what needs no profile is judged all the same.
        if let Err(error @ SchemaError::NotLoaded(_)) = validator.schemas().schema(profile) {
            return Err(Error::hint(
                error.to_string(),
                "load its package with --package, or the file that holds it with --ig",
            ));
        }
    }
    let scope = scope(&sources);
    let jobs = jobs(arguments.jobs, &sources);
    let mut report = arguments.format.report(scope, printer.style());
    let mut tally = Tally::default();
    let bar = match scope {
        Scope::Resource => indicatif::ProgressBar::hidden(),
        Scope::Lines | Scope::Files => printer.counter(length(&sources)),
    };
    let judged = side_by_side::in_order(
        work::all(sources),
        jobs,
        |work| work::judge(work, &validator, &arguments.profiles),
        |judged| {
            tally.add(&judged);
            let text = report.add(&judged);
            bar.inc(1);
            if text.is_empty() { Ok(()) } else { bar.suspend(|| printer.data(&text)) }
        },
    );
    bar.finish_and_clear();
    judged?;
    printer.data(&report.end()?)?;
    printer.note(&format!(
        "{} resource(s): {} error(s), {} warning(s), {} not checked",
        tally.resources,
        tally.errors,
        tally.warnings,
        tally.undecided + tally.not_checked
    ));
    if let Some((told, untold)) = validator.schemas().terminology().asked() {
        note(arguments.terminology.as_deref().unwrap_or_default(), told, untold, printer);
    }
    Ok(tally.status())
}

/// How many to judge side by side: as asked for or as there are processors, but no more than there are resources.
fn jobs(asked: Option<u16>, sources: &[Source]) -> NonZeroUsize {
    let jobs = match asked {
        Some(jobs) => NonZeroUsize::new(jobs.into()),
        None => std::thread::available_parallelism().ok(),
    };
    let most = length(sources).and_then(|length| usize::try_from(length).ok()).and_then(NonZeroUsize::new);
    jobs.unwrap_or(NonZeroUsize::MIN).min(most.unwrap_or(NonZeroUsize::MAX))
}

/// How many resources there are, unless only reading tells.
fn length(sources: &[Source]) -> Option<u64> {
    (!sources.iter().any(|source| source.is_lines)).then_some(sources.len() as u64)
}

impl From<RenderError> for Error {
    fn from(error: RenderError) -> Self {
        Self::message(error.to_string())
    }
}
