//! The arguments.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::error::Result;
use super::printer::Printer;
use super::{
    ExitStatus, campaign, certify, compare, completions, demo, doctor, explain, fhirpath, judge, keygen,
    merge, package, plan, register, report, run, selfcheck, standard, supplier, validate, verify,
};
use crate::config;
use crate::files::Folder;
use crate::package::Cache;
use crate::standard::Catalogue;

/// Tests health and care systems against versioned standards, and says what passed, what failed, and
/// what could not be told.
#[derive(Debug, Parser)]
#[command(
    name = "proofmark",
    version,
    after_help = "Exit codes: 0 conformant (validate: no error) · 1 not conformant (validate: errors) · 2 usage or \
                  a file that cannot be used · 3 nothing failed, but something mandatory could not be shown · \
                  130 interrupted"
)]
pub(super) struct App {
    #[command(flatten)]
    pub(super) output: OutputOptions,
    #[command(flatten)]
    pub(super) options: GlobalOptions,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// Options of every command, about output.
#[derive(Debug, Args)]
pub(super) struct OutputOptions {
    /// When to colour
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN", env = config::COLOR)]
    pub(super) color: ColorChoice,
    /// Says nothing but the data asked for and errors
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
    /// Shows no progress
    #[arg(long, global = true)]
    pub(super) no_progress: bool,
}

/// When to colour.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(super) enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Options of every command, about where things are.
#[derive(Debug, Args)]
pub(super) struct GlobalOptions {
    /// A folder of further standards, laid out ID/VERSION/standard.yaml; may be given more than once
    #[arg(long, global = true, value_name = "DIR", env = config::PROFILES)]
    pub(super) profiles: Vec<PathBuf>,
    /// The folder of unpacked FHIR packages; ~/.fhir/packages unless given
    #[arg(long, global = true, value_name = "DIR", env = config::PACKAGE_CACHE)]
    pub(super) package_cache: Option<PathBuf>,
}

impl GlobalOptions {
    /// The standards at hand.
    pub(super) fn catalogue(&self) -> Catalogue {
        Catalogue::new(self.profiles.iter().cloned().map(Folder::Disk).collect())
    }

    /// The package cache; none where there is no home folder and none is given.
    pub(super) fn cache(&self) -> Option<Cache> {
        self.package_cache.clone().map(Cache::at).or_else(Cache::of_user)
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// The whole job against the built-in reference supplier
    Demo(demo::Arguments),
    /// Tests an endpoint against a standard
    Run(Box<run::Arguments>),
    /// Validates resources against profiles; needs no endpoint
    Validate(validate::Arguments),
    /// Evaluates a FHIRPath expression, on a resource or alone
    Fhirpath(fhirpath::Arguments),
    /// The standards at hand
    #[command(subcommand)]
    Standard(standard::Command),
    /// FHIR packages: fetched, listed, shown
    #[command(subcommand)]
    Package(package::Command),
    /// What a run would fire and what data it needs; sends nothing
    Plan(plan::Arguments),
    /// What would stop a run, and what to load: asks the endpoint a few things
    Doctor(doctor::Arguments),
    /// Judges a saved run again, offline, by the same version of its standard or another
    Judge(judge::Arguments),
    /// Puts the shares of a run together
    Merge(merge::Arguments),
    /// Renders a saved run again
    Report(report::Arguments),
    /// Lays runs of several suppliers side by side
    Compare(compare::Arguments),
    /// Tests many suppliers by one standard, side by side, and compares them
    Campaign(campaign::Arguments),
    /// Makes a pair of keys to sign certificates with
    Keygen(keygen::Arguments),
    /// Signs a statement about a saved run: a certificate
    Certify(certify::Arguments),
    /// Verifies a certificate, offline, down to the evidence
    Verify(verify::Arguments),
    /// A public list of certificates and of what became of them
    #[command(subcommand)]
    Register(register::Command),
    /// What a standard's suite is worth, tried on the reference supplier's faults
    Selfcheck(selfcheck::Arguments),
    /// Serves the reference supplier
    Supplier(supplier::Arguments),
    /// Explains the code of a check or finding, or a requirement
    Explain(explain::Arguments),
    /// Prints completions for a shell
    Completions(completions::Arguments),
}

impl Command {
    pub(super) fn run(&self, options: &GlobalOptions, printer: &mut Printer) -> Result<ExitStatus> {
        match self {
            Self::Demo(arguments) => demo::run(arguments, options, printer),
            Self::Run(arguments) => run::run(arguments, options, printer),
            Self::Validate(arguments) => validate::run(arguments, options, printer),
            Self::Fhirpath(arguments) => fhirpath::run(arguments, printer),
            Self::Standard(command) => standard::run(command, options, printer),
            Self::Package(command) => package::run(command, options, printer),
            Self::Plan(arguments) => plan::run(arguments, options, printer),
            Self::Doctor(arguments) => doctor::run(arguments, options, printer),
            Self::Judge(arguments) => judge::run(arguments, options, printer),
            Self::Merge(arguments) => merge::run(arguments, options, printer),
            Self::Report(arguments) => report::run(arguments, printer),
            Self::Compare(arguments) => compare::run(arguments, printer),
            Self::Campaign(arguments) => campaign::run(arguments, options, printer),
            Self::Keygen(arguments) => keygen::run(arguments, printer),
            Self::Certify(arguments) => certify::run(arguments, printer),
            Self::Verify(arguments) => verify::run(arguments, options, printer),
            Self::Register(command) => register::run(command, options, printer),
            Self::Selfcheck(arguments) => selfcheck::run(arguments, options, printer),
            Self::Supplier(arguments) => supplier::run(arguments, options, printer),
            Self::Explain(arguments) => explain::run(arguments, options, printer),
            Self::Completions(arguments) => completions::run(arguments, printer),
        }
    }
}
