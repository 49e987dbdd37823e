//! `proofmark demo`: the whole job against the built-in reference supplier.

use std::path::Path;

use super::ExitStatus;
use super::app::GlobalOptions;
use super::chosen::{Chosen, standard};
use super::error::{Error, Result};
use super::judged::{OutputArguments, interrupted, judge};
use super::printer::Printer;
use super::run::{DEFAULT_JOBS, runtime};
use super::supplier::Parts;
use super::target::{Target, client, planned};
use crate::http::{Authenticator, ClientOptions, Headers, Identity, Secret};
use crate::run::{Base, DataPreparation, Run, Supplier};
use crate::selfcheck::BEARER_TOKEN;
use crate::supplier::Fault;

/// The standard that the demonstration runs.
const STANDARD: &str = "careconnect";

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Switches a deliberate defect of the reference supplier on, to see what a failure looks like
    #[arg(long, value_name = "NAME")]
    fault: Option<String>,
    #[command(flatten)]
    output: OutputArguments,
}

pub(super) fn run(
    arguments: &Arguments,
    options: &GlobalOptions,
    printer: &mut Printer,
) -> Result<ExitStatus> {
    let (standard, validator) = standard(Chosen::Named(STANDARD), options, printer)?;
    let parts = Parts::of(&standard, None)?;
    let data = &parts.fixtures.configuration.data;
    let Target { plan, validator } = planned(standard, validator, data, Path::new("demo"))?;
    let alteration =
        arguments.fault.as_deref().map(|name| parts.fault(name).map(Fault::alteration)).transpose()?;
    let default = Identity::Bearer(Secret::new(BEARER_TOKEN.to_owned()));
    let authenticator = Authenticator { default, ..Authenticator::default() };
    let client = client(ClientOptions { authenticator, ..ClientOptions::default() })?;
    let supplier = Supplier {
        name: Some("Proofmark".to_owned()),
        product: Some("reference supplier".to_owned()),
        version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        environment: Some("demonstration".to_owned()),
        tested_by: Some("Proofmark, by itself".to_owned()),
    };
    runtime()?.block_on(async {
        let running = parts.start(0, alteration, Some(BEARER_TOKEN.to_owned()), None).await?;
        printer.note(&format!("the reference supplier listens on {}", running.base_url()));
        let base = Base::parse(&running.base_url(), Headers::default()).map_err(Error::message)?;
        let supplier = Some(supplier);
        let (jobs, resumed, interrupted) = (DEFAULT_JOBS, None, interrupted());
        let data = DataPreparation::AsGiven;
        let prepared = Vec::new();
        let run = Run {
            plan,
            base,
            client,
            validator,
            jobs,
            supplier,
            data,
            prepared,
            resumed,
            terminology: None,
            interrupted,
        };
        let status = judge(run, &arguments.output, None, printer).await;
        running.stop().await;
        status
    })
}
