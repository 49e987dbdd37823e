//! `proofmark doctor`: what would stop a run, and what to do about it.

use super::ExitStatus;
use super::app::GlobalOptions;
use super::chosen::StandardArguments;
use super::error::{Error, Result};
use super::judged::{interrupted, seeded};
use super::printer::Printer;
use super::run::runtime;
use super::selection::SelectionArguments;
use super::standard::ListFormat;
use super::target::{ConfigArguments, Target, client, target};
use crate::config;
use crate::doctor::{Diagnosis, Doctor, State};
use crate::http::{Limits, redact_url};
use crate::inert::value;
use crate::run::{DataFinding, DataState};
use crate::standard::{Standard, records};
use crate::text::{indented, wrap};

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    standard: StandardArguments,
    /// The base address of the endpoint
    #[arg(long, value_name = "URL", env = config::ENDPOINT)]
    endpoint: Option<String>,
    #[command(flatten)]
    config: ConfigArguments,
    #[command(flatten)]
    selection: SelectionArguments,
    /// Loads the synthetic records of the standard first, where the server takes writes; what is there is left alone
    #[arg(long)]
    seed: bool,
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
    let config = &configured.config;
    let standard = arguments.standard.chosen(&configured)?;
    let base = configured.base(arguments.endpoint.as_ref())?;
    let Target { plan, validator } = target(standard, options, &configured, printer)?;
    let limits = config.limits.over(Limits::default());
    let client = client(configured.client_options(&base.url, &plan.standard, limits)?)?;
    let base = base.under(&plan.standard);
    let mut plan = arguments.selection.apply(plan)?;
    plan.inputs.client_certificate = client.presents_certificate(&base.url);
    let standard = std::sync::Arc::clone(&plan.standard);
    let authenticates = config.auth.is_some() || !plan.standard.manifest.token.is_empty();
    let records = if arguments.seed { records(&standard)? } else { Vec::new() };
    let diagnosis = runtime()?.block_on(async {
        let interrupted = interrupted();
        let (validator, base, records) = (&validator, &base, records.as_slice());
        let doctor = Doctor { plan, validator, base, records, client, authenticates, interrupted };
        doctor.examine().await
    });
    let Some(diagnosis) = diagnosis else { return Ok(ExitStatus::Interrupted) };
    for note in seeded(&diagnosis.seeded) {
        printer.note(&note);
    }
    let endpoint = redact_url(&base.url);
    printer.data(&match arguments.format {
        ListFormat::Text => text(&diagnosis, &standard, &endpoint),
        ListFormat::Json => json(&diagnosis, &standard, &endpoint)?,
    })?;
    Ok(if diagnosis.is_ready() { ExitStatus::Success } else { ExitStatus::Incomplete })
}

fn text(diagnosis: &Diagnosis, standard: &Standard, endpoint: &str) -> String {
    let mut text = format!("{}\n\n", indented(&format!("{endpoint} for {}", standard.name()), 0));
    for check in &diagnosis.checks {
        text.push_str(&line(check.state, check.name, &value(&check.found), check.remedy.as_deref()));
    }
    text.push_str("\nData\n");
    for finding in &diagnosis.data {
        let (state, found, remedy) = of_data(finding, standard);
        text.push_str(&line(state, &finding.name, &value(&found), remedy.as_deref()));
    }
    text.push_str("\nScenarios\n");
    for obstacle in &diagnosis.obstacles {
        let state = if obstacle.applies { State::Problem } else { State::Skipped };
        text.push_str(&line(state, &obstacle.case, &value(&obstacle.reason), None));
    }
    let (blocked, all) = (diagnosis.blocked(), diagnosis.scenarios);
    let passed_over = diagnosis.obstacles.len() - blocked;
    let summary = format!(
        "{} of {all} scenarios could be run, {passed_over} would be passed over, {blocked} could not be shown; {} \
         requests were sent",
        all - blocked - passed_over,
        diagnosis.requests
    );
    text.push_str(&format!("{}\n", indented(&summary, 2)));
    text
}

/// How wide the first two columns are together.
const LEFT: usize = 32;
/// Where the second begins.
const NAME: usize = 11;

