//! `proofmark supplier`: serves the reference supplier.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::ExitStatus;
use super::app::GlobalOptions;
use super::error::{Error, Result};
use super::judged::interrupted;
use super::printer::Printer;
use super::run::runtime;
use crate::fhir::Definitions;
use crate::files::Folder;
use crate::package::{Package, PackageSet};
use crate::standard::Standard;
use crate::supplier::{Alteration, Fault, Fixtures, Options, Running, Supplier, Variation};
use crate::text::{indented, nearest};
use crate::validate::SchemaSet;

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The standard to play a supplier of
    #[arg(long, value_name = "ID[@VERSION]", default_value = "careconnect", env = crate::config::STANDARD)]
    standard: String,
    /// A folder of a reference supplier's files in place of the built-in one: supplier.yaml, faults.yaml and records
    #[arg(long, value_name = "DIR")]
    fixtures: Option<PathBuf>,
    /// The port of 127.0.0.1 to listen on; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// The path of the API, in place of that of supplier.yaml: as behind a proxy, which has the provider's own address in it
    #[arg(long, value_name = "PATH", value_parser = parse_path)]
    path: Option<String>,
    /// Switches a deliberate defect on
    #[arg(long, value_name = "NAME")]
    fault: Option<String>,
    /// Lists the faults
    #[arg(long)]
    list_faults: bool,
    /// Switches a variation on: an answer that is different and conformant
    #[arg(long, value_name = "NAME", conflicts_with = "fault")]
    variation: Option<String>,
    /// Lists the variations
    #[arg(long)]
    list_variations: bool,
    /// Asks for a bearer token: the one in the environment variable of this name
    #[arg(long, value_name = "NAME")]
    bearer_env: Option<String>,
    /// Waits so long before each answer: 20ms, 1s; a plain number means milliseconds
    #[arg(long, value_name = "TIME", value_parser = parse_latency)]
    latency: Option<Duration>,
}

/// All that a reference supplier is made of.
#[derive(Debug)]
pub(super) struct Parts {
    pub(super) fixtures: Fixtures,
    pub(super) definitions: Arc<dyn Definitions>,
}

impl Parts {
    /// The supplier of a standard, from the folder given or the built-in one.
    pub(super) fn of(standard: &Standard, folder: Option<&Path>) -> Result<Self> {
        let fixtures = Fixtures::load(&fixtures_folder(standard, folder)?, standard)?;
        let packages = PackageSet::new(standard.release, vec![Arc::new(Package::core(standard.release)?)]);
        let definitions = Arc::new(SchemaSet::new(Arc::new(packages)));
        Ok(Self { fixtures, definitions })
    }

    /// The fault of a name.
    pub(super) fn fault(&self, name: &str) -> Result<&Fault> {
        named("fault", &self.fixtures.faults, |fault| &fault.name, name)
    }

    /// The variation of a name.
    pub(super) fn variation(&self, name: &str) -> Result<&Variation> {
        named("variation", &self.fixtures.variations, |variation| &variation.name, name)
    }

    /// Starts it on a port of this machine.
    pub(super) async fn start(
        self,
        port: u16,
        alteration: Option<Alteration>,
        bearer: Option<String>,
        latency: Option<Duration>,
    ) -> Result<Running> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let options = Options {
            address,
            store: self.fixtures.store,
            configuration: self.fixtures.configuration,
            definitions: self.definitions,
            alteration,
            bearer,
            latency,
        };
        Supplier::start(options).await.map_err(|error| Error::io(format!("listening on {address}"), error))
    }
}

fn named<'n, T>(what: &str, all: &'n [T], name_of: impl Fn(&T) -> &String, name: &str) -> Result<&'n T> {
    all.iter().find(|one| name_of(one) == name).ok_or_else(|| {
        let message = format!("there is no {what} `{name}`");
        let names: Vec<String> = all.iter().map(|one| name_of(one).clone()).collect();
        match nearest(name, &names) {
            Some(near) => Error::hint(message, format!("did you mean `{near}`?")),
            None => Error::hint(message, format!("`proofmark supplier --list-{what}s` lists them")),
        }
    })
}

