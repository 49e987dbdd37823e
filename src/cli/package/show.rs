//! `proofmark package show NAME#VERSION|FILE.tgz|DIR`

use std::collections::BTreeMap;

use serde_json::json;

use super::super::ExitStatus;
use super::super::app::GlobalOptions;
use super::super::error::{Error, Result};
use super::super::packages::Named;
use super::super::printer::Printer;
use super::super::standard::ListFormat;
use super::{LockArgument, cache};
use crate::fhir::Release;
use crate::inert::{one_line, visible};
use crate::package::{Cache, ContentDigest, Lock, Package, PackageSet, Reference};
use crate::text::indented;

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    /// A package of the package cache, an archive, or a folder
    #[arg(value_name = "NAME#VERSION|FILE.tgz|DIR")]
    package: String,
    #[command(flatten)]
    lock: LockArgument,
    /// What to print
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: ListFormat,
}

const NOT_THERE: &str = "not there";
/// How many URLs are printed; JSON has all.
const MAX_URLS: usize = 20;

/// All that is shown of a package.
struct Shown {
    package: Package,
    /// Its digest, and whether the lock file pins it; for a package of the cache.
    digest: Option<(ContentDigest, bool)>,
    /// Each dependency as written, and where it would come from.
    dependencies: Vec<(String, String)>,
    /// The canonical URLs that base definitions have as well.
    duplicates: Vec<String>,
    /// The definitions that turned out not to be what was said of them, or that cannot be read.
    problems: Vec<String>,
}

pub(super) fn run(
    arguments: &Arguments,
    options: &GlobalOptions,
    printer: &mut Printer,
) -> Result<ExitStatus> {
    let shown = Shown::of(arguments, options)?;
    printer.data(&match arguments.format {
        ListFormat::Text => shown.text(),
        ListFormat::Json => shown.json()?,
    })?;
    if shown.dependencies.iter().any(|(_, place)| place == NOT_THERE) {
        let package = one_line(&shown.package.label());
        printer.note(&format!("`proofmark package install {package}` fetches what is not there"));
    }
    Ok(ExitStatus::Success)
}

impl Shown {
    fn of(arguments: &Arguments, options: &GlobalOptions) -> Result<Self> {
        let lock = Lock::read(&arguments.lock.lock)?;
        let cache = cache(options)?;
        let (package, digest) = match Named::read(&arguments.package)? {
            Named::Path(path) => (Package::from_path(path)?, None),
            Named::Reference(reference) => match reference.base_definitions() {
                Some(release) => (Package::core(release)?, None),
                None => of_cache(&cache, lock.as_ref(), &reference)?,
            },
        };
        let dependencies = package
            .manifest
            .dependencies
            .iter()
            .map(|(name, range)| (format!("{name}#{range}"), at_hand(&cache, lock.as_ref(), name, range)))
            .collect();
        let mut problems: Vec<String> = package.problems.iter().map(ToString::to_string).collect();
        problems.extend(
            package.definitions.iter().filter_map(|found| found.read().err().map(ToString::to_string)),
        );
        problems.sort();
        Ok(Self { duplicates: duplicates(&package), package, digest, dependencies, problems })
    }

    fn types(&self) -> BTreeMap<&str, usize> {
        let mut types = BTreeMap::new();
        for definition in &self.package.definitions {
            *types.entry(definition.resource_type.as_str()).or_default() += 1;
        }
        types
    }

