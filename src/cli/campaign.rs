//! `proofmark campaign FILE`: one standard against many suppliers, side by side.

mod listing;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;

use listing::ListingArguments;

use super::ExitStatus;
use super::app::GlobalOptions;
use super::certify::text_of;
use super::chosen::Chosen;
use super::compare::{Format, comparison, render};
use super::error::{Error, Result};
use super::judged::{OutputArguments, interrupted, made, status, write_reports};
use super::pace::PaceArguments;
use super::printer::Printer;
use super::report::read;
use super::report_file::ReportFile;
use super::run::{Asked, runtime};
use super::selection::{OverlayArguments, SelectionArguments};
use super::target::Configured;
use crate::config::{Campaign, CampaignSupplier};
use crate::http::redact_url;
use crate::inert::visible;
use crate::report;
use crate::run::{Journal, RUN_FILE, RunRecord};

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The campaign: a YAML file that names the standard and the suppliers
    #[arg(value_name = "FILE")]
    campaign: PathBuf,
    /// The folder for the runs, one folder a supplier; runs that are there already are kept or gone on with
    #[arg(long, value_name = "DIR", default_value = "campaign")]
    out: PathBuf,
    /// How many suppliers are tested side by side
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=64))]
    jobs: u16,
    /// Runs every supplier anew
    #[arg(long)]
    force: bool,
    /// How the comparison is printed
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
    /// Writes the comparison to a file too; may be given more than once
    #[arg(long = "report", value_name = "FORMAT=PATH")]
    reports: Vec<ReportFile<Format>>,
    #[command(flatten)]
    listing: ListingArguments,
}

pub(super) fn run(
    arguments: &Arguments,
    options: &GlobalOptions,
    printer: &mut Printer,
) -> Result<ExitStatus> {
    let file = arguments.campaign.display().to_string();
    let campaign = Campaign::read(&file, &text_of(&arguments.campaign)?)?;
    let mut listing = arguments.listing.open()?;
    let made = side_by_side(&campaign, arguments, options, printer);
    let (mut runs, mut failed, mut ended) = (Vec::new(), 0, Vec::new());
    for (supplier, made) in campaign.suppliers.iter().zip(made) {
        match made {
            Ok((done, record)) => {
                ended.push(status(&record));
                if let Some(listing) = listing.as_mut().filter(|_| !record.interrupted) {
                    let folder = arguments.out.join(&supplier.name);
                    listing.add(supplier, &folder, &record, done != Done::Kept, printer)?;
                }
                runs.push(record);
            }
            Err(error) => {
                failed += 1;
                printer.error(&Error::message(format!("{}: {error}", supplier.name)));
            }
        }
    }
    if runs.len() > 1 && !ended.contains(&ExitStatus::Interrupted) {
        let bids = comparison(runs, None, false)?;
        for report in &arguments.reports {
            report.write(&render(&bids, report.format)?)?;
        }
        printer.data(&render(&bids, arguments.format)?)?;
    }
    if failed > 0 {
        let message = format!("{failed} of {} suppliers could not be tested", campaign.suppliers.len());
        return Err(Error::hint(
            message,
            "mend what is said above and give the same command: the rest is kept",
        ));
    }
    let worst = [ExitStatus::Interrupted, ExitStatus::Failure, ExitStatus::Incomplete];
    Ok(worst.into_iter().find(|one| ended.contains(one)).unwrap_or(ExitStatus::Success))
}

/// Tests all suppliers, some at a time, and says how each ended as it ends.
fn side_by_side(
    campaign: &Campaign,
    arguments: &Arguments,
    options: &GlobalOptions,
    printer: &mut Printer,
) -> Vec<Result<(Done, RunRecord)>> {
    let suppliers = &campaign.suppliers;
    let next = AtomicUsize::new(0);
    let stopped = AtomicBool::new(false);
    let mut results: Vec<Result<(Done, RunRecord)>> = suppliers
        .iter()
        .map(|_| Err(Error::message("it was not begun, since the campaign was interrupted")))
        .collect();
    let (sender, receiver) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..usize::from(arguments.jobs).min(suppliers.len()) {
            let sender = sender.clone();
            let (next, stopped) = (&next, &stopped);
            scope.spawn(move || {
                while !stopped.load(Ordering::Relaxed) {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(supplier) = suppliers.get(index) else { return };
                    let made = of_supplier(supplier, campaign, arguments, options);
                    if let Ok((_, record)) = &made {
                        stopped.fetch_or(record.interrupted, Ordering::Relaxed);
                    }
                    // Nobody listens any more only where the command has ended.
                    let _ = sender.send((index, made));
                }
            });
        }
        drop(sender);
        for (index, made) in receiver {
            printer.note(&note(&suppliers[index], &made));
            results[index] = made;
        }
    });
    results
}