fn line(state: State, name: &str, found: &str, remedy: Option<&str>) -> String {
    let state = match state {
        State::Ok => "ok",
        State::Warning => "warning",
        State::Problem => "problem",
        State::Skipped => "-",
    };
    let left = format!("  {state:<8} {name:<20}");
    let mut lines = Vec::new();
    let mut beside = wrap(found, 80 - LEFT).into_iter();
    if left.chars().count() < LEFT {
        lines.push(format!("{left:<LEFT$}{}", beside.next().unwrap_or_default()));
    } else {
        // A long name stands alone.
        let mut name = wrap(name, 80 - NAME).into_iter();
        lines.push(format!("  {state:<8} {}", name.next().unwrap_or_default()));
        lines.extend(name.map(|more| format!("{:NAME$}{more}", "")));
    }
    let rest = beside.chain(remedy.into_iter().flat_map(|remedy| wrap(&format!("→ {remedy}"), 80 - LEFT)));
    lines.extend(rest.map(|line| format!("{:LEFT$}{line}", "")));
    lines.iter().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// What is said of a record: its state, what was found, and what to load.
fn of_data(finding: &DataFinding, standard: &Standard) -> (State, String, Option<String>) {
    let lacks = finding.lacks.join(", ");
    match &finding.state {
        DataState::Found if finding.lacks.is_empty() => (State::Ok, "found".to_owned(), None),
        DataState::Found => {
            (State::Problem, format!("found, but it lacks: {lacks}"), Some(remedy(finding, standard)))
        }
        DataState::Discovered => (State::Ok, "found by discovery, in place of the example".to_owned(), None),
        DataState::NotFound => (State::Problem, "not found".to_owned(), Some(remedy(finding, standard))),
        DataState::NotNamed => {
            let remedy = format!("name one under [data.{}] in proofmark.toml", finding.name);
            (State::Skipped, "optional, and not named".to_owned(), Some(remedy))
        }
        DataState::NotLookedFor => {
            (State::Skipped, "the standard does not say how it is found".to_owned(), None)
        }
        DataState::Unknown(reason) => (State::Problem, format!("could not be looked for: {reason}"), None),
    }
}

/// What to load, or to name.
fn remedy(finding: &DataFinding, standard: &Standard) -> String {
    let need = standard.manifest.data.get(&finding.name);
    let example = need.and_then(|need| need.example.as_ref());
    let record = example.and_then(|example| {
        let file = standard.folder.display(example);
        records(standard).ok()?.into_iter().find(|record| record.file == file).map(|record| record.name())
    });
    let load = record.map_or_else(String::new, |record| {
        format!("load {record} of `proofmark standard data {}`, or ", standard.manifest.id)
    });
    let needs = need.map_or_else(String::new, |need| format!(" that has: {}", need.words()));
    format!("{load}name a record under [data.{}] in proofmark.toml{needs}", finding.name)
}

fn json(diagnosis: &Diagnosis, standard: &Standard, endpoint: &str) -> Result<String> {
    let data: Vec<serde_json::Value> = diagnosis
        .data
        .iter()
        .map(|finding| {
            let mut object = serde_json::to_value(finding)?;
            if let Some(remedy) = of_data(finding, standard).2 {
                object["remedy"] = remedy.into();
            }
            Ok(object)
        })
        .collect::<std::result::Result<_, serde_json::Error>>()
        .map_err(|error| Error::message(error.to_string()))?;
    let found = serde_json::json!({
        "standard": standard.name(),
        "endpoint": endpoint,
        "ready": diagnosis.is_ready(),
        "checks": diagnosis.checks,
        "seeded": diagnosis.seeded,
        "data": data,
        "scenarios": {
            "all": diagnosis.scenarios,
            "notDemonstrable": diagnosis.blocked(),
            "notApplicable": diagnosis.obstacles.len() - diagnosis.blocked(),
            "obstacles": diagnosis.obstacles,
        },
        "requests": diagnosis.requests,
    });
    let mut text = serde_json::to_string_pretty(&found).map_err(|error| Error::message(error.to_string()))?;
    text.push('\n');
    Ok(text)
}
