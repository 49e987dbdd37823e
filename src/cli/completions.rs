//! `proofmark completions SHELL`

use clap::CommandFactory as _;

use super::ExitStatus;
use super::app::App;
use super::error::Result;
use super::printer::Printer;

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The shell
    #[arg(value_enum)]
    shell: clap_complete::Shell,
}

pub(super) fn run(arguments: &Arguments, printer: &mut Printer) -> Result<ExitStatus> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut App::command(), "proofmark", &mut script);
    printer.data(&String::from_utf8_lossy(&script))?;
    Ok(ExitStatus::Success)
}