    fn text(&self) -> String {
        let manifest = &self.package.manifest;
        let mut text = String::new();
        let mut line = |name: &str, value: &str| {
            text.push_str(&format!("{name:<14} {}\n", indented(&one_line(value), 15).trim_start()));
        };
        line("package", &self.package.label());
        for (name, value) in [("title", &manifest.title), ("type", &manifest.kind)] {
            if let Some(value) = value {
                line(name, value);
            }
        }
        let versions = manifest.fhir_versions.join(", ");
        line("FHIR", if versions.is_empty() { "not said" } else { &versions });
        if let Some((digest, locked)) = &self.digest {
            line("sha256", &digest.sha256);
            line("locked", if *locked { "yes" } else { "no" });
        }
        let mut list = |title: &str, items: Vec<String>| {
            if !items.is_empty() {
                text.push_str(&format!("\n{title}\n"));
                for item in items {
                    text.push_str(&format!("{}\n", indented(&visible(&item), 2)));
                }
            }
        };
        list(
            "Dependencies",
            self.dependencies.iter().map(|(reference, place)| format!("{reference}: {place}")).collect(),
        );
        list("Definitions", self.types().iter().map(|(name, count)| format!("{name}: {count}")).collect());
        list("Files that cannot be used", self.problems.clone());
        let mut duplicates: Vec<String> = self.duplicates.iter().take(MAX_URLS).cloned().collect();
        if self.duplicates.len() > MAX_URLS {
            duplicates
                .push(format!("… and {} more; --format json lists all", self.duplicates.len() - MAX_URLS));
        }
        list("URLs that base definitions have as well; those of this package win", duplicates);
        text
    }

    fn json(&self) -> Result<String> {
        let manifest = &self.package.manifest;
        let dependencies: Vec<serde_json::Value> = self
            .dependencies
            .iter()
            .map(|(reference, place)| json!({ "package": reference, "found": place }))
            .collect();
        let value = json!({
            "package": self.package.label(),
            "title": manifest.title,
            "type": manifest.kind,
            "fhirVersions": manifest.fhir_versions,
            "sha256": self.digest.as_ref().map(|(digest, _)| &digest.sha256),
            "locked": self.digest.as_ref().is_some_and(|(_, locked)| *locked),
            "dependencies": dependencies,
            "definitions": self.types(),
            "problems": self.problems,
            "duplicates": self.duplicates,
        });
        let text = serde_json::to_string_pretty(&value).map_err(|error| Error::message(error.to_string()))?;
        Ok(format!("{text}\n"))
    }
}

fn of_cache(
    cache: &Cache,
    lock: Option<&Lock>,
    reference: &Reference,
) -> Result<(Package, Option<(ContentDigest, bool)>)> {
    let id = cache.choose(reference, lock)?;
    let digest = cache.digest(&id)?;
    let locked = match (lock, cache.folder(&id)) {
        (Some(lock), Some(folder)) => {
            lock.check(&id, &digest.sha256, &folder.display().to_string())?;
            lock.pins(&id)
        }
        _ => false,
    };
    Ok((cache.load(&id)?, Some((digest, locked))))
}

/// Where a dependency would come from.
fn at_hand(cache: &Cache, lock: Option<&Lock>, name: &str, range: &str) -> String {
    let reference = match Reference::new(name, range) {
        Ok(reference) => reference,
        Err(message) => return message,
    };
    if reference.base_definitions().is_some() {
        return "built in".to_owned();
    }
    if reference.is_core() {
        return "base definitions of another release; passed over".to_owned();
    }
    match cache.choose(&reference, lock) {
        Ok(id) => format!("{id} of the package cache"),
        Err(_) => NOT_THERE.to_owned(),
    }
}

/// The canonical URLs of HL7's base definitions that a package has as well, where it is not these itself.
fn duplicates(package: &Package) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for release in [Release::Stu3, Release::R4] {
        if package.manifest.fhir_versions.is_empty() || !package.manifest.is_for(release) {
            continue;
        }
        let Ok(core) = Package::core(release) else { continue };
        if core.name == package.name {
            continue;
        }
        let core = PackageSet::new(release, vec![std::sync::Arc::new(core)]);
        let duplicates = package
            .definitions
            .iter()
            .filter(|definition| core.find(&definition.resource_type, &definition.url).is_some());
        found.extend(duplicates.map(|definition| definition.url.clone()));
    }
    found.sort();
    found.dedup();
    found
}
