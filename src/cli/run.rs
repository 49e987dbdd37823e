//! `proofmark run --standard ID --endpoint URL`

use std::path::PathBuf;

use super::ExitStatus;
use super::app::GlobalOptions;
use super::error::{Error, Result};
use super::judged::{OutputArguments, interrupted, judge};
use super::printer::Printer;
use super::target::{Configured, Target, client, target};
use crate::config;
use crate::http::{Headers, Route};
use crate::run::{Base, Run};

/// How many scenarios run side by side unless told otherwise.
pub(super) const DEFAULT_JOBS: usize = 4;

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The standard: ID, or ID@VERSION
    #[arg(long, value_name = "ID[@VERSION]", env = config::STANDARD)]
    standard: Option<String>,
    /// The base address of the endpoint
    #[arg(long, value_name = "URL", env = config::ENDPOINT)]
    endpoint: Option<String>,
    /// The configuration file; proofmark.toml here, if there is one
    #[arg(long, value_name = "FILE", env = config::CONFIG)]
    config: Option<PathBuf>,
    /// How many scenarios run side by side
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
    #[command(flatten)]
    output: OutputArguments,
}

pub(super) fn run(
    arguments: &Arguments,
    options: &GlobalOptions,
    printer: &mut Printer,
) -> Result<ExitStatus> {
    let configured = Configured::read(arguments.config.as_deref())?;
    let config = &configured.config;
    let standard = configured.standard(arguments.standard.as_ref())?;
    let endpoint = arguments.endpoint.as_ref().or(config.endpoint.as_ref()).ok_or_else(|| {
        Error::hint("which endpoint?", "give --endpoint URL, or try `proofmark demo`, which brings its own")
    })?;
    let mut headers = Headers::default();
    for (name, value) in &config.headers {
        headers.set(name, value.clone());
    }
    // The one place that reads variables which the user names.
    if let Some(token) = config.bearer(&configured.file, |name| std::env::var(name).ok())? {
        headers.set("Authorization", format!("Bearer {}", token.reveal()));
    }
    let base = Base::parse(endpoint, headers).map_err(Error::message)?;
    let Target { plan, validator } = target(standard, options, &config.data, &configured.file, printer)?;
    let client = client(configured.limits(), Route::to(&base.url))?;
    let jobs = arguments.jobs.map(usize::from).or(config.jobs).unwrap_or(DEFAULT_JOBS);
    let supplier = configured.supplier();
    runtime()?.block_on(async {
        let run = Run { plan, base, client, validator, jobs, supplier, interrupted: interrupted() };
        judge(run, &arguments.output, printer).await
    })
}

/// The runtime of commands that send or serve.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Error::io("the runtime", error))
}
