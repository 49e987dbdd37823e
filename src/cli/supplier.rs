//! `proofmark supplier`: serves the reference supplier.

use std::borrow::Cow;
use std::net::{Ipv4Addr, SocketAddr};
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
use crate::standard::{FileError, Standard};
use crate::supplier::{Configuration, Fault, Options, Running, Store, Supplier};
use crate::text::{indented, nearest};
use crate::validate::SchemaSet;

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The standard to play a supplier of
    #[arg(long, value_name = "ID[@VERSION]", default_value = "careconnect", env = crate::config::STANDARD)]
    standard: String,
    /// The port of 127.0.0.1 to listen on; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Switches a deliberate defect on
    #[arg(long, value_name = "NAME")]
    fault: Option<String>,
    /// Lists the faults
    #[arg(long)]
    list_faults: bool,
    /// Waits so long before each answer
    #[arg(long, value_name = "MILLISECONDS")]
    latency: Option<u64>,
}

/// All that a reference supplier is made of.
#[derive(Debug)]
pub(super) struct Parts {
    pub(super) store: Store,
    pub(super) configuration: Configuration,
    pub(super) definitions: Arc<dyn Definitions>,
    pub(super) faults: Vec<Fault>,
}

impl Parts {
    /// The supplier of a standard: its own records, and those of the fixtures.
    pub(super) fn of(standard: &Standard) -> Result<Self> {
        let id = &standard.manifest.id;
        let fixtures = Folder::fixtures()
            .folder(id)
            .ok_or_else(|| Error::message(format!("there is no reference supplier for {id}")))?;
        let (file, text) = read(&fixtures, "supplier.yaml")?;
        let configuration = Configuration::load(&file, &text)?;
        let (file, text) = read(&fixtures, "faults.yaml")?;
        let faults = Fault::load(&file, &text)?;
        let mut records: Vec<(String, String)> = Vec::new();
        let data = standard.folder.folder("data");
        for folder in std::iter::once(&fixtures).chain(&data) {
            for name in folder.files().map_err(|error| Error::io(folder.display(""), error))? {
                if std::path::Path::new(&name).extension().is_some_and(|extension| extension == "json") {
                    records.push(read(folder, &name)?);
                }
            }
        }
        let store = Store::load(records.iter().map(|(file, text)| (file.as_str(), text.as_str())))?;
        let packages = PackageSet::new(standard.release, vec![Arc::new(Package::core(standard.release)?)]);
        let definitions = Arc::new(SchemaSet::new(Arc::new(packages)));
        Ok(Self { store, configuration, definitions, faults })
    }

    /// The fault of a name.
    pub(super) fn fault(&self, name: &str) -> Result<Fault> {
        let names: Vec<String> = self.faults.iter().map(|fault| fault.name.clone()).collect();
        self.faults.iter().find(|fault| fault.name == name).cloned().ok_or_else(|| {
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
            store: self.store,
            configuration: self.configuration,
            definitions: self.definitions,
            fault,
            latency,
        };
        Supplier::start(options).await.map_err(|error| Error::io(format!("listening on {address}"), error))
    }
}

fn read(folder: &Folder, name: &str) -> Result<(String, String)> {
    let file = folder.display(name);
    let text = folder
        .read_text(name)
        .map_err(|error| FileError::of_file(&file, format!("cannot be read: {error}")))?;
    Ok((file, text))
}

pub(super) fn run(
    arguments: &Arguments,
    options: &GlobalOptions,
    printer: &mut Printer,
) -> Result<ExitStatus> {
    let standard = options.catalogue().load(&arguments.standard)?;
    let parts = Parts::of(&standard)?;
    if arguments.list_faults {
        let list = parts.faults.iter().map(|fault| {
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
    let latency = arguments.latency.map(Duration::from_millis);
    runtime()?.block_on(async {
        let mut interrupted = interrupted();
        let running = parts.start(arguments.port, fault, latency).await?;
        printer.data(&format!("listening on {}\n", running.base_url()))?;
        printer.note("Ctrl-C ends it");
        let _ = interrupted.wait_for(|interrupted| *interrupted).await;
        running.stop().await;
        Ok(ExitStatus::Success)
    })
}
