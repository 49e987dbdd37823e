//! The validator that judges by the packages asked for.

use std::sync::Arc;

use super::Arguments;
use crate::cli::app::GlobalOptions;
use crate::cli::error::{Error, Result};
use crate::cli::packages::{Asked, Sources, add_standard, finish, pass_over};
use crate::cli::printer::Printer;
use crate::cli::terminology::service;
use crate::fhir::Release;
use crate::package::Loaded;
use crate::standard::Standard;
use crate::validate::{SchemaSet, Validator};

/// The release of FHIR unless something says otherwise: that of the standards that are built in.
const DEFAULT: Release = Release::Stu3;

/// The validator of the packages asked for; the user's own come first.
pub(super) fn validator(
    arguments: &Arguments,
    options: &GlobalOptions,
    printer: &mut Printer,
) -> Result<Validator> {
    let sources = Sources::new(options)?;
    let catalogue = options.catalogue();
    let named = arguments.standard.as_ref().map(|name| catalogue.load(name)).transpose()?;
    let given = arguments.packages.len() + arguments.guides.len();
    let mut asked: Vec<Asked> = Vec::with_capacity(given);
    for text in arguments.packages.iter().chain(&arguments.guides) {
        if given == 1 {
            asked.push(Asked::read(text)?);
        } else {
            asked.extend(Asked::read_among_others(text, printer)?);
        }
    }
    let release = arguments
        .fhir_version
        .or_else(|| named.as_ref().map(|standard| standard.release))
        .or_else(|| asked.iter().find_map(|asked| asked.release(&sources)))
        .unwrap_or(DEFAULT);
    if let Some(standard) = named.as_ref().filter(|standard| standard.release != release) {
        return Err(Error::hint(
            format!("{} is a standard of FHIR {}, and not of {release}", standard.name(), standard.release),
            "leave out --fhir-version, or name a standard of that release",
        ));
    }
    let mut loader = sources.loader(release);
    for asked in asked {
        asked.add_to(&mut loader)?;
    }
    let standards = match named {
        Some(standard) => vec![standard],
        None => catalogue
            .entries()?
            .iter()
            .rev()
            .map(|entry| Standard::load(&entry.folder))
            .collect::<std::result::Result<Vec<_>, _>>()?,
    };
    for standard in standards.iter().filter(|standard| standard.release == release) {
        add_standard(&mut loader, standard)?;
    }
    let Loaded { set, .. } = finish(loader, printer)?;
    for problem in set.problems() {
        pass_over(problem, printer);
    }
    let schemas = SchemaSet::new(Arc::new(set));
    let schemas = match service(arguments.terminology.as_deref())? {
        Some(client) => schemas.asking(Box::new(client)),
        None => schemas,
    };
    Ok(Validator::new(Arc::new(schemas)).with_options(arguments.checks.options()))
}
