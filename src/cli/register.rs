//! `proofmark register build|add|check|list`: a public list of certificates and of what became of them.

pub(super) mod add;
mod build;
mod check;
mod list;

use std::path::Path;

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::ExitStatus;
use super::app::GlobalOptions;
use super::error::{Error, Result};
use super::printer::Printer;
use crate::register::{OpenError, Register};

/// What a folder needs to be a register.
const NEEDED: &str =
    "a register is a folder with register.yaml (title, publisher, admits) and trust.yaml (keys)";

/// The commands about registers.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Makes the pages and files that are published
    Build(build::Arguments),
    /// Lists a certificate, or records what became of one
    Add(Box<add::Arguments>),
    /// Says whether a register holds, what time has done to it, and who lacks what for which framework
    Check(check::Arguments),
    /// Lists what a register lists
    List(list::Arguments),
}

pub(super) fn run(command: &Command, options: &GlobalOptions, printer: &mut Printer) -> Result<ExitStatus> {
    match command {
        Command::Build(arguments) => build::run(arguments, printer),
        Command::Add(arguments) => add::run(arguments, printer),
        Command::Check(arguments) => check::run(arguments, options, printer),
        Command::List(arguments) => list::run(arguments, printer),
    }
}

/// A register, as far as it can be read.
pub(super) fn open(folder: &Path) -> Result<Register> {
    Register::open(folder).map_err(Error::from)
}

/// A register whose history holds.
pub(super) fn whole(folder: &Path) -> Result<Register> {
    let register = open(folder)?;
    match register.flaws.first() {
        None => Ok(register),
        Some(flaw) => Err(Error::hint(
            format!("the history of the register does not hold: {}: {}", flaw.file, flaw.what),
            format!("`proofmark register check {}` says all that is wrong", folder.display()),
        )),
    }
}

/// The day that is given, or today.
fn day(given: Option<Date>) -> String {
    given.unwrap_or_else(|| Timestamp::now().to_zoned(TimeZone::UTC).date()).to_string()
}

/// A word as the files of a register write it.
fn word<T: DeserializeOwned>(text: &str) -> std::result::Result<T, String> {
    serde_json::from_value(Value::from(text)).map_err(|error| error.to_string())
}

impl From<OpenError> for Error {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Files(errors) => Self::Files(errors),
            OpenError::Read { file, source } if source.kind() == std::io::ErrorKind::NotFound => {
                Self::hint(format!("{file}: {source}"), NEEDED)
            }
            OpenError::Read { file, source } => Self::io(file, source),
        }
    }
}