/// The folder of a reference supplier: the one given, or the built-in one of the standard.
fn fixtures_folder(standard: &Standard, given: Option<&Path>) -> Result<Folder> {
    let id = &standard.manifest.id;
    match given {
        Some(folder) if folder.is_dir() => Ok(Folder::Disk(folder.to_owned())),
        Some(folder) => Err(Error::message(format!("there is no folder {}", folder.display()))),
        None => Folder::fixtures().folder(id).ok_or_else(|| {
            let message = format!("there is no reference supplier for {id} in the program");
            Error::hint(message, "give the folder of one: --fixtures DIR, with a supplier.yaml in it")
        }),
    }
}

/// A path below the root, as a flag gives it.
fn parse_path(text: &str) -> std::result::Result<String, String> {
    if text.starts_with('/') && !text.ends_with('/') {
        return Ok(text.to_owned());
    }
    Err(format!("`{text}` is no path below the root; expected for instance /proxy/STU3/1/gpconnect"))
}

/// How long to wait, as a flag gives it.
fn parse_latency(text: &str) -> std::result::Result<Duration, String> {
    if let Ok(milliseconds) = text.parse() {
        return Ok(Duration::from_millis(milliseconds));
    }
    let parsed = text.parse::<jiff::SignedDuration>().ok();
    parsed
        .and_then(|time| Duration::try_from(time).ok())
        .ok_or_else(|| format!("`{text}` is no time; expected for instance 20ms or 1s"))
}

pub(super) fn run(
    arguments: &Arguments,
    options: &GlobalOptions,
    printer: &mut Printer,
) -> Result<ExitStatus> {
    let standard = options.catalogue().load(&arguments.standard)?;
    let mut parts = Parts::of(&standard, arguments.fixtures.as_deref())?;
    if let Some(path) = &arguments.path {
        parts.fixtures.configuration.base_path.clone_from(path);
    }
    if arguments.list_faults || arguments.list_variations {
        printer.data(&listing(&parts.fixtures, arguments))?;
        return Ok(ExitStatus::Success);
    }
    let fault = arguments.fault.as_deref().map(|name| parts.fault(name).map(Fault::alteration));
    let variation =
        arguments.variation.as_deref().map(|name| parts.variation(name).map(Variation::alteration));
    let alteration = fault.or(variation).transpose()?;
    let bearer = arguments.bearer_env.as_deref().map(token).transpose()?;
    runtime()?.block_on(async {
        let mut interrupted = interrupted();
        let running = parts.start(arguments.port, alteration, bearer, arguments.latency).await?;
        printer.data(&format!("listening on {}\n", running.base_url()))?;
        printer.note("Ctrl-C ends it");
        let _ = interrupted.wait_for(|interrupted| *interrupted).await;
        running.stop().await;
        Ok(ExitStatus::Success)
    })
}

/// The token in an environment variable.
fn token(name: &str) -> Result<String> {
    let token = std::env::var(name).unwrap_or_default();
    if token.is_empty() {
        return Err(Error::message(format!("the environment variable {name} holds no token")));
    }
    Ok(token)
}

/// What can be switched on, as it was asked for.
fn listing(fixtures: &Fixtures, arguments: &Arguments) -> String {
    let one = |name: &str, title: &str, description: &str| {
        format!("{name}: {title}\n{}\n", indented(description, 2))
    };
    let faults = fixtures.faults.iter().filter(|_| arguments.list_faults).map(|fault| {
        let least = if fault.breaks.are_all() { "" } else { "at least " };
        let breaks = fault.breaks.ids().join(", ");
        format!("{}  breaks {least}{breaks}\n", one(&fault.name, &fault.title, &fault.description))
    });
    let variations = fixtures.variations.iter().filter(|_| arguments.list_variations);
    let variations =
        variations.map(|variation| one(&variation.name, &variation.title, &variation.description));
    faults.chain(variations).collect::<Vec<_>>().join("\n")
}
