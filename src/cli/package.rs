//! `proofmark package install|list|show`

mod install;
mod list;
mod show;

use std::path::PathBuf;

use super::ExitStatus;
use super::app::GlobalOptions;
use super::error::{Error, Result};
use super::printer::Printer;
use crate::package::{Cache, Lock};

/// The commands about packages.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Fetches packages, and what they depend on, into the package cache, and pins them in proofmark.lock
    Install(install::Arguments),
    /// Lists the packages at hand: those built in, and those of the package cache
    List(list::Arguments),
    /// Shows what a package is, what it holds, and what in it cannot be used
    Show(show::Arguments),
}

/// The lock file of commands that look at more than one.
#[derive(Debug, clap::Args)]
pub(super) struct LockArgument {
    /// The lock file; proofmark.lock here unless given
    #[arg(long, value_name = "FILE", default_value = Lock::FILE, hide_default_value = true)]
    lock: PathBuf,
}

pub(super) fn run(command: &Command, options: &GlobalOptions, printer: &mut Printer) -> Result<ExitStatus> {
    match command {
        Command::Install(arguments) => install::run(arguments, options, printer),
        Command::List(arguments) => list::run(arguments, options, printer),
        Command::Show(arguments) => show::run(arguments, options, printer),
    }
}

/// The package cache, which these commands cannot do without.
fn cache(options: &GlobalOptions) -> Result<Cache> {
    options.cache().ok_or_else(|| {
        Error::hint("there is no home folder to hold the package cache", "name a folder with --package-cache")
    })
}
