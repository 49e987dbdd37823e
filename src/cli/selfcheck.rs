//! `proofmark selfcheck`: what a standard's suite is worth, tried on the reference supplier.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::ExitStatus;
use super::app::GlobalOptions;
use super::chosen::{self, standard};
use super::error::{Error, Result};
use super::printer::Printer;
use super::report_file::ReportFile;
use super::run::runtime;
use super::supplier::Parts;
use super::target::{Target, planned};
use crate::report::{Style, selfcheck as report};
use crate::selfcheck::{Chosen, SelfCheck, Step, Suite};

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The standard whose suite is checked
    #[arg(long, value_name = "ID[@VERSION]", default_value = "careconnect", env = crate::config::STANDARD)]
    standard: String,
    /// A folder of a reference supplier's files in place of the built-in one: supplier.yaml, faults.yaml, variations.yaml and
    /// records
    #[arg(long, value_name = "DIR")]
    fixtures: Option<PathBuf>,
    /// Runs this fault, and no other fault or variation but those that are named; may be given more than once
    #[arg(long = "fault", value_name = "NAME")]
    faults: Vec<String>,
    /// Runs this variation, and no other variation or fault but those that are named; may be given more than once
    #[arg(long = "variation", value_name = "NAME")]
    variations: Vec<String>,
    /// How many suppliers are tested side by side; as many as there are processors, unless given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    jobs: Option<u16>,
    /// What to print on stdout
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
    /// Writes a report to a file; may be given more than once
    #[arg(long = "report", value_name = "FORMAT=PATH")]
    reports: Vec<ReportFile<Format>>,
}

/// How a selfcheck is printed.
#[derive(Debug, Clone, Copy, Default, clap::ValueEnum)]
enum Format {
    /// For reading
    #[default]
    Text,
    /// For programs
    Json,
    /// A page for people, complete in one file
    Html,
}

pub(super) fn run(
    arguments: &Arguments,
    options: &GlobalOptions,
    printer: &mut Printer,
) -> Result<ExitStatus> {
    let (standard, validator) = standard(chosen::Chosen::Named(&arguments.standard), options, printer)?;
    let parts = Parts::of(&standard, arguments.fixtures.as_deref())?;
    let chosen = chosen_of(&parts, arguments)?;
    let data = &parts.fixtures.configuration.data;
    let Target { plan, validator } = planned(standard, validator, data, Path::new("supplier.yaml"))?;
    let suite = Suite { plan, validator, fixtures: parts.fixtures, definitions: parts.definitions };
    let jobs = arguments
        .jobs
        .map_or_else(|| std::thread::available_parallelism().map_or(1, std::num::NonZero::get), usize::from);
    let mut tell = |step: Step<'_>| {
        printer.progress(&format!("{} of {} runs, last {}", step.done, step.all, step.name));
    };
    let found = runtime()?.block_on(Arc::new(suite).check(chosen, jobs, &mut tell));
    printer.end_progress();
    let found = found.map_err(|error| Error::io("the selfcheck", error))?;
    for report in &arguments.reports {
        report.write(&render(report.format, &found, Style::default())?)?;
    }
    printer.data(&render(arguments.format, &found, printer.style())?)?;
    Ok(if found.is_proved() { ExitStatus::Success } else { ExitStatus::Failure })
}

/// The faults and variations that are named; all, where none is.
fn chosen_of(parts: &Parts, arguments: &Arguments) -> Result<Chosen> {
    if arguments.faults.is_empty() && arguments.variations.is_empty() {
        let (faults, variations) = (parts.fixtures.faults.clone(), parts.fixtures.variations.clone());
        return Ok(Chosen { faults, variations, all: true });
    }
    let faults = arguments.faults.iter().map(|name| parts.fault(name).cloned());
    let variations = arguments.variations.iter().map(|name| parts.variation(name).cloned());
    Ok(Chosen {
        faults: faults.collect::<Result<_>>()?,
        variations: variations.collect::<Result<_>>()?,
        all: false,
    })
}

fn render(format: Format, found: &SelfCheck, style: Style) -> Result<String> {
    Ok(match format {
        Format::Text => report::text(found, style),
        Format::Html => {
            report::html(found).map_err(|error| Error::message(format!("the page: {error:#}")))?
        }
        Format::Json => report::json(found).map_err(|error| Error::message(format!("the JSON: {error}")))?,
    })
}
