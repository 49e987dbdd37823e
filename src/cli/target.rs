//! What `run`, `plan` and `demo` share: from flags and configuration to a plan with its schemas.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::app::GlobalOptions;
use super::error::{Error, Result};
use crate::config::Config;
use crate::http::{Client, Limits, Route};
use crate::package::{Package, PackageSet};
use crate::run::{Data, Plan, Supplier};
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

    /// The bounds of requests.
    pub(super) fn limits(&self) -> Limits {
        let default = Limits::default();
        let configured = &self.config.limits;
        Limits {
            timeout: configured.timeout_seconds.map_or(default.timeout, Duration::from_secs_f64),
            max_body_bytes: configured
                .max_body_megabytes
                .map_or(default.max_body_bytes, |megabytes| megabytes << 20),
            ..default
        }
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
) -> Result<Target> {
    let standard = options.catalogue().load(name)?;
    let validator = validator(&standard)?;
    let data = Data::resolve(&standard, data, &config_file.display().to_string(), validator.schemas())?;
    Ok(Target { plan: Plan::new(Arc::new(standard), Role::Server, data), validator })
}

/// The validator of a standard: its packages before the base definitions.
///
/// A broken profile of the standard's own is an error: a supplier is not judged by half a standard.
fn validator(standard: &Standard) -> Result<Validator> {
    let mut packages = standard_packages(standard)?;
    packages.push(Arc::new(core(standard.release)?));
    let schemas = SchemaSet::new(Arc::new(PackageSet::new(standard.release, packages)));
    let first_problem = schemas.packages().problems().next().map(ToString::to_string);
    if let Some(problem) = first_problem {
        return Err(Error::hint(problem, "mend the file; a standard is used whole or not at all"));
    }
    let own = schemas.packages().packages().len() - 1;
    for package in &schemas.packages().packages()[..own] {
        for definition in
            package.definitions.iter().filter(|found| found.resource_type == "StructureDefinition")
        {
            schemas.schema(&definition.url).map_err(|error| {
                Error::hint(error.to_string(), "mend the profile; a standard is used whole or not at all")
            })?;
        }
    }
    Ok(Validator::new(Arc::new(schemas)))
}

/// The packages that a standard brings.
pub(super) fn standard_packages(standard: &Standard) -> Result<Vec<Arc<Package>>> {
    let mut packages = Vec::new();
    for path in &standard.manifest.packages {
        let name = path.trim_start_matches("./");
        let label = standard.folder.display(name);
        let folder = standard.folder.folder(name).ok_or_else(|| {
            Error::message(format!("{label}: the package folder that standard.yaml names is not there"))
        })?;
        packages.push(Arc::new(
            Package::from_folder(&label, &folder).map_err(|error| Error::message(error.to_string()))?,
        ));
    }
    Ok(packages)
}

/// A client for an endpoint.
pub(super) fn client(limits: Limits, route: Route) -> Result<Client> {
    Client::new(limits, route).map_err(|error| Error::message(format!("TLS cannot be set up: {error}")))
}

/// The base definitions of a release.
pub(super) fn core(release: crate::fhir::Release) -> Result<Package> {
    Package::core(release).map_err(|error| Error::message(error.to_string()))
}
