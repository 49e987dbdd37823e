//! The command line: one file a command; a printer owns stdout, stderr, colour and progress.

mod app;
mod campaign;
mod certify;
mod chosen;
mod compare;
mod completions;
mod demo;
mod difference;
mod doctor;
mod error;
mod exit;
mod explain;
mod fhirpath;
mod input;
mod judge;
mod judged;
mod keygen;
mod merge;
mod pace;
mod package;
mod packages;
mod plan;
mod printer;
mod progress;
mod records;
mod register;
mod report;
mod report_file;
mod run;
mod selection;
mod selfcheck;
mod signing_key;
mod standard;
mod standard_check;
mod supplier;
mod target;
mod terminology;
mod validate;
mod validation_options;
mod verify;

pub use exit::ExitStatus;

use std::process::ExitCode;

use clap::Parser as _;

use app::App;
use printer::Printer;

/// Parses the arguments, runs the command and returns its exit code.
#[must_use]
pub fn main() -> ExitCode {
    let app = match App::try_parse() {
        Ok(app) => app,
        Err(error) => {
            // Help and version are no errors; clap knows which stream they belong to.
            let _ = error.print();
            return if error.use_stderr() { ExitStatus::Usage.into() } else { ExitCode::SUCCESS };
        }
    };
    let mut printer = Printer::new(&app.output);
    let status = app.command.run(&app.options, &mut printer);
    match status {
        Ok(status) => status.into(),
        Err(error) => {
            printer.error(&error);
            ExitStatus::Usage.into()
        }
    }
}
