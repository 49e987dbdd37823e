//! `proofmark run --standard ID --endpoint URL`

use std::path::{Path, PathBuf};

use tokio::sync::watch;

use super::ExitStatus;
use super::app::GlobalOptions;
use super::chosen::{Chosen, StandardArguments};
use super::error::{Error, Result};
use super::judged::{OutputArguments, interrupted, judge};
use super::pace::PaceArguments;
use super::printer::Printer;
use super::selection::{OverlayArguments, SelectionArguments};
use super::target::{ConfigArguments, Configured, Target, client, target};
use super::terminology::service;
use crate::config;
use crate::files::Folder;
use crate::http::{Client, Limits, redact_url};
use crate::run::{Base, DataPreparation, Journal, Plan, Recording, Run, Supplier, TerminologyService};
use crate::standard::{Record, Standard, records};
use crate::validate::Validator;

/// How many scenarios run side by side unless told otherwise.
pub(super) const DEFAULT_JOBS: usize = 4;

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    standard: StandardArguments,
    /// The base address of the endpoint
    #[arg(long, value_name = "URL", env = config::ENDPOINT)]
    endpoint: Option<String>,
    #[command(flatten)]
    config: ConfigArguments,
    /// How many scenarios run side by side
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
    /// Loads the synthetic records of the standard first, where the server takes writes; what is there is left alone
    #[arg(long, conflicts_with = "resume")]
    seed: bool,
    /// A FHIR terminology service for codes that the packages do not tell; only codes are sent, and its answers are kept
    /// with the run
    #[arg(long, value_name = "URL|none")]
    terminology: Option<String>,
    #[command(flatten)]
    pace: PaceArguments,
    #[command(flatten)]
    selection: SelectionArguments,
    #[command(flatten)]
    overlay: OverlayArguments,
    /// Goes on with a run that was not finished: what ended is not asked again
    #[arg(long, value_name = "DIR", conflicts_with_all = ["out", "force", "baseline", "waivers"])]
    resume: Option<PathBuf>,
    #[command(flatten)]
    output: OutputArguments,
}

pub(super) fn run(
    arguments: &Arguments,
    options: &GlobalOptions,
    printer: &mut Printer,
) -> Result<ExitStatus> {
    let configured = arguments.config.read()?;
    let asked = Asked {
        configured: &configured,
        standard: arguments.standard.chosen(&configured)?,
        endpoint: arguments.endpoint.as_ref(),
        pace: &arguments.pace,
        selection: &arguments.selection,
        overlay: &arguments.overlay,
        jobs: arguments.jobs,
        seed: arguments.seed,
        terminology: arguments.terminology.as_deref(),
        resume: arguments.resume.as_deref(),
    };
    let ready = asked.ready(options, printer)?;
    runtime()?.block_on(async {
        judge(ready.run(interrupted()), &arguments.output, arguments.resume.as_deref(), printer).await
    })
}

/// What is asked for of a run.
pub(super) struct Asked<'r> {
    pub(super) configured: &'r Configured,
    pub(super) standard: Chosen<'r>,
    /// The endpoint, where it is not that of the configuration.
    pub(super) endpoint: Option<&'r String>,
    pub(super) pace: &'r PaceArguments,
    pub(super) selection: &'r SelectionArguments,
    pub(super) overlay: &'r OverlayArguments,
    pub(super) jobs: Option<u16>,
    pub(super) seed: bool,
    /// The address of a terminology service, or `none`.
    pub(super) terminology: Option<&'r str>,
    /// The folder of a run that is gone on with.
    pub(super) resume: Option<&'r Path>,
}

/// A run that can begin.
pub(super) struct Ready {
    plan: Plan,
    base: Base,
    client: Client,
    validator: Validator,
    jobs: usize,
    supplier: Option<Supplier>,
    records: Vec<Record>,
    resumed: Option<(Journal, Recording)>,
    terminology: Option<TerminologyService>,
}

