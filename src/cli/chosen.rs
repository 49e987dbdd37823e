//! Which standard is judged by: one by name, one made of a FHIR package, or one made of TestScripts.

use std::path::PathBuf;
use std::sync::Arc;

use super::app::GlobalOptions;
use super::error::{Error, Result};
use super::packages::{Asked, Sources, add_standard, finish, pass_over};
use super::printer::Printer;
use super::target::Configured;
use crate::config;
use crate::fhir::Release;
use crate::generate::{self, Source};
use crate::package::{Loaded, Reference};
use crate::standard::{Additions, FileError, Standard, TestScripts};
use crate::text::nearest;
use crate::validate::{SchemaSet, Validator};

/// What to do about a file of a package that cannot be used.
const WHOLE: &str = "mend the file; a standard is used whole or not at all";

/// Arguments that say which standard is meant.
#[derive(Debug, Default, clap::Args)]
pub(super) struct StandardArguments {
    /// The standard: ID, or ID@VERSION
    #[arg(long, value_name = "ID[@VERSION]", env = config::STANDARD)]
    standard: Option<String>,
    #[command(flatten)]
    source: SourceArguments,
}

/// Arguments that say of what a standard is made, where none is named.
#[derive(Debug, Default, clap::Args)]
pub(super) struct SourceArguments {
    /// A FHIR package to make the standard of; with --test-script, one whose profiles the TestScripts name, which may be
    /// given more than once
    #[arg(long = "package", value_name = "NAME#VERSION|FILE.tgz|DIR")]
    packages: Vec<String>,
    /// The CapabilityStatement of the package, where it has several; its canonical URL
    #[arg(long, value_name = "URL", requires = "packages", conflicts_with = "scripts")]
    capabilities: Option<String>,
    /// A FHIR TestScript to run in place of a standard, or a folder of them; may be given more than once
    #[arg(long = "test-script", value_name = "FILE|DIR", num_args = 1..)]
    scripts: Vec<PathBuf>,
    /// The FHIR release of the TestScripts; 4.0 unless given
    #[arg(long, value_name = "3.0|4.0", requires = "scripts")]
    fhir_version: Option<Release>,
}

/// A standard that is meant.
#[derive(Debug, Clone, Copy)]
pub(super) enum Chosen<'c> {
    /// One by name, `ID` or `ID@VERSION`.
    Named(&'c str),
    /// One that is made of a package, by the CapabilityStatement of a URL.
    Package(&'c str, Option<&'c str>),
    /// One that TestScripts make.
    TestScripts(&'c SourceArguments),
}

impl StandardArguments {
    /// What the flags choose, else the configuration file.
    pub(super) fn chosen<'c>(&'c self, configured: &'c Configured) -> Result<Chosen<'c>> {
        match self.source.chosen()? {
            Some(chosen) => Ok(chosen),
            None => configured.standard(self.standard.as_ref()).map(Chosen::Named),
        }
    }
}

impl SourceArguments {
    /// What is meant, if anything is.
    pub(super) fn chosen(&self) -> Result<Option<Chosen<'_>>> {
        if !self.scripts.is_empty() {
            return Ok(Some(Chosen::TestScripts(self)));
        }
        match self.packages.as_slice() {
            [] => Ok(None),
            [package] => Ok(Some(Chosen::Package(package, self.capabilities.as_deref()))),
            _ => Err(Error::hint(
                "--package is given more than once",
                "a standard is made of one package, and what that depends on comes along; several are for --test-script",
            )),
        }
    }
}

/// Loads a standard with its packages.
pub(super) fn standard(
    chosen: Chosen<'_>,
    options: &GlobalOptions,
    printer: &mut Printer,
) -> Result<(Standard, Validator)> {
    let sources = Sources::new(options)?;
    match chosen {
        Chosen::Package(package, statement) => {
            of_package(Asked::read(package)?, package, statement, &sources, printer)
        }
        Chosen::TestScripts(source) => of_test_scripts(source, &sources, printer),
        Chosen::Named(name) => match package_of_that_name(name, options, &sources)? {
            Some(reference) => {
                let name = reference.to_string();
                of_package(Asked::Reference(reference), &name, None, &sources, printer)
            }
            None => authored(options.catalogue().load(name)?, &sources, printer),
        },
    }
}

/// The package of the cache that `NAME@VERSION` names, where no standard is called so: what was made of a package is
/// called as the package is.
fn package_of_that_name(name: &str, options: &GlobalOptions, sources: &Sources) -> Result<Option<Reference>> {
    let id = name.split('@').next().unwrap_or(name);
    if !id.contains('.') || options.catalogue().entries()?.iter().any(|entry| entry.id == id) {
        return Ok(None);
    }
    Ok(name.parse().ok().filter(|reference| sources.holds(reference)))
}

