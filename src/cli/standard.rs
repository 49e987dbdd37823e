//! `proofmark standard list|show|requirements`; `check`, `data` and `diff` have files of their own

use super::ExitStatus;
use super::app::GlobalOptions;
use super::chosen::{Chosen, SourceArguments, to_be_read};
use super::difference;
use super::error::{Error, Result};
use super::printer::Printer;
use super::records;
use super::standard_check;
use crate::standard::{Level, Method, Standard};
use crate::text::indented;

/// The commands about standards.
#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Lists the standards at hand
    List,
    /// Shows what a standard is
    Show(Named),
    /// Lists the requirements of a standard
    Requirements(Requirements),
    /// Says what is wrong, and what is suspect, in the folder of a standard
    Check(standard_check::Arguments),
    /// Says what differs between two versions, element by element: stricter, looser, other
    Diff(difference::Arguments),
    /// Writes the synthetic records of a standard as one transaction, for a supplier to load
    Data(records::Arguments),
}

/// A standard by name.
#[derive(Debug, clap::Args)]
pub(super) struct Named {
    /// The standard: ID, or ID@VERSION
    #[arg(value_name = "ID[@VERSION]", required_unless_present_any = ["packages", "scripts"])]
    standard: Option<String>,
    #[command(flatten)]
    source: SourceArguments,
}

impl Named {
    fn read(&self, options: &GlobalOptions, printer: &mut Printer) -> Result<Standard> {
        let named = Chosen::Named(self.standard.as_deref().unwrap_or_default());
        to_be_read(self.source.chosen()?.unwrap_or(named), options, printer)
    }
}

/// Arguments of `requirements`.
#[derive(Debug, clap::Args)]
pub(super) struct Requirements {
    #[command(flatten)]
    named: Named,
    /// What to print
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: ListFormat,
}

/// How a list is printed.
#[derive(Debug, Clone, Copy, Default, clap::ValueEnum)]
pub(super) enum ListFormat {
    /// For reading
    #[default]
    Text,
    /// For programs
    Json,
}

pub(super) fn run(command: &Command, options: &GlobalOptions, printer: &mut Printer) -> Result<ExitStatus> {
    match command {
        Command::Check(arguments) => return standard_check::run(arguments, options, printer),
        Command::Diff(arguments) => return difference::run(arguments, options, printer),
        Command::Data(arguments) => return records::run(arguments, options, printer),
        Command::List => list(options, printer)?,
        Command::Show(named) => {
            let standard = named.read(options, printer)?;
            printer.data(&show(&standard))?;
        }
        Command::Requirements(arguments) => {
            let standard = arguments.named.read(options, printer)?;
            printer.data(&match arguments.format {
                ListFormat::Text => requirements(&standard),
                ListFormat::Json => requirements_json(&standard)?,
            })?;
        }
    }
    Ok(ExitStatus::Success)
}

fn list(options: &GlobalOptions, printer: &mut Printer) -> Result<()> {
    for entry in options.catalogue().entries()? {
        let standard = Standard::load(&entry.folder)?;
        let manifest = &standard.manifest;
        printer.data(&format!(
            "{:<24} {} ({}; FHIR {}; {} requirements)\n",
            standard.name(),
            manifest.title,
            manifest.lifecycle.status,
            manifest.fhir_version,
            standard.requirements.len()
        ))?;
    }
    Ok(())
}

fn show(standard: &Standard) -> String {
    let manifest = &standard.manifest;
    let mut text = format!("{}: {}\n\n", standard.name(), manifest.title);
    let mut line = |name: &str, value: &str| text.push_str(&format!("{name:<14} {value}\n"));
    line("publisher", &manifest.publisher);
    line("FHIR", &format!("{} ({})", standard.release, manifest.fhir_version));
    if let Some(parent) = &manifest.parent {
        line("refines", parent);
    }
    line("maturity", &format!("{}: {}", manifest.lifecycle.status, manifest.lifecycle.label));
    if let Some(published) = &manifest.lifecycle.published {
        line("published", published);
    }
    let lifecycle = &manifest.lifecycle;
    for (name, date) in [
        ("in force from", &lifecycle.effective),
        ("to be met by", &lifecycle.conformance),
        ("in force until", &lifecycle.ends),
    ] {
        if let Some(date) = date {
            line(name, date);
        }
    }
    line("roles", &manifest.roles.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "));
    line("scenarios", &standard.scenarios.len().to_string());
    line("sha256", &standard.digest);
    text.push_str("\nAreas covered, with their requirements\n");
    for (area, title) in &manifest.areas {
        let of_area = || standard.requirements.iter().filter(|requirement| &requirement.area == area);
        let count =
            |level: &[Level]| of_area().filter(|requirement| level.contains(&requirement.level)).count();
        let declared = of_area().filter(|requirement| requirement.verified_by != Method::Automated).count();
        text.push_str(&format!(
            "  {title}: {} SHALL, {} SHOULD, {} MAY; {declared} to be declared\n",
            count(&[Level::Shall, Level::ShallNot]),
            count(&[Level::Should, Level::ShouldNot]),
            count(&[Level::May]),
        ));
    }
    if !manifest.not_covered.is_empty() {
        text.push_str("\nNot covered\n");
        for title in &manifest.not_covered {
            text.push_str(&format!("{}\n", indented(title, 2)));
        }
    }
    text.push_str("\nData that a supplier must hold\n");
    for (name, need) in &manifest.data {
        let optional = if need.optional { " (optional)" } else { "" };
        text.push_str(&format!(
            "{}\n",
            indented(&format!("{name}{optional}: {}; {}", need.resource, need.words()), 2)
        ));
    }
    text
}

fn requirements(standard: &Standard) -> String {
    let mut text = String::new();
    for requirement in &standard.requirements {
        let how = match requirement.verified_by {
            Method::Automated => String::new(),
            other => format!("; {other}"),
        };
        text.push_str(&format!(
            "{} {} ({}, {}{how})\n{}\n",
            requirement.id,
            requirement.level,
            requirement.role,
            requirement.maturity,
            indented(requirement.text.trim(), 4)
        ));
    }
    text
}

/// One object a requirement, as in run.json without the outcome.
fn requirements_json(standard: &Standard) -> Result<String> {
    let maturity = standard.manifest.lifecycle.status;
    let list: Vec<serde_json::Value> = standard
        .requirements
        .iter()
        .map(|requirement| {
            let mut object = serde_json::to_value(requirement)?;
            if let Some(object) = object.as_object_mut() {
                let method = object.shift_remove("verifiedBy").unwrap_or_default();
                object.insert("method".to_owned(), method);
                object.insert("binding".to_owned(), (!requirement.maturity.is_less_than(maturity)).into());
                let scenarios: Vec<&str> = standard
                    .scenarios
                    .iter()
                    .filter(|scenario| scenario.all_verified().any(|id| *id == requirement.id))
                    .map(|scenario| scenario.scenario.as_str())
                    .collect();
                object.insert("scenarios".to_owned(), serde_json::json!(scenarios));
            }
            Ok(object)
        })
        .collect::<std::result::Result<_, serde_json::Error>>()
        .map_err(|error| Error::message(error.to_string()))?;
    let mut text = serde_json::to_string_pretty(&list).map_err(|error| Error::message(error.to_string()))?;
    text.push('\n');
    Ok(text)
}
