//! `proofmark register check DIR`: whether a register holds, what time has done to it, who lacks what for which framework.

use std::path::PathBuf;

use jiff::civil::Date;

use super::super::ExitStatus;
use super::super::app::GlobalOptions;
use super::super::certify::text_of;
use super::super::error::{Error, Result};
use super::super::printer::Printer;
use super::super::standard::ListFormat;
use super::{build::failed, day, open};
use crate::certificate::Trust;
use crate::register::{Weight, check, footings, frameworks, inconsistencies, lives, products};
use crate::report::register::{Checked, Under, findings_json, findings_text, stale};

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// The register
    #[arg(value_name = "DIR")]
    register: PathBuf,
    /// Whom to trust; the register's own trust.yaml unless given
    #[arg(long, value_name = "FILE")]
    trust: Option<PathBuf>,
    /// The digest of an event that was noted earlier, as register.json has it: it has to be there still
    #[arg(long, value_name = "SHA256")]
    head: Option<String>,
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
    let register = open(&arguments.register)?;
    let frameworks = frameworks(&register.folder)?;
    let day = day(arguments.at);
    let elsewhere = match &arguments.trust {
        None => None,
        Some(file) => Some(Trust::read(&file.display().to_string(), &text_of(file)?)?),
    };
    let trust = elsewhere.as_ref().unwrap_or(&register.trust);
    let lives = lives(&options.catalogue(), &register)?;
    let mut findings = check(&register, trust, &lives, arguments.head.as_deref(), &day);
    if register.flaws.is_empty() {
        findings.extend(stale(&register, &frameworks, &day).map_err(failed)?);
        findings.sort_by_key(|finding| finding.weight);
    }
    let products = products(&register);
    let under = |framework| Under::of(framework, footings(&products, framework, &day));
    let checked = Checked {
        holds: findings.iter().all(|finding| finding.weight != Weight::Error),
        day: &day,
        head: register.chain.head(),
        entries: register.entries.len(),
        findings: &findings,
        inconsistencies: inconsistencies(&frameworks),
        frameworks: frameworks.iter().map(under).collect(),
    };
    printer.data(&match arguments.format {
        ListFormat::Text => findings_text(&checked),
        ListFormat::Json => findings_json(&checked).map_err(|error| Error::message(error.to_string()))?,
    })?;
    Ok(if checked.holds { ExitStatus::Success } else { ExitStatus::Failure })
}
