//! `proofmark standard diff OLDER NEWER`: what differs between two versions.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::ExitStatus;
use super::app::GlobalOptions;
use super::error::{Error, Result};
use super::packages::{Sources, add_standard, finish};
use super::printer::Printer;
use crate::comparison::{self, ComparisonError, Selection, Version};
use crate::fhir::Release;
use crate::package::{Loaded, Package};
use crate::report::difference;
use crate::text::nearest;
use crate::validate::SchemaSet;

/// The release of a package that names none.
const DEFAULT_RELEASE: Release = Release::Stu3;

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The older version: a standard, a package as archive or folder, or a single profile
    #[arg(value_name = "ID[@VERSION]|PATH")]
    older: String,
    /// The newer version, likewise
    #[arg(value_name = "ID[@VERSION]|PATH")]
    newer: String,
    /// Compares this profile only, or OLDER=NEWER where their URLs differ; may be given more than once
    #[arg(id = "canonical", long = "profile", value_name = "CANONICAL")]
    profiles: Vec<Selection>,
    /// A package that the profiles build on, as an archive or a folder; may be given more than once
    #[arg(long = "package", value_name = "FILE.tgz|DIR")]
    packages: Vec<PathBuf>,
    /// What to print
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// How a comparison is printed.
#[derive(Debug, Clone, Copy, Default, clap::ValueEnum)]
enum Format {
    /// For reading
    #[default]
    Text,
    /// For programs
    Json,
    /// A page for people, complete in one file
    Html,
}

pub(super) fn run(
    arguments: &Arguments,
    options: &GlobalOptions,
    printer: &mut Printer,
) -> Result<ExitStatus> {
    let mut further = Vec::new();
    for path in &arguments.packages {
        further.push(package(path, printer)?);
    }
    let older = version(&arguments.older, &further, options, printer)?;
    // Read once, the same version has the same definitions, whatever they build on that is not at hand.
    let newer = version(&arguments.newer, &further, options, printer)?;
    let newer = if newer.name == older.name { older.clone() } else { newer };
    let comparison = comparison::compare(&older, &newer, &arguments.profiles).map_err(in_words)?;
    let text = match arguments.format {
        Format::Text => difference::text(&comparison, printer.style()),
        Format::Json => {
            difference::json(&comparison).map_err(|error| Error::message(format!("the JSON: {error}")))?
        }
        Format::Html => {
            difference::html(&comparison).map_err(|error| Error::message(format!("the page: {error:#}")))?
        }
    };
    printer.data(&text)?;
    Ok(ExitStatus::Success)
}

/// What is there by that name: a path if there is such a file or folder, and else a standard.
fn version(
    name: &str,
    further: &[Arc<Package>],
    options: &GlobalOptions,
    printer: &mut Printer,
) -> Result<Version> {
    let path = Path::new(name);
    let sources = Sources::new(options)?;
    let (name, mut loader, release, requirements) = if path.exists() {
        let own = package(path, printer)?;
        let release = release(&own).unwrap_or_else(|| {
            printer.note(&format!(
                "note: {name} does not say for which FHIR release it is; taken for {DEFAULT_RELEASE}"
            ));
            DEFAULT_RELEASE
        });
        let mut loader = sources.loader(release);
        loader.add(own)?;
        (name.to_owned(), loader, release, None)
    } else {
        let standard = options.catalogue().load(name).map_err(|errors| no_such(name, errors))?;
        let mut loader = sources.loader(standard.release);
        add_standard(&mut loader, &standard)?;
        (standard.name(), loader, standard.release, Some(standard.requirements))
    };
    let own_packages = loader.packages().len();
    // What is for another release of FHIR is for the other side.
    for package in further.iter().filter(|package| package.manifest.is_for(release)) {
        loader.add(Arc::clone(package))?;
    }
    let Loaded { set, .. } = finish(loader, printer)?;
    Ok(Version { name, schemas: Arc::new(SchemaSet::new(Arc::new(set))), own_packages, requirements })
}

/// The release that a package says it is for, or the first of its profiles.
fn release(package: &Package) -> Option<Release> {
    package.manifest.release().or_else(|| {
        let mut versions =
            package.definitions.iter().filter_map(|found| found.tree()?.root().text("fhirVersion"));
        versions.find_map(Release::of_version)
    })
}

fn package(path: &Path, printer: &mut Printer) -> Result<Arc<Package>> {
    let package = Package::from_path(path)?;
    for problem in &package.problems {
        printer.note(&format!("warning: {problem}; the file was passed over"));
    }
    Ok(Arc::new(package))
}

/// Something that looks like a path was meant as one.
fn no_such(name: &str, errors: Vec<crate::standard::FileError>) -> Error {
    if name.contains(['/', '\\']) || name.starts_with('.') {
        return Error::hint(
            format!("{name}: there is no such file or folder"),
            "give a package folder, a .tgz, a StructureDefinition in JSON or XML, or a standard as ID@VERSION",
        );
    }
    Error::from(errors)
}

fn in_words(error: ComparisonError) -> Error {
    let message = error.to_string();
    match error {
        ComparisonError::NoProfile(_) => Error::hint(
            message,
            "give a package folder, a .tgz, a StructureDefinition in JSON or XML, or a standard as ID@VERSION",
        ),
        ComparisonError::NotThere { canonical, known, .. } => match nearest(&canonical, &known) {
            Some(near) => Error::hint(message, format!("did you mean `{near}`?")),
            None => Error::hint(message, format!("the first of those there are: {}", first(&known))),
        },
    }
}

fn first(known: &[String]) -> String {
    known.iter().take(5).cloned().collect::<Vec<_>>().join(", ")
}
