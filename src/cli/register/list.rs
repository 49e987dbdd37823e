//! `proofmark register list DIR`: what a register lists, as it stands on a day.

use std::path::PathBuf;

use jiff::civil::Date;

use super::super::ExitStatus;
use super::super::error::{Error, Result};
use super::super::printer::Printer;
use super::{day, whole, word};
use crate::certificate::Assurance;
use crate::register::{Filter, State, rows};
use crate::report::register::{csv, rows_json, rows_text};
use crate::standard::{Maturity, Role};

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// The register
    #[arg(value_name = "DIR")]
    register: PathBuf,
    /// Words that product, version, supplier or entry hold
    #[arg(long, value_name = "WORDS")]
    search: Option<String>,
    /// The standard
    #[arg(long, value_name = "ID[@VERSION]")]
    standard: Option<String>,
    /// The role that was tested: server, client, sender or receiver
    #[arg(long, value_name = "ROLE", value_parser = word::<Role>)]
    role: Option<Role>,
    /// Where the product is used
    #[arg(long, value_name = "KEY")]
    care_setting: Option<String>,
    /// How finished the standard is: draft, trial, active, deprecated or retired
    #[arg(long, value_name = "MATURITY", value_parser = word::<Maturity>)]
    maturity: Option<Maturity>,
    /// What the certificate is worth: self-declared, witnessed or certified
    #[arg(long, value_name = "ASSURANCE", value_parser = word::<Assurance>)]
    assurance: Option<Assurance>,
    /// How the entry stands: current, suspended, expired, superseded or withdrawn
    #[arg(long, value_name = "STATE", value_parser = word::<State>)]
    state: Option<State>,
    /// The day on which entries stand as they are said to; today unless given
    #[arg(long, value_name = "DATE")]
    at: Option<Date>,
    /// What to print
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// How listings are printed.
#[derive(Debug, Clone, Copy, Default, clap::ValueEnum)]
enum Format {
    /// For reading
    #[default]
    Text,
    /// For programs
    Json,
    /// A table for spreadsheets
    Csv,
}

pub(super) fn run(arguments: &Arguments, printer: &mut Printer) -> Result<ExitStatus> {
    let register = whole(&arguments.register)?;
    let standard = arguments.standard.as_deref().map(|name| name.split_once('@').unwrap_or((name, "")));
    let filter = Filter {
        text: arguments.search.clone(),
        standard: standard.map(|(id, _)| id.to_owned()),
        version: standard.map(|(_, version)| version.to_owned()).filter(|version| !version.is_empty()),
        role: arguments.role,
        care_setting: arguments.care_setting.clone(),
        maturity: arguments.maturity,
        assurance: arguments.assurance,
        state: arguments.state,
    };
    let day = day(arguments.at);
    let rows = rows(&register, &filter, &day);
    let text = match arguments.format {
        Format::Text => rows_text(&rows),
        Format::Json => rows_json(&rows, &day).map_err(|error| Error::message(error.to_string()))?,
        Format::Csv => csv(&rows).map_err(|error| Error::message(error.to_string()))?,
    };
    printer.data(&text)?;
    Ok(ExitStatus::Success)
}
