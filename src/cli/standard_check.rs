//! `proofmark standard check DIR`: all that is wrong, and what is suspect, in a standard's folder.

use std::path::PathBuf;

use serde_json::json;

use super::ExitStatus;
use super::app::GlobalOptions;
use super::chosen::with_packages;
use super::error::{Error, Result};
use super::printer::Printer;
use super::standard::ListFormat;
use crate::files::Folder;
use crate::standard::{Defined, FileError, Lint, Standard};
use crate::text::indented;
use crate::validate::Validator;

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The folder of the standard, which holds standard.yaml
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// What to print
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: ListFormat,
}

/// What was found.
#[derive(Default)]
struct Found {
    errors: Vec<FileError>,
    warnings: Vec<FileError>,
}

pub(super) fn run(
    arguments: &Arguments,
    options: &GlobalOptions,
    printer: &mut Printer,
) -> Result<ExitStatus> {
    let path = arguments
        .folder
        .canonicalize()
        .map_err(|error| Error::io(arguments.folder.display().to_string(), error))?;
    if !path.join("standard.yaml").is_file() {
        return Err(Error::hint(
            format!("{}: there is no standard.yaml in it", arguments.folder.display()),
            "give the folder of one version of a standard, ID/VERSION",
        ));
    }
    let found = match Standard::check(&Folder::Disk(path)) {
        Err(errors) => Found { errors, warnings: Vec::new() },
        Ok((standard, lint)) => match with_packages(standard.clone(), options, printer) {
            Ok((_, validator)) => Found { errors: Vec::new(), warnings: with_definitions(lint, &validator) },
            Err(error) => {
                let file = standard.folder.display("standard.yaml");
                let errors = vec![FileError::of_file(file, format!("its packages cannot be used: {error}"))];
                Found { errors, warnings: lint.warnings }
            }
        },
    };
    printer.data(&match arguments.format {
        ListFormat::Text => text(&found),
        ListFormat::Json => json_text(&found)?,
    })?;
    Ok(if found.errors.is_empty() { ExitStatus::Success } else { ExitStatus::Usage })
}

/// The warnings, and those about names that no definition has.
fn with_definitions(lint: Lint, validator: &Validator) -> Vec<FileError> {
    let packages = validator.schemas().packages();
    let mut warnings = lint.warnings;
    for (name, place) in lint.defined {
        let message = match name {
            Defined::Profile(url) if validator.schemas().schema(&url).is_err() => {
                format!("the profile {url} is in none of the packages, so that the check is inconclusive")
            }
            Defined::SearchParameter(kind, name) if packages.search_parameter(&kind, &name).is_none() => {
                format!("`{name}` is no search parameter of {kind} in the definitions")
            }
            _ => continue,
        };
        warnings.push(FileError { message, ..place });
    }
    warnings.sort_by(|one, other| (&one.file, one.position).cmp(&(&other.file, other.position)));
    warnings
}

fn text(found: &Found) -> String {
    let mut text = String::new();
    for (kind, list) in [("error", &found.errors), ("warning", &found.warnings)] {
        for problem in list {
            let place = problem.position.map_or_else(String::new, |position| format!(":{position}"));
            text.push_str(&format!("{kind}: {}{place}\n{}\n", problem.file, indented(&problem.message, 2)));
            if let Some(hint) = &problem.hint {
                text.push_str(&format!("{}\n", indented(&format!("hint: {hint}"), 2)));
            }
        }
    }
    text.push_str(&format!("{} errors, {} warnings\n", found.errors.len(), found.warnings.len()));
    text
}

fn json_text(found: &Found) -> Result<String> {
    let list = |problems: &[FileError]| -> Vec<serde_json::Value> {
        let one = |problem: &FileError| {
            json!({
                "file": problem.file,
                "line": problem.position.map(|position| position.line),
                "column": problem.position.map(|position| position.column),
                "message": problem.message,
                "hint": problem.hint,
            })
        };
        problems.iter().map(one).collect()
    };
    let all = json!({"errors": list(&found.errors), "warnings": list(&found.warnings)});
    let text = serde_json::to_string_pretty(&all).map_err(|error| Error::message(error.to_string()))?;
    Ok(text + "\n")
}
