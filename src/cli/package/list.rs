//! `proofmark package list`

use serde_json::json;

use super::super::ExitStatus;
use super::super::app::GlobalOptions;
use super::super::error::{Error, Result};
use super::super::printer::Printer;
use super::super::standard::ListFormat;
use super::{LockArgument, cache};
use crate::fhir::Release;
use crate::inert::one_line;
use crate::package::{Lock, Package};

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Arguments {
    #[command(flatten)]
    lock: LockArgument,
    /// What to print
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: ListFormat,
}

/// One line of the list.
struct Row {
    package: String,
    fhir_versions: Vec<String>,
    files: usize,
    built_in: bool,
    locked: bool,
}

pub(super) fn run(
    arguments: &Arguments,
    options: &GlobalOptions,
    printer: &mut Printer,
) -> Result<ExitStatus> {
    let cache = cache(options)?;
    let lock = Lock::read(&arguments.lock.lock)?;
    let mut rows = Vec::new();
    for release in [Release::Stu3, Release::R4] {
        if let Ok(core) = Package::core(release) {
            rows.push(Row {
                package: core.label(),
                files: core.definitions.len(),
                fhir_versions: core.manifest.fhir_versions,
                built_in: true,
                locked: false,
            });
        }
    }
    for id in cache.entries()? {
        let manifest = match cache.manifest(&id) {
            Ok(manifest) => manifest,
            Err(error) => {
                printer
                    .note(&format!("warning: {}; the package was passed over", one_line(&error.to_string())));
                continue;
            }
        };
        rows.push(Row {
            files: cache.count(&id)?,
            fhir_versions: manifest.fhir_versions,
            built_in: false,
            locked: lock.as_ref().is_some_and(|lock| lock.pins(&id)),
            package: id.to_string(),
        });
    }
    printer.data(&match arguments.format {
        ListFormat::Text => text(&rows),
        ListFormat::Json => json(&rows)?,
    })?;
    printer.note(&format!("package cache: {}", cache.root().display()));
    Ok(ExitStatus::Success)
}

/// The widest name that stays in its column; a longer one has a line of its own.
const NAME: usize = 40;

fn text(rows: &[Row]) -> String {
    let line = |name: &str, fhir: &str, files: &str, place: &str| {
        let (name, fhir) = (one_line(name), one_line(fhir));
        let name = if name.chars().count() > NAME { format!("{name}\n{:NAME$}", "") } else { name };
        format!("{name:<NAME$} {fhir:<12} {files:>6}  {place}\n")
    };
    let mut text = line("package", "FHIR", "files", "where");
    for row in rows {
        let place = match (row.built_in, row.locked) {
            (true, _) => "built in",
            (false, true) => "cache, locked",
            (false, false) => "cache",
        };
        text.push_str(&line(&row.package, &row.fhir_versions.join(" "), &row.files.to_string(), place));
    }
    text
}

fn json(rows: &[Row]) -> Result<String> {
    let rows: Vec<serde_json::Value> = rows
        .iter()
        .map(|row| {
            json!({
                "package": row.package,
                "fhirVersions": row.fhir_versions,
                "files": row.files,
                "builtIn": row.built_in,
                "locked": row.locked,
            })
        })
        .collect();
    let text = serde_json::to_string_pretty(&rows).map_err(|error| Error::message(error.to_string()))?;
    Ok(format!("{text}\n"))
}
