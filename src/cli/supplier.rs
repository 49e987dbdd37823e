//! `proofmark supplier`: serves the reference supplier.

use std::borrow::Cow;
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
use crate::supplier::{Fault, Fixtures, Options, Running, Supplier};
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
    /// Switches a deliberate defect on
    #[arg(long, value_name = "NAME")]
    fault: Option<String>,
    /// Lists the faults
    #[arg(long)]
    list_faults: bool,
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
    pub(super) fn fault(&self, name: &str) -> Result<Fault> {
        let names: Vec<String> = self.fixtures.faults.iter().map(|fault| fault.name.clone()).collect();
        self.fixtures.faults.iter().find(|fault| fault.name == name).cloned().ok_or_else(|| {
            let message = format!("there is no fault `{name}`");
            match nearest(name, &names) {
                Some(near) => Error::hint(message, format!("did you mean `{near}`?")),
                None => Error::hint(message, "`proofmark supplier --list-faults` lists them"),
            }
        })
    }

    /// Starts it on a port of this machine.
    pub(super) async fn start(
        self,
        port: u16,
        fault: Option<Fault>,
        latency: Option<Duration>,
    ) -> Result<Running> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let options = Options {
            address,
            store: self.fixtures.store,
            configuration: self.fixtures.configuration,
            definitions: self.definitions,
            fault,
            latency,
        };
        Supplier::start(options).await.map_err(|error| Error::io(format!("listening on {address}"), error))
    }
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
    let parts = Parts::of(&standard, arguments.fixtures.as_deref())?;
    if arguments.list_faults {
        let list = parts.fixtures.faults.iter().map(|fault| {
            let breaks = fault.breaks.join(", ");
            Cow::from(format!(
                "{}: {}\n{}\n  breaks {breaks}\n",
                fault.name,
                fault.title,
                indented(&fault.description, 2)
            ))
        });
        printer.data(&list.collect::<Vec<_>>().join("\n"))?;
        return Ok(ExitStatus::Success);
    }
    let fault = arguments.fault.as_deref().map(|name| parts.fault(name)).transpose()?;
    runtime()?.block_on(async {
        let mut interrupted = interrupted();
        let running = parts.start(arguments.port, fault, arguments.latency).await?;
        printer.data(&format!("listening on {}\n", running.base_url()))?;
        printer.note("Ctrl-C ends it");
        let _ = interrupted.wait_for(|interrupted| *interrupted).await;
        running.stop().await;
        Ok(ExitStatus::Success)
    })
}