/// What was done for a supplier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Done {
    Tested,
    GoneOnWith,
    Kept,
}

/// One line that says what came of a supplier.
fn note(supplier: &CampaignSupplier, made: &Result<(Done, RunRecord)>) -> String {
    let what = match made {
        Ok((done, record)) => {
            let sentences: Vec<&str> = record.standards.iter().map(|one| one.sentence.as_str()).collect();
            let sentence = sentences.join(" ");
            let short =
                sentence.split_once(". ").map_or(sentence.as_str(), |(first, _)| first).trim_end_matches('.');
            let done = match done {
                Done::Tested => "",
                Done::GoneOnWith => ", gone on with",
                Done::Kept => ", kept as it was",
            };
            format!("{}{done}", visible(short))
        }
        Err(_) => "could not be tested".to_owned(),
    };
    format!("{}: {what}", supplier.name)
}

/// Tests one supplier, unless its run is there already.
fn of_supplier(
    supplier: &CampaignSupplier,
    campaign: &Campaign,
    arguments: &Arguments,
    options: &GlobalOptions,
) -> Result<(Done, RunRecord)> {
    let beside = |file: &String| arguments.campaign.parent().unwrap_or(Path::new("")).join(file);
    let folder = arguments.out.join(&supplier.name);
    let configured = Configured::read(Some(&beside(&supplier.config)))?;
    let kept = if arguments.force { None } else { there(&folder)? };
    let unfinished = kept.as_ref().is_none_or(|record| record.interrupted);
    let resumes = (unfinished && !arguments.force && begun(&folder)).then(|| folder.clone());
    // What was killed before anything was recorded is nothing to be kept.
    let replaces = arguments.force || kept.is_none();
    let mut printer = Printer::silent();
    let overlay =
        OverlayArguments::of_waivers(supplier.waivers.as_ref().filter(|_| resumes.is_none()).map(beside));
    let asked = Asked {
        configured: &configured,
        standard: Chosen::Named(&campaign.standard),
        endpoint: None,
        pace: &PaceArguments::default(),
        selection: &SelectionArguments::default(),
        overlay: &overlay,
        jobs: None,
        seed: false,
        terminology: campaign.terminology.as_deref(),
        resume: resumes.as_deref(),
    };
    let ready = asked.ready(options, &mut printer)?;
    if let Some(record) = kept.filter(|record| !record.interrupted) {
        let (standard, endpoint) = (ready.standard(), redact_url(&ready.base().url));
        let same = record.standards.iter().all(|one| one.digest == standard.digest)
            && record.endpoint.url == endpoint;
        if !same {
            let message = format!(
                "{} holds a run of another endpoint, or by other files of the standard",
                folder.display()
            );
            return Err(Error::hint(
                message,
                "choose another --out, or run every supplier anew with --force",
            ));
        }
        return Ok((Done::Kept, record));
    }
    let output = OutputArguments {
        out: Some(folder),
        force: replaces,
        reports: Vec::new(),
        format: report::Format::Text,
    };
    let (record, recorder) = runtime()?.block_on(async {
        made(ready.run(interrupted()), &output, resumes.as_deref(), &mut printer).await
    })?;
    write_reports(&record, &recorder, &output)?;
    Ok((if resumes.is_some() { Done::GoneOnWith } else { Done::Tested }, record))
}

/// Whether a folder holds a run that can be gone on with.
fn begun(folder: &Path) -> bool {
    Journal::read(folder).is_ok_and(|journal| journal.is_begun())
}

/// The record of a run that a folder holds, if it holds one.
fn there(folder: &Path) -> Result<Option<RunRecord>> {
    if !folder.join(RUN_FILE).exists() {
        return Ok(None);
    }
    read(folder).map(|(record, _)| Some(record))
}
