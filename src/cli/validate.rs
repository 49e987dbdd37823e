//! `proofmark validate FILE…`: resources against profiles, no endpoint.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;

use super::ExitStatus;
use super::app::GlobalOptions;
use super::error::{Error, Result};
use super::input;
use super::packages::{Asked, Sources, add_standard, finish};
use super::printer::Printer;
use super::standard::ListFormat;
use crate::fhir::{Release, parse};
use crate::inert::{one_line, value};
use crate::package::Loaded;
use crate::report::findings::operation_outcome;
use crate::standard::Standard;
use crate::validate::{Issue, SchemaSet, Severity, Validation, Validator};

/// The release of FHIR unless something says otherwise: that of the standards that are built in.
const DEFAULT: Release = Release::Stu3;

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Resources in JSON or XML; folders of them; - reads one from standard input
    #[arg(required = true, value_name = "FILE|DIR|-")]
    files: Vec<PathBuf>,
    /// A profile to validate against, besides those that a resource names; may be given more than once
    #[arg(id = "canonical", long = "profile", value_name = "CANONICAL")]
    profiles: Vec<String>,
    /// The FHIR release; by default that of the standard or packages named, or else 3.0
    #[arg(long, value_name = "3.0|4.0")]
    fhir_version: Option<Release>,
    /// A package of profiles: from the package cache, as an archive, or a folder; may be given more than once
    #[arg(long = "package", value_name = "NAME#VERSION|FILE.tgz|DIR")]
    packages: Vec<String>,
    /// A package as above, a single profile or value set, or a folder of them; may be given more than once
    #[arg(long = "ig", value_name = "NAME#VERSION|FILE|DIR")]
    guides: Vec<String>,
    /// A standard whose profiles to load; by default all that are at hand for the FHIR release
    #[arg(long, value_name = "ID[@VERSION]")]
    standard: Option<String>,
    /// What to print: text, or FHIR OperationOutcomes as JSON
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: ListFormat,
}

/// One file and what was found in it.
struct Judged {
    file: String,
    text: String,
    validation: Validation,
}

pub(super) fn run(
    arguments: &Arguments,
    options: &GlobalOptions,
    printer: &mut Printer,
) -> Result<ExitStatus> {
    let validator = validator(arguments, options, printer)?;
    for profile in &arguments.profiles {
        validator.schemas().schema(profile).map_err(|error| {
            Error::hint(
                error.to_string(),
                "load its package with --package, or the file that holds it with --ig",
            )
        })?;
    }
    let mut judged = Vec::new();
    for path in &arguments.files {
        for (file, bytes) in input::all(path)? {
            let validation = match parse(&bytes) {
                Ok(tree) => validator.validate(&tree, &arguments.profiles),
                Err(error) => Validation::malformed(&error),
            };
            judged.push(Judged { file, text: String::from_utf8_lossy(&bytes).into_owned(), validation });
        }
    }
    match arguments.format {
        ListFormat::Text => {
            let style = printer.style();
            for one in &judged {
                printer.data(&text(one, style.color))?;
            }
        }
        ListFormat::Json => {
            let value = match judged.as_slice() {
                [one] => operation_outcome(&one.validation),
                several => several
                    .iter()
                    .map(|one| json!({ "file": one.file, "outcome": operation_outcome(&one.validation) }))
                    .collect(),
            };
            let mut text =
                serde_json::to_string_pretty(&value).map_err(|error| Error::message(error.to_string()))?;
            text.push('\n');
            printer.data(&text)?;
        }
    }
    let count = |severity| judged.iter().map(|one| one.validation.count(severity)).sum::<usize>();
    let (errors, undecided) = (count(Severity::Error), count(Severity::Undecided));
    printer.note(&format!(
        "{} file(s): {errors} error(s), {} warning(s), {} not checked",
        judged.len(),
        count(Severity::Warning),
        undecided + count(Severity::NotChecked)
    ));
    Ok(match (errors, undecided) {
        (0, 0) => ExitStatus::Success,
        (0, _) => ExitStatus::Incomplete,
        _ => ExitStatus::Failure,
    })
}

/// The validator of the packages asked for; the user's own come first.
fn validator(arguments: &Arguments, options: &GlobalOptions, printer: &mut Printer) -> Result<Validator> {
    let sources = Sources::new(options)?;
    let catalogue = options.catalogue();
    let named = arguments.standard.as_ref().map(|name| catalogue.load(name)).transpose()?;
    let asked: Vec<Asked> = arguments
        .packages
        .iter()
        .chain(&arguments.guides)
        .map(|text| Asked::read(text))
        .collect::<Result<_>>()?;
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
        printer.note(&format!("warning: {}; the file was passed over", one_line(&problem.to_string())));
    }
    Ok(Validator::new(Arc::new(SchemaSet::new(Arc::new(set)))))
}

/// The issues of one file for reading, each with the line of the source.
fn text(judged: &Judged, color: bool) -> String {
    if judged.validation.issues.is_empty() {
        return format!("{}: no finding\n", judged.file);
    }
    let lines: Vec<&str> = judged.text.lines().collect();
    let mut text = String::new();
    for issue in &judged.validation.issues {
        text.push_str(&one_issue(&judged.file, issue, &lines, color));
    }
    text
}

fn one_issue(file: &str, issue: &Issue, lines: &[&str], color: bool) -> String {
    let (word, ink) = match issue.severity {
        Severity::Error => ("error", "1;31"),
        Severity::Warning => ("warning", "1;33"),
        Severity::Undecided => ("could not be decided", "1;35"),
        Severity::NotChecked => ("not checked", "36"),
        Severity::Information => ("information", "36"),
    };
    let word = if color { format!("\u{1b}[{ink}m{word}\u{1b}[0m") } else { word.to_owned() };
    let place = issue.position.map(|position| format!(":{position}")).unwrap_or_default();
    let mut text = format!("{file}{place}: {word}[{}]: {}\n", issue.code, value(&issue.message));
    let mut line = |label: &str, fact: &str| text.push_str(&format!("  {label:<9} {}\n", one_line(fact)));
    if !issue.path.is_empty() {
        line("element", &issue.path);
    }
    if let Some(expected) = &issue.expected {
        line("expected", expected);
    }
    if let Some(actual) = &issue.actual {
        line("found", actual);
    }
    for definition in &issue.definitions {
        line("profile", definition);
    }
    if let Some(source) = issue.position.and_then(|position| lines.get(position.line as usize - 1)) {
        line("source", crate::validate::shorten(source.trim()).as_str());
    }
    text
}
