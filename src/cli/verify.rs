//! `proofmark verify CERT --trust FILE`: whether a certificate holds, link by link, offline.

use std::path::{Path, PathBuf};

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde_json::json;

use super::ExitStatus;
use super::app::GlobalOptions;
use super::certify::{text_of, within};
use super::chosen::{Chosen, standard};
use super::error::{Error, Result};
use super::judge::Again;
use super::printer::Printer;
use super::report::read;
use super::standard::ListFormat;
use crate::certificate::{Link, State, Trust, Verification};
use crate::files::Folder;
use crate::inert::value;
use crate::register::standing;
use crate::run::{RUN_FILE, Recorder, RunRecord};
use crate::standard::{FileError, Standard};
use crate::text::indented;

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The certificate
    #[arg(value_name = "CERT")]
    certificate: PathBuf,
    /// Whom to trust: a trust file, or one public key
    #[arg(long, value_name = "FILE")]
    trust: PathBuf,
    /// The run that it is about: its folder, or its run.json; the certificate's own folder, if that holds one
    #[arg(long, value_name = "RUN")]
    run: Option<PathBuf>,
    /// Judges the evidence again and compares; needs the run's private folder
    #[arg(long)]
    rejudge: bool,
    /// The register whose word counts too: suspended, withdrawn, superseded or expired there is not valid
    #[arg(long, value_name = "DIR")]
    register: Option<PathBuf>,
    /// The day to judge on; today unless given
    #[arg(long, value_name = "DATE")]
    at: Option<Date>,
    /// What to print
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: ListFormat,
}

pub(super) fn run(
    arguments: &Arguments,
    options: &GlobalOptions,
    printer: &mut Printer,
) -> Result<ExitStatus> {
    let trust = Trust::read(&arguments.trust.display().to_string(), &text_of(&arguments.trust)?)?;
    let today = arguments.at.unwrap_or_else(|| Timestamp::now().to_zoned(TimeZone::UTC).date()).to_string();
    let mut verification = match text_of(&arguments.certificate) {
        Ok(text) => Verification::of(&text, &trust, &today),
        Err(error @ Error::Io { .. }) => return Err(error),
        Err(error) => {
            let mut verification = Verification::default();
            verification.broken("form", error.to_string());
            verification
        }
    };
    match run_folder(arguments) {
        None => verification.not_checked("evidence", "the run is not at hand; --run RUN names it"),
        Some(folder) => {
            let record = read(&folder).map(|(record, _)| record);
            let certificate = within(&folder, &arguments.certificate);
            let files = Folder::Disk(folder.clone());
            verification.run(&files, record.as_ref().ok(), certificate.as_deref());
            if arguments.rejudge && verification.is_valid() {
                match record.and_then(|record| rejudge(&record, &folder, options, printer)) {
                    Ok(None) => verification.holds("judged again", "the evidence gives the same record"),
                    Ok(Some(what)) => verification.broken("judged again", what),
                    Err(error) => verification.broken("judged again", error.to_string()),
                }
            }
        }
    }
    let catalogue = options.catalogue();
    verification.standards(|name| {
        let entry = catalogue.find(name).ok().flatten()?;
        let why = |errors: Vec<FileError>| errors.first().map(ToString::to_string).unwrap_or_default();
        Some(Standard::load(&entry.folder).map(|standard| standard.digest).map_err(why))
    });
    if let Some(folder) = &arguments.register {
        ask_register(folder, &arguments.certificate, &trust, &today, &mut verification)?;
    }
    printer.data(&match arguments.format {
        ListFormat::Text => text(&verification),
        ListFormat::Json => json(&verification)?,
    })?;
    Ok(if verification.is_valid() { ExitStatus::Success } else { ExitStatus::Failure })
}

/// How the certificate stands in a register.
fn ask_register(
    folder: &Path,
    certificate: &Path,
    trust: &Trust,
    today: &str,
    verification: &mut Verification,
) -> Result<()> {
    let register = super::register::open(folder)?;
    let Some(statement) = &verification.statement else { return Ok(()) };
    let (state, detail) = standing(&register, &text_of(certificate)?, &statement.predicate.id, trust, today);
    verification.links.push(Link { name: "register", state, detail });
    Ok(())
}