impl Asked<'_> {
    /// Reads all that the run needs; nothing is sent, but for what the terminology service is.
    pub(super) fn ready(&self, options: &GlobalOptions, printer: &mut Printer) -> Result<Ready> {
        let config = &self.configured.config;
        let base = self.configured.base(self.endpoint)?;
        let limits = self.pace.over(config.limits.over(Limits::default()));
        let Target { plan, validator } = target(self.standard, options, self.configured, printer)?;
        let options_of_client = self.configured.client_options(&base.url, &plan.standard, limits)?;
        let mut plan = self.overlay.apply(self.selection.apply(plan)?)?;
        let client = client(options_of_client)?;
        plan.inputs.client_certificate = client.presents_certificate(&base.url);
        // Several TestScripts may use the same record, so that they run one after another.
        let default_jobs = match self.standard {
            Chosen::TestScripts(_) => 1,
            Chosen::Named(_) | Chosen::Package(..) => config.jobs.unwrap_or(DEFAULT_JOBS),
        };
        let terminology = service(self.terminology)?.map(|client| TerminologyService {
            address: client.address().to_owned(),
            software: client.software(),
            service: Box::new(client),
        });
        let (plan, resumed) = match self.resume {
            None => (plan, None),
            Some(folder) => {
                let (plan, resumed) = resume(folder, plan, &base, terminology.as_ref())?;
                printer.note(&format!("{} scenarios had ended and are not run again", resumed.0.finished()));
                (plan, Some(resumed))
            }
        };
        let records = if self.seed { records(&plan.standard)? } else { Vec::new() };
        let jobs = self.jobs.map_or(default_jobs, usize::from);
        let supplier = self.configured.supplier();
        Ok(Ready { plan, base, client, validator, jobs, supplier, records, resumed, terminology })
    }
}

impl Ready {
    /// What it is judged by.
    pub(super) fn standard(&self) -> &Standard {
        &self.plan.standard
    }

    /// Where its requests go.
    pub(super) fn base(&self) -> &Base {
        &self.base
    }

    /// The run.
    pub(super) fn run(self, interrupted: watch::Receiver<bool>) -> Run {
        Run {
            plan: self.plan,
            base: self.base,
            client: self.client,
            validator: self.validator,
            jobs: self.jobs,
            supplier: self.supplier,
            data: DataPreparation::LookedFor(self.records),
            prepared: Vec::new(),
            resumed: self.resumed,
            terminology: self.terminology,
            interrupted,
        }
    }
}

/// What an unfinished run was given and what it recorded.
fn resume(
    folder: &Path,
    plan: Plan,
    base: &Base,
    terminology: Option<&TerminologyService>,
) -> Result<(Plan, (Journal, Recording))> {
    let name = folder.display().to_string();
    let journal =
        Journal::read(folder).map_err(|error| Error::io(format!("the journal of {name}"), error))?;
    let heading = &journal.heading;
    let (standard, endpoint) = (plan.standard.name(), redact_url(&base.url));
    let different = if (&heading.standard, &heading.digest) != (&standard, &plan.standard.digest) {
        Some(format!("it runs {}, and this would be {standard}, or other files of it", heading.standard))
    } else if heading.endpoint != endpoint {
        Some(format!("it asks {}, and this would ask {endpoint}", heading.endpoint))
    } else if heading.selection != plan.selection {
        let words = |selection: &Option<String>| selection.clone().unwrap_or_else(|| "all".to_owned());
        Some(format!(
            "it chose {}, and this would choose {}",
            words(&heading.selection),
            words(&plan.selection)
        ))
    } else if heading.terminology.as_deref() != terminology.map(|service| service.address.as_str()) {
        let words = |address: Option<&str>| address.unwrap_or("no terminology service").to_owned();
        Some(format!(
            "about codes it asks {}, and this would ask {}",
            words(heading.terminology.as_deref()),
            words(terminology.map(|service| service.address.as_str()))
        ))
    } else {
        None
    };
    if let Some(different) = different {
        let hint = "give the standard, the endpoint, the choice of scenarios and the terminology service that it was started with";
        return Err(Error::hint(format!("the run in {name} cannot be gone on with: {different}"), hint));
    }
    let (recording, inputs) = Recording::resume(Folder::Disk(folder.to_owned()), &journal)
        .map_err(|error| Error::message(error.to_string()))?;
    Ok((Plan { inputs, ..plan }, (journal, recording)))
}

/// The runtime of commands that send or serve.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::io("the runtime", error))
}
