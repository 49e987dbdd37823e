//! `proofmark package install [NAME[#VERSION]…]`

use std::path::PathBuf;

use clap::ArgAction;
use clap::builder::FalseyValueParser;

use super::super::ExitStatus;
use super::super::app::GlobalOptions;
use super::super::error::{Error, Result};
use super::super::printer::Printer;
use super::super::target::Configured;
use super::{LockArgument, cache};
use crate::config;
use crate::inert::visible;
use crate::package::{
    DEFAULT_REGISTRIES, Event, Installed, Installer, Lock, Missing, Reference, Registries, Registry,
};
use crate::text::indented;

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// What to install; all that the lock file pins, if none is given
    #[arg(value_name = "NAME[#VERSION]")]
    packages: Vec<Reference>,
    /// A registry to ask instead of the usual ones; may be given more than once
    #[arg(long = "registry", value_name = "URL", env = config::REGISTRY, value_delimiter = ',')]
    registries: Vec<Registry>,
    /// Touches no network: succeeds if everything is in the package cache already
    #[arg(long, env = config::OFFLINE, action = ArgAction::SetTrue, value_parser = FalseyValueParser::new())]
    offline: bool,
    /// Chooses versions anew, and accepts content that differs from what the lock file pins
    #[arg(long)]
    update: bool,
    #[command(flatten)]
    lock: LockArgument,
    /// The configuration file; proofmark.toml here, if there is one
    #[arg(long, value_name = "FILE", env = config::CONFIG)]
    config: Option<PathBuf>,
}

pub(super) fn run(
    arguments: &Arguments,
    options: &GlobalOptions,
    printer: &mut Printer,
) -> Result<ExitStatus> {
    let cache = cache(options)?;
    let mut lock =
        Lock::read(&arguments.lock.lock)?.unwrap_or_else(|| Lock::new(arguments.lock.lock.clone()));
    let mut wanted = arguments.packages.clone();
    if wanted.is_empty() {
        wanted = lock.packages().map(Reference::from).collect();
    }
    if wanted.is_empty() {
        let file = arguments.lock.lock.display();
        return Err(Error::hint(format!("which packages? {file} pins none"), "give NAME or NAME#VERSION"));
    }
    let registries = if arguments.offline { None } else { Some(Registries::new(registries(arguments)?)?) };
    let update = arguments.update;
    let mut installer = Installer { cache: &cache, registries: registries.as_ref(), lock: &mut lock, update };
    let bar = printer.bar();
    let mut failed = Ok(());
    let outcome = installer.install(&wanted, &mut |event| match event {
        Event::Fetching(reference) => bar.set_message(reference.to_string()),
        Event::Received(bytes, of) => {
            if let Some(of) = of {
                bar.set_length(of);
            }
            bar.set_position(bytes);
        }
        Event::Installed(package) => {
            let line = line(package);
            bar.suspend(|| {
                if failed.is_ok() {
                    failed = printer.data(&line);
                }
            });
            bar.reset();
        }
        Event::Note(note) => bar.suspend(|| printer.note(&format!("note: {}", visible(&note)))),
    });
    bar.finish_and_clear();
    // What was installed is pinned, whatever happened after.
    let written = lock.write();
    let outcome = outcome?;
    failed?;
    written?;
    let (asked, needed): (Vec<&Missing>, Vec<&Missing>) =
        outcome.missing.iter().partition(|missing| missing.needed_by.is_none());
    for missing in &needed {
        printer.note(&format!("warning: {}", describe(missing)));
    }
    if !asked.is_empty() {
        let messages: Vec<String> = asked.into_iter().map(describe).collect();
        let hint = if arguments.offline {
            "run it without --offline, or put the package into the package cache"
        } else {
            "check the name and the network; --registry names another registry"
        };
        return Err(Error::hint(messages.join("\n"), hint));
    }
    Ok(if needed.is_empty() { ExitStatus::Success } else { ExitStatus::Incomplete })
}

/// Those of the flag, else of the configuration, else the usual ones.
fn registries(arguments: &Arguments) -> Result<Vec<Registry>> {
    if !arguments.registries.is_empty() {
        return Ok(arguments.registries.clone());
    }
    let configured = Configured::read(arguments.config.as_deref())?;
    let named = &configured.config.packages.registries;
    let (file, addresses): (String, Vec<&str>) = match named.as_slice() {
        [] => (String::new(), DEFAULT_REGISTRIES.to_vec()),
        named => (
            format!("{}: [packages] registries: ", configured.file.display()),
            named.iter().map(String::as_str).collect(),
        ),
    };
    let parse = |address: &str| address.parse().map_err(|error| Error::message(format!("{file}{error}")));
    addresses.into_iter().map(parse).collect()
}

/// One package: what happened, how large it is, its digest.
fn line(package: &Installed) -> String {
    let what = if package.fetched.is_some() { "installed" } else { "already there" };
    #[expect(clippy::cast_precision_loss, reason = "one digit after the point is shown")]
    let megabytes = package.bytes as f64 / f64::from(1 << 20);
    format!("{} {what}, {megabytes:.1} MB\n  sha256 {}\n", package.id, package.sha256)
}

fn describe(missing: &Missing) -> String {
    let needed = missing.needed_by.as_ref().map(|by| format!(", which {by} needs,")).unwrap_or_default();
    let why = missing.why.lines().map(|line| indented(&visible(line), 4)).collect::<Vec<_>>().join("\n");
    format!("{}{needed} could not be installed:\n{why}", missing.reference)
}