/// The folder of the run, named or around the certificate.
fn run_folder(arguments: &Arguments) -> Option<PathBuf> {
    let folder = match &arguments.run {
        Some(run) if run.is_dir() => return Some(run.clone()),
        Some(run) => run.parent()?,
        None => arguments.certificate.parent()?,
    };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    (arguments.run.is_some() || folder.join(RUN_FILE).is_file()).then(|| folder.to_owned())
}

/// Judges the evidence again. `None` where the record is the same but for the moment and the tool, else what differs.
fn rejudge(
    before: &RunRecord,
    folder: &Path,
    options: &GlobalOptions,
    printer: &mut Printer,
) -> Result<Option<String>> {
    let Some(judged_by) = before.standards.first() else {
        return Err(Error::message("the run names no standard"));
    };
    let name = format!("{}@{}", judged_by.id, judged_by.version);
    let (standard, validator) = standard(Chosen::Named(&name), options, printer)?;
    let scratch = tempfile::tempdir().map_err(|error| Error::io("a folder to judge in", error))?;
    let mut recorder = Recorder::create(&scratch.path().join("run"), false)
        .map_err(|error| Error::message(error.to_string()))?;
    let again = Again::open(before.clone(), folder.to_owned(), standard, validator)?;
    let (mut after, _) = again.record(&mut recorder)?;
    after.judged.clone_from(&before.judged);
    after.tool.clone_from(&before.tool);
    let differ = before
        .requirements
        .iter()
        .zip(&after.requirements)
        .filter(|(one, other)| one.outcome != other.outcome)
        .map(|(one, other)| format!("{} is {} and was {}", one.id, other.outcome, one.outcome))
        .collect::<Vec<_>>();
    Ok(match differ.as_slice() {
        [] if after == *before => None,
        [] => {
            Some("the evidence gives another record, though every requirement comes out the same".to_owned())
        }
        some => Some(some.join("; ")),
    })
}

fn text(verification: &Verification) -> String {
    let mut text = String::new();
    let valid = match (verification.is_valid(), verification.warns()) {
        (false, _) => "NOT VALID",
        (true, false) => "VALID",
        (true, true) => "VALID WITH A WARNING",
    };
    let worth = verification.assurance().map(|assurance| format!(", {assurance}")).unwrap_or_default();
    match &verification.statement {
        None => text.push_str(&format!("{valid}{worth}\n")),
        Some(statement) => {
            let predicate = &statement.predicate;
            text.push_str(&format!("{valid}{worth}: certificate {}\n", value(&predicate.id)));
            let supplier = &predicate.run.supplier;
            let product: Vec<&str> = [&supplier.name, &supplier.product, &supplier.version]
                .into_iter()
                .flatten()
                .map(String::as_str)
                .collect();
            if !product.is_empty() {
                text.push_str(&format!("{}\n", indented(&value(&product.join(" ")), 2)));
            }
            for standard in &predicate.run.standards {
                text.push_str(&format!("{}\n", indented(&value(&standard.sentence), 2)));
            }
        }
    }
    text.push('\n');
    for link in &verification.links {
        let mark = match link.state {
            State::Holds => "✓",
            State::Warns => "!",
            State::Broken => "✗",
            State::NotChecked => "–",
        };
        let not = if link.state == State::NotChecked { "not checked: " } else { "" };
        let detail = indented(&format!("{not}{}", value(&link.detail)), 18);
        text.push_str(&format!("  {mark} {:<13} {}\n", link.name, detail.trim_start()));
    }
    text
}

fn json(verification: &Verification) -> Result<String> {
    let predicate = verification.statement.as_ref().map(|statement| &statement.predicate);
    let value = json!({
        "valid": verification.is_valid(),
        "assurance": verification.assurance(),
        "certificate": predicate.map(|predicate| &predicate.id),
        "validity": predicate.map(|predicate| &predicate.validity),
        "supplier": predicate.map(|predicate| &predicate.run.supplier),
        "standards": predicate.map(|predicate| &predicate.run.standards),
        "links": verification.links,
    });
    let mut text = serde_json::to_string_pretty(&value).map_err(|error| Error::message(error.to_string()))?;
    text.push('\n');
    Ok(text)
}
