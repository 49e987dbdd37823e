//! What `run`, `plan` and `demo` share: from flags and configuration to a plan with its schemas.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use url::Url;

use super::app::GlobalOptions;
use super::chosen::{Chosen, standard};
use super::error::{Error, Result};
use super::printer::Printer;
use crate::config::{self, Config, Mapped, Sources as ConfigSources};
use crate::http::{Client, ClientOptions, Headers, Http2, Limits};
use crate::run::{Base, Data, Inputs, Plan, Supplier};
use crate::standard::{Role, Standard};
use crate::validate::Validator;

/// The configuration file that is read where none is named.
const DEFAULT_FILE: &str = "proofmark.toml";

/// A supplier's values for a standard's data: by logical name, then by name of the value.
type DataValues = BTreeMap<String, BTreeMap<String, String>>;

/// A configuration with the file that it came from.
#[derive(Debug, Default)]
pub(super) struct Configured {
    pub(super) config: Config,
    pub(super) file: PathBuf,
    /// The folder of tables that name the supplier's records.
    maps: Option<PathBuf>,
}

impl Configured {
    /// Reads the file named, or `proofmark.toml` here if there is one.
    pub(super) fn read(named: Option<&Path>) -> Result<Self> {
        let file = named.unwrap_or(Path::new(DEFAULT_FILE)).to_owned();
        if named.is_none() && !file.exists() {
            return Ok(Self { config: Config::default(), file, maps: None });
        }
        let config = Config::read(&file)?;
        let maps = config.maps.as_ref().map(|maps| file.parent().unwrap_or(Path::new("")).join(maps));
        Ok(Self { config, file, maps })
    }

    /// The standard to be judged by: that of the flag, else that of the file.
    pub(super) fn standard<'c>(&'c self, flag: Option<&'c String>) -> Result<&'c str> {
        let standard = flag.or(self.config.standard.as_ref());
        standard.map(String::as_str).ok_or_else(|| {
            Error::hint("which standard?", "give --standard ID (`proofmark standard list` lists them), or --package NAME#VERSION to make one of a FHIR package")
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
        let base = Base::parse(endpoint, headers);
        let others = self.config.endpoints.iter();
        let base = others.fold(base, |base, (name, url)| base?.with_endpoint(name, url));
        let base = base.map_err(Error::message)?;
        if !base.url.username().is_empty() || base.url.password().is_some() {
            return Err(Error::hint(
                "the address of the endpoint holds a user name or password",
                "name them under [auth.basic] in proofmark.toml",
            ));
        }
        Ok(base)
    }

    /// What requests are sent with; `base` is the base address of the endpoint.
    pub(super) fn client_options(
        &self,
        base: &Url,
        standard: &Standard,
        limits: Limits,
    ) -> Result<ClientOptions> {
        // The one place that reads variables which the user names.
        let environment = |name: &str| std::env::var(name).ok();
        let sources = ConfigSources { file: &self.file, environment: &environment };
        let proxy = self.config.proxy.as_ref().map(|proxy| proxy.rule(&sources)).transpose()?;
        Ok(ClientOptions {
            limits,
            proxy: proxy.unwrap_or_default(),
            tls: self.config.tls.options(&sources)?,
            http2: Http2::Negotiated,
            certificates: self.config.certificates(&sources)?,
            authenticator: self.config.authenticator(base, &standard.manifest, &sources)?,
        })
    }

    /// The supplier's values for the data of a standard: those of the file, then those of the tables.
    fn data(&self, standard: &Standard, printer: &mut Printer) -> Result<DataValues> {
        let Some(folder) = &self.maps else { return Ok(self.config.data.clone()) };
        let Mapped { mut values, notes } = Mapped::read(folder, &standard.manifest)?;
        for note in notes {
            printer.note(&note);
        }
        for (name, own) in &self.config.data {
            let own = own.iter().map(|(value, text)| (value.clone(), text.clone()));
            values.entry(name.clone()).or_default().extend(own);
        }
        Ok(values)
    }

    /// Whose product it is, if the file says anything of it.
    pub(super) fn supplier(&self) -> Option<Supplier> {
        let config = self.config.supplier.clone();
        let supplier = Supplier {
            name: config.name,
            product: config.product,
            version: config.version,
            environment: config.environment,
            tested_by: config.tested_by,
        };
        (supplier != Supplier::default()).then_some(supplier)
    }
}

/// Where a supplier's records for a standard's data are named.
#[derive(Debug, Default, clap::Args)]
pub(super) struct ConfigArguments {
    /// The configuration file; proofmark.toml here, if there is one
    #[arg(long, value_name = "FILE", env = config::CONFIG)]
    config: Option<PathBuf>,
    /// The folder of your tables in CSV that name your records for the standard's data; in place of `maps` in
    /// proofmark.toml
    #[arg(long, value_name = "DIR")]
    maps: Option<PathBuf>,
}

impl ConfigArguments {
    /// The configuration with the folder of tables, if one is named.
    pub(super) fn read(&self) -> Result<Configured> {
        let mut configured = Configured::read(self.config.as_deref())?;
        configured.maps = self.maps.clone().or(configured.maps);
        Ok(configured)
    }
}

/// A standard, ready to be run.
pub(super) struct Target {
    pub(super) plan: Plan,
    pub(super) validator: Validator,
}

/// Loads a standard with its packages and data.
pub(super) fn target(
    chosen: Chosen<'_>,
    options: &GlobalOptions,
    configured: &Configured,
    printer: &mut Printer,
) -> Result<Target> {
    let (standard, validator) = standard(chosen, options, printer)?;
    let data = match chosen {
        // The records of a configuration are those of a standard.
        Chosen::TestScripts(_) => DataValues::new(),
        Chosen::Named(_) | Chosen::Package(..) => configured.data(&standard, printer)?,
    };
    planned(standard, validator, &data, &configured.file)
}

/// A standard that is loaded, with its data.
pub(super) fn planned(
    standard: Standard,
    validator: Validator,
    data: &DataValues,
    config_file: &Path,
) -> Result<Target> {
    let data = Data::resolve(&standard, data, &config_file.display().to_string(), validator.schemas())?;
    let inputs =
        Inputs::begin(data).map_err(|error| Error::io("random numbers for the run's own values", error))?;
    Ok(Target { plan: Plan::new(Arc::new(standard), Role::Server, inputs), validator })
}

/// A client for an endpoint.
pub(super) fn client(options: ClientOptions) -> Result<Client> {
    Client::new(options).map_err(|why| Error::message(format!("TLS cannot be set up: {why}")))
}
