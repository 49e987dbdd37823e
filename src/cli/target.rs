//! What `run`, `plan` and `demo` share: from flags and configuration to a plan with its schemas.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use url::Url;

use super::app::GlobalOptions;
use super::error::{Error, Result};
use super::packages::{Sources, add_standard, finish};
use super::printer::Printer;
use crate::config::{Config, Sources as ConfigSources};
use crate::http::{Client, ClientOptions, Headers, Limits};
use crate::package::{Loaded, Loader};
use crate::run::{Base, Data, Inputs, Plan, Supplier};
use crate::standard::{Role, Standard};
use crate::validate::{SchemaSet, Validator};

/// The configuration file that is read where none is named.
const DEFAULT_FILE: &str = "proofmark.toml";

/// A configuration with the file that it came from.
#[derive(Debug, Default)]
pub(super) struct Configured {
    pub(super) config: Config,
    pub(super) file: PathBuf,
}

impl Configured {
    /// Reads the file named, or `proofmark.toml` here if there is one.
    pub(super) fn read(named: Option<&Path>) -> Result<Self> {
        let file = named.unwrap_or(Path::new(DEFAULT_FILE)).to_owned();
        if named.is_none() && !file.exists() {
            return Ok(Self { config: Config::default(), file });
        }
        Ok(Self { config: Config::read(&file)?, file })
    }

    /// The standard to be judged by: that of the flag, else that of the file.
    pub(super) fn standard<'c>(&'c self, flag: Option<&'c String>) -> Result<&'c str> {
        let standard = flag.or(self.config.standard.as_ref());
        standard.map(String::as_str).ok_or_else(|| {
            Error::hint("which standard?", "give --standard ID; `proofmark standard list` lists them")
        })
    }

    /// The endpoint: that of the flag, else that of the file, with the headers that every request carries.
    pub(super) fn base(&self, flag: Option<&String>) -> Result<Base> {
        let endpoint = flag.or(self.config.endpoint.as_ref()).ok_or_else(|| {
            Error::hint(
                "which endpoint?",
                "give --endpoint URL, or try `proofmark demo`, which brings its own",
            )
        })?;
        let mut headers = Headers::default();
        for (name, value) in &self.config.headers {
            headers.set(name, value.clone());
        }
        let base = Base::parse(endpoint, headers).map_err(Error::message)?;
        if !base.url.username().is_empty() || base.url.password().is_some() {
            return Err(Error::hint(
                "the address of the endpoint holds a user name or password",
                "name them under [auth.basic] in proofmark.toml",
            ));
        }
        Ok(base)
    }

    /// What requests are sent with; `base` is the base address of the endpoint.
    pub(super) fn client_options(&self, base: &Url, limits: Limits) -> Result<ClientOptions> {
        // The one place that reads variables which the user names.
        let environment = |name: &str| std::env::var(name).ok();
        let sources = ConfigSources { file: &self.file, environment: &environment };
        let proxy = self.config.proxy.as_ref().map(|proxy| proxy.rule(&sources)).transpose()?;
        Ok(ClientOptions {
            limits,
            proxy: proxy.unwrap_or_default(),
            tls: self.config.tls.options(&sources)?,
            authenticator: self.config.authenticator(base, &sources)?,
        })
    }

    /// Whose product it is, if the file says anything of it.
    pub(super) fn supplier(&self) -> Option<Supplier> {
        let config = self.config.supplier.clone();
        let supplier = Supplier {
            name: config.name,
            product: config.product,
            version: config.version,
            environment: config.environment,
        };
        (supplier != Supplier::default()).then_some(supplier)
    }
}

/// A standard, ready to be run.
pub(super) struct Target {
    pub(super) plan: Plan,
    pub(super) validator: Validator,
}

/// Loads a standard with its packages and data.
pub(super) fn target(
    name: &str,
    options: &GlobalOptions,
    data: &BTreeMap<String, BTreeMap<String, String>>,
    config_file: &Path,
    printer: &mut Printer,
) -> Result<Target> {
    let (standard, validator) = standard(name, options, printer)?;
    planned(standard, validator, data, config_file)
}

/// A standard that is loaded, with its data.
pub(super) fn planned(
    standard: Standard,
    validator: Validator,
    data: &BTreeMap<String, BTreeMap<String, String>>,
    config_file: &Path,
) -> Result<Target> {
    let data = Data::resolve(&standard, data, &config_file.display().to_string(), validator.schemas())?;
    let inputs =
        Inputs::begin(data).map_err(|error| Error::io("random numbers for the run's own values", error))?;
    Ok(Target { plan: Plan::new(Arc::new(standard), Role::Server, inputs), validator })
}

/// Loads a standard with its packages.
pub(super) fn standard(
    name: &str,
    options: &GlobalOptions,
    printer: &mut Printer,
) -> Result<(Standard, Validator)> {
    let standard = options.catalogue().load(name)?;
    let validator = validator(&standard, options, printer)?;
    Ok((standard, validator))
}

/// The validator of a standard: its packages, what they depend on, the base definitions.
pub(super) fn validator(
    standard: &Standard,
    options: &GlobalOptions,
    printer: &mut Printer,
) -> Result<Validator> {
    let sources = Sources::new(options)?;
    let mut loader = sources.loader(standard.release);
    add_standard(&mut loader, standard)?;
    loaded(loader, printer)
}

/// The validator of all that was added to a loader.
///
/// A broken profile of the standard's own is an error: a supplier is not judged by half a standard.
pub(super) fn loaded(loader: Loader<'_>, printer: &mut Printer) -> Result<Validator> {
    let Loaded { set, own, .. } = finish(loader, printer)?;
    if let Some(problem) = own.iter().flat_map(|package| &package.problems).next() {
        return Err(Error::hint(
            problem.to_string(),
            "mend the file; a standard is used whole or not at all",
        ));
    }
    let schemas = SchemaSet::new(Arc::new(set));
    for definition in own.iter().flat_map(|package| &package.definitions) {
        if definition.resource_type == "StructureDefinition" {
            schemas.schema(&definition.url).map_err(|error| {
                Error::hint(error.to_string(), "mend the profile; a standard is used whole or not at all")
            })?;
        }
    }
    Ok(Validator::new(Arc::new(schemas)))
}

/// A client for an endpoint.
pub(super) fn client(options: ClientOptions) -> Result<Client> {
    Client::new(options).map_err(|why| Error::message(format!("TLS cannot be set up: {why}")))
}
