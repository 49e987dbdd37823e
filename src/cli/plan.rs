//! `proofmark plan`: what a run would fire and what data it needs; sends nothing.

use super::ExitStatus;
use super::app::GlobalOptions;
use super::chosen::StandardArguments;
use super::error::{Error, Result};
use super::printer::Printer;
use super::selection::SelectionArguments;
use super::standard::ListFormat;
use super::target::{ConfigArguments, target};
use crate::run::{DataSource, Plan};
use crate::standard::{Action, Step};
use crate::text::indented;

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    standard: StandardArguments,
    #[command(flatten)]
    config: ConfigArguments,
    #[command(flatten)]
    selection: SelectionArguments,
    /// What to print
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: ListFormat,
}

pub(super) fn run(
    arguments: &Arguments,
    options: &GlobalOptions,
    printer: &mut Printer,
) -> Result<ExitStatus> {
    let configured = arguments.config.read()?;
    let standard = arguments.standard.chosen(&configured)?;
    let plan = target(standard, options, &configured, printer)?.plan;
    let plan = arguments.selection.apply(plan)?;
    printer.data(&match arguments.format {
        ListFormat::Text => text(&plan),
        ListFormat::Json => json(&plan)?,
    })?;
    Ok(ExitStatus::Success)
}

fn text(plan: &Plan) -> String {
    let chosen = plan.selection.as_ref().map_or_else(String::new, |chosen| format!(", chosen: {chosen}"));
    let mut text = format!("{}: {} scenarios{chosen}\n", plan.standard.name(), plan.cases.len());
    for case in &plan.cases {
        let scenario = plan.scenario(case);
        text.push_str(&format!("\n{}\n{}\n", case.id, indented(&scenario.title, 2)));
        text.push_str(&format!(
            "{}\n",
            indented(&format!("verifies {}", verified(plan, case.scenario).join(", ")), 2)
        ));
        if !scenario.tags.is_empty() {
            text.push_str(&format!("{}\n", indented(&format!("tags {}", scenario.tags.join(", ")), 2)));
        }
        for (key, number, step) in scenario.all_steps() {
            let place = if key == "steps" { String::new() } else { format!("{key} ") };
            text.push_str(&format!("  {place}{}. {}\n", number + 1, request(step)));
        }
    }
    text.push_str("\nData that the endpoint must hold\n");
    for (name, need) in &plan.standard.manifest.data {
        let source = match plan.inputs.data.source(name) {
            Some(DataSource::Configured) => "as the configuration names it",
            Some(DataSource::Example) => "the standard's synthetic record",
            Some(DataSource::Discovered) => "another record of the server",
            Some(DataSource::Missing) | None => "not named, so what needs it is passed over",
        };
        text.push_str(&format!(
            "{}\n",
            indented(&format!("{name} ({source}): {}; {}", need.resource, need.words()), 2)
        ));
        let values: Vec<&str> = need.values.keys().map(String::as_str).collect();
        text.push_str(&format!("{}\n", indented(&format!("values: {}", values.join(", ")), 4)));
    }
    text.push_str(&format!(
        "\n{}\n",
        indented(
            "To use records of your own, name them in proofmark.toml, for instance [data.patient-a] with nhsNumber, \
             family and the other values.",
            0
        )
    ));
    text
}

fn verified(plan: &Plan, scenario: usize) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for id in plan.standard.scenarios[scenario].all_verified() {
        if !ids.contains(id) {
            ids.push(id.clone());
        }
    }
    ids
}

/// The request of a step as authored, values not yet filled in.
fn request(step: &Step) -> String {
    let query: Vec<String> = step
        .params
        .iter()
        .flat_map(|(name, values)| values.all().iter().map(move |value| format!("{name}={value}")))
        .collect();
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    match step.action() {
        Some(Action::Answer(name)) => format!("(no request) the answer `{name}` once more"),
        Some(Action::NotSupported(reason)) => format!("(no request) {reason}"),
        _ => format!("{} {}{query}", step.http_method(), step.path()),
    }
}

fn json(plan: &Plan) -> Result<String> {
    let cases: Vec<serde_json::Value> = plan
        .cases
        .iter()
        .map(|case| {
            let scenario = plan.scenario(case);
            serde_json::json!({
                "id": case.id,
                "title": scenario.title,
                "verifies": verified(plan, case.scenario),
                "tags": scenario.tags,
                "needs": scenario.needs,
                "requests": scenario.all_steps().map(|(_, _, step)| request(step)).collect::<Vec<_>>(),
            })
        })
        .collect();
    let plan = serde_json::json!({
        "standard": plan.standard.name(),
        "digest": plan.standard.digest,
        "selection": plan.selection,
        "scenarios": cases,
        "data": plan.inputs.data.uses(),
    });
    let mut text = serde_json::to_string_pretty(&plan).map_err(|error| Error::message(error.to_string()))?;
    text.push('\n');
    Ok(text)
}