/// The standard that a package states by itself.
fn of_package(
    asked: Asked,
    name: &str,
    statement: Option<&str>,
    sources: &Sources,
    printer: &mut Printer,
) -> Result<(Standard, Validator)> {
    let release = asked.release(sources).ok_or_else(|| {
        Error::hint(
            format!(
                "{name}: it does not say for which release of FHIR it is, or that is none of STU3 and R4"
            ),
            "say so in its package.json, as `fhirVersions`; a package of the cache has to be installed first",
        )
    })?;
    let mut loader = sources.loader(release);
    asked.add_to(&mut loader)?;
    let Loaded { set, own, .. } = finish(loader, printer)?;
    let package = own.first().ok_or_else(|| Error::message(format!("{name} holds base definitions only")))?;
    for problem in &package.problems {
        pass_over(problem, printer);
    }
    let made = generate::standard(Source { package, packages: &set, statement })?;
    Ok((made, Validator::new(Arc::new(SchemaSet::new(Arc::new(set))))))
}

/// The standard that TestScripts make. What is not supported of them is said.
fn of_test_scripts(
    source: &SourceArguments,
    sources: &Sources,
    printer: &mut Printer,
) -> Result<(Standard, Validator)> {
    let TestScripts { standard, findings } =
        TestScripts::read(&source.scripts, source.fhir_version.unwrap_or(Release::R4))?;
    for finding in &findings {
        printer.note(&format!("warning: {finding}"));
    }
    let mut loader = sources.loader(standard.release);
    for package in &source.packages {
        Asked::read(package)?.add_to(&mut loader)?;
    }
    let packages = finish(loader, printer)?;
    whole(&packages)?;
    Ok((standard, compiled(packages)?))
}

/// The same of a standard that was read already.
pub(super) fn with_packages(
    standard: Standard,
    options: &GlobalOptions,
    printer: &mut Printer,
) -> Result<(Standard, Validator)> {
    authored(standard, &Sources::new(options)?, printer)
}

/// A standard that is authored: its packages, what they depend on, the base definitions.
///
/// A broken profile of the standard's own is an error: a supplier is not judged by half a standard.
fn authored(standard: Standard, sources: &Sources, printer: &mut Printer) -> Result<(Standard, Validator)> {
    let mut loader = sources.loader(standard.release);
    add_standard(&mut loader, &standard)?;
    let packages = finish(loader, printer)?;
    whole(&packages)?;
    let standard = match standard.manifest.generate.clone() {
        None => standard,
        Some(url) => {
            let file = standard.folder.display("standard.yaml");
            let package = packages.own.first().ok_or_else(|| {
                Error::message(format!("{file}: `generate` needs a package under `packages`"))
            })?;
            let source = Source { package, packages: &packages.set, statement: Some(&url) };
            let additions = generate::additions(&standard, source)?;
            check_replaced(&standard, &additions)?;
            standard.with(additions)
        }
    };
    Ok((standard, compiled(packages)?))
}

/// That the packages given can be read whole: nobody is judged by half a standard.
fn whole(packages: &Loaded) -> Result<()> {
    match packages.own.iter().flat_map(|package| &package.problems).next() {
        None => Ok(()),
        Some(problem) => Err(Error::hint(problem.to_string(), WHOLE)),
    }
}

/// The validator of what was packages, each profile of the packages given compiled.
fn compiled(Loaded { set, own, .. }: Loaded) -> Result<Validator> {
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

/// That what authored requirements replace is there to be replaced.
fn check_replaced(standard: &Standard, additions: &Additions) -> Result<()> {
    let made: Vec<String> = additions.requirements.iter().map(|requirement| requirement.id.clone()).collect();
    let file = standard.folder.display("requirements.yaml");
    let mut errors = Vec::new();
    for requirement in &standard.requirements {
        for id in requirement.replaces.iter().filter(|id| !made.contains(id)) {
            let message = format!("{} replaces `{id}`, and no such requirement is made", requirement.id);
            let error = FileError::of_file(&file, message);
            errors.push(match nearest(id, &made) {
                Some(near) => error.hint(format!("did you mean `{near}`?")),
                None => error,
            });
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(errors.into()) }
}

/// A standard to be read and not run: its packages are packages only where it cannot be told without them.
pub(super) fn to_be_read(
    chosen: Chosen<'_>,
    options: &GlobalOptions,
    printer: &mut Printer,
) -> Result<Standard> {
    if let Chosen::Named(name) = chosen
        && package_of_that_name(name, options, &Sources::new(options)?)?.is_none()
    {
        let standard = options.catalogue().load(name)?;
        if standard.manifest.generate.is_none() {
            return Ok(standard);
        }
    }
    Ok(standard(chosen, options, printer)?.0)
}
