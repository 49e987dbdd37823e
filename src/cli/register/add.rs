//! `proofmark register add DIR CERTIFICATE`, and `--event` for what became of an entry.

use std::path::PathBuf;

use jiff::Timestamp;

use super::super::ExitStatus;
use super::super::certify::text_of;
use super::super::error::{Error, Result};
use super::super::printer::Printer;
use super::super::signing_key::signing_key;
use super::{whole, word};
use crate::inert::visible;
use crate::register::{Event, EventKind, Occasion, Refused, Wanted, moment};

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// The register
    #[arg(value_name = "DIR")]
    register: PathBuf,
    /// The certificate that is listed, or that renews an entry
    #[arg(value_name = "CERTIFICATE")]
    certificate: Option<PathBuf>,
    /// What happened: issued, renewed, suspended, reinstated, withdrawn, superseded, expired or nonconformity; issued,
    /// where a certificate is given
    #[arg(long, value_name = "EVENT", value_parser = word::<EventKind>, required_unless_present = "certificate")]
    event: Option<EventKind>,
    /// The entry that it happened to; with `expired`, every entry whose last day is over unless given
    #[arg(long, value_name = "ID")]
    entry: Option<String>,
    /// The entry that took its place
    #[arg(long, value_name = "ID")]
    superseded_by: Option<String>,
    /// Why; it is published
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// The requirement that a nonconformity is about; may be given more than once
    #[arg(long = "requirement", value_name = "ID")]
    requirements: Vec<String>,
    /// Who records it; the register's publisher unless given
    #[arg(long, value_name = "TEXT")]
    by: Option<String>,
    /// Where the product is used, as register.yaml names it; may be given more than once
    #[arg(long = "care-setting", value_name = "KEY")]
    care_settings: Vec<String>,
    /// How the supplier agreed that what is not conformant is published: who, when, where it is written
    #[arg(long, value_name = "TEXT")]
    consent: Option<String>,
    /// The register's private key, to sign the event with
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// The environment variable that holds it in PEM
    #[arg(long, value_name = "NAME", conflicts_with = "key")]
    key_env: Option<String>,
    /// When it is recorded; now unless given
    #[arg(long, value_name = "MOMENT")]
    at: Option<Timestamp>,
}

pub(super) fn run(arguments: &Arguments, printer: &mut Printer) -> Result<ExitStatus> {
    let kind = kind(arguments)?;
    suits(arguments, kind)?;
    let mut register = whole(&arguments.register)?;
    let key = signing_key(arguments.key.as_deref(), arguments.key_env.as_deref())?;
    let occasion = Occasion {
        at: at(arguments)?,
        by: arguments.by.clone().unwrap_or_else(|| register.settings.publisher.clone()),
        reason: arguments.reason.clone(),
        care_settings: arguments.care_settings.clone(),
        consent: arguments.consent.clone(),
        requirements: arguments.requirements.clone(),
    };
    let certificate = arguments.certificate.as_deref().map(text_of).transpose()?;
    let entry = arguments.entry.as_deref();
    let due;
    let wanted = match (kind, entry, certificate.as_deref()) {
        (EventKind::Issued, _, Some(text)) => vec![Wanted::Issue(text)],
        (EventKind::Renewed, Some(entry), Some(text)) => vec![Wanted::Renew(entry, text)],
        (EventKind::Superseded, Some(entry), _) => {
            let by = arguments.superseded_by.as_deref();
            let by =
                by.ok_or_else(|| Error::message("superseded by what? --superseded-by ID names the entry"))?;
            vec![Wanted::Supersede(entry, by)]
        }
        (EventKind::Expired, None, _) => {
            due = register.to_expire(occasion.at.get(..10).unwrap_or_default());
            due.iter().map(|id| Wanted::Change(kind, id)).collect()
        }
        (_, Some(entry), _) => vec![Wanted::Change(kind, entry)],
        (_, None, _) => return Err(Error::message(format!("what is {kind}? --entry ID names the entry"))),
    };
    if wanted.is_empty() {
        printer.note("no entry expired of which no event says so");
    }
    for one in wanted {
        let event = register.add(&one, occasion.clone(), key.as_ref()).map_err(refused)?;
        printer.data(&format!("{}\n", register.folder.display(&Event::file(event.number))))?;
        printer.note(&format!("{}: entry {}", event.kind, event.entry));
    }
    Ok(ExitStatus::Success)
}

/// What happened.
fn kind(arguments: &Arguments) -> Result<EventKind> {
    let brings = arguments.certificate.is_some();
    let kind = arguments.event.unwrap_or(EventKind::Issued);
    if kind.brings_certificate() && !brings {
        return Err(Error::message(format!("an entry is {kind} with a certificate; give its file")));
    }
    if brings && !kind.brings_certificate() {
        return Err(Error::message(format!("an entry is {kind} without a certificate; --entry ID names it")));
    }
    Ok(kind)
}

/// Refuses what would be left out of the event.
fn suits(arguments: &Arguments, kind: EventKind) -> Result<()> {
    let brings = kind.brings_certificate();
    let given = [
        ("--entry", arguments.entry.is_some(), kind != EventKind::Issued),
        ("--superseded-by", arguments.superseded_by.is_some(), kind == EventKind::Superseded),
        ("--requirement", !arguments.requirements.is_empty(), kind == EventKind::Nonconformity),
        ("--care-setting", !arguments.care_settings.is_empty(), brings),
        ("--consent", arguments.consent.is_some(), brings),
    ];
    match given.into_iter().find(|(_, given, suits)| *given && !suits) {
        Some((option, _, _)) => {
            Err(Error::message(format!("{option} has no meaning where something is {kind}")))
        }
        None => Ok(()),
    }
}

/// When, to the second.
fn at(arguments: &Arguments) -> Result<String> {
    let now = Timestamp::now();
    let at = arguments.at.unwrap_or(now);
    if at > now {
        return Err(Error::message(format!(
            "{at} is still to come; an event is recorded when it has happened"
        )));
    }
    Ok(moment(at))
}

pub(in crate::cli) fn refused(error: Refused) -> Error {
    match error {
        Refused::Because { message, hint: Some(hint) } => Error::hint(visible(&message), visible(&hint)),
        Refused::Write { file, source } if source.kind() == std::io::ErrorKind::AlreadyExists => {
            Error::hint(format!("{file} is there already"), "somebody else added an event; try again")
        }
        Refused::Write { file, source } => Error::io(file, source),
        other => Error::message(visible(&other.to_string())),
    }
}
