//! `proofmark compare RUN…`: suppliers side by side.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::ExitStatus;
use super::certify::text_of;
use super::error::{Error, Result};
use super::printer::Printer;
use super::report::read;
use super::report_file::ReportFile;
use crate::report::bids::{self, Bids, NotComparable, Weights};
use crate::run::RunRecord;

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The runs: their folders, or their run.json
    #[arg(value_name = "RUN", required = true, num_args = 2..)]
    runs: Vec<PathBuf>,
    /// What to print
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
    /// Writes a report to a file; may be given more than once
    #[arg(long = "report", value_name = "FORMAT=PATH")]
    reports: Vec<ReportFile<Format>>,
    /// What the buyer holds important: levels, areas and requirements with their weights; there is no score without
    #[arg(long, value_name = "FILE")]
    weights: Option<PathBuf>,
    /// Compares runs that were not made in the same way too; what differs is said first
    #[arg(long)]
    despite_differences: bool,
}

/// How bids are printed.
#[derive(Debug, Clone, Copy, Default, clap::ValueEnum)]
pub(super) enum Format {
    /// For reading
    #[default]
    Text,
    /// For programs
    Json,
    /// A page for people, complete in one file
    Html,
    /// A table for spreadsheets
    Csv,
}

pub(super) fn run(arguments: &Arguments, printer: &mut Printer) -> Result<ExitStatus> {
    let runs = arguments.runs.iter().map(|run| Ok(read(run)?.0)).collect::<Result<Vec<_>>>()?;
    let weights = match &arguments.weights {
        None => None,
        Some(file) => Some(Weights::read(&file.display().to_string(), &text_of(file)?, &runs[0])?),
    };
    let bids = comparison(runs, weights, arguments.despite_differences)?;
    for report in &arguments.reports {
        report.write(&render(&bids, report.format)?)?;
    }
    printer.data(&render(&bids, arguments.format)?)?;
    Ok(ExitStatus::Success)
}

/// The runs side by side, each with a name of its own.
pub(super) fn comparison(
    runs: Vec<RunRecord>,
    weights: Option<Weights>,
    despite_differences: bool,
) -> Result<Bids> {
    let mut runs: Vec<(String, RunRecord)> = runs.into_iter().map(|record| (name(&record), record)).collect();
    tell_apart(&mut runs);
    Bids::of(&runs, weights, despite_differences).map_err(refused)
}

fn refused(why: NotComparable) -> Error {
    match why {
        NotComparable::Differences(ref differences) => {
            let values: Vec<String> =
                differences.iter().map(|one| format!("{}: {}", one.what, one.values.join(" | "))).collect();
            Error::hint(
                format!("{why}\n  {}", values.join("\n  ")),
                "judge all by one version first (`proofmark judge RUN --standard ID@VERSION`), or compare anyway with \
                 --despite-differences",
            )
        }
        other => Error::message(other.to_string()),
    }
}

pub(super) fn render(bids: &Bids, format: Format) -> Result<String> {
    let defect = |error: String| Error::message(format!("cannot write the comparison: {error}"));
    match format {
        Format::Text => Ok(bids::text(bids)),
        Format::Json => bids::json(bids).map_err(|error| defect(error.to_string())),
        Format::Html => bids::html(bids).map_err(|error| defect(format!("{error:#}"))),
        Format::Csv => bids::csv(bids).map_err(|error| defect(error.to_string())),
    }
}

/// What to call a bid: product, version and supplier, or the address where the run names none.
fn name(record: &RunRecord) -> String {
    let supplier = record.supplier.clone().unwrap_or_default();
    let product: Vec<String> = [supplier.product, supplier.version].into_iter().flatten().collect();
    match (supplier.name, product.is_empty()) {
        (Some(name), false) => format!("{} ({name})", product.join(" ")),
        (Some(name), true) => name,
        (None, false) => product.join(" "),
        (None, true) => record.endpoint.url.clone(),
    }
}

/// Bids of one name get a number.
fn tell_apart(runs: &mut [(String, RunRecord)]) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (name, _) in runs {
        let count = seen.entry(name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            name.push_str(&format!(" [{count}]"));
        }
    }
}
