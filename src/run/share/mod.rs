//! The shareable form of a run: identifiers of people replaced by tokens, in everything outside `private/`.
//!
//! The originals stay in the private folder. Equal identifiers have equal tokens within a run, so that a reader can
//! still follow one patient through it; the key of the tokens is private too.

mod full_name;
mod gathered;
mod identifiers;
mod kind;
mod replace;

use std::collections::HashSet;

use full_name::FullName;
pub(super) use gathered::Gathered;
use identifiers::Identifiers;
pub(crate) use kind::Kind;
use replace::Replacer;
use serde_json::Value;

use super::original::of_digest;
use super::recorder::{EVIDENCE_FOLDER, PRIVATE_RUN_FILE, digest};
use super::{ExchangeSummary, Inputs, Recorder, RunRecord, ScenarioResult};
use crate::http::Evidence;
use crate::standard::Standard;

/// Keys of the record whose texts are the standard's or ours, and never an endpoint's.
const OWN_WORDS: [&str; 19] = [
    "area",
    "clause",
    "code",
    "definition",
    "digest",
    "file",
    "id",
    "level",
    "maturity",
    "method",
    "note",
    "original",
    "outcome",
    "question",
    "scenarios",
    "sha256",
    "text",
    "title",
    "verifies",
];

/// Writes the shareable form of a run's evidence, and returns that of its record. The record as given is kept in the
/// private folder.
///
/// # Errors
/// The run's folder cannot be read or written.
pub fn share(
    recorder: &Recorder,
    record: &RunRecord,
    inputs: &Inputs,
    standard: &Standard,
) -> std::io::Result<RunRecord> {
    let (mut identifiers, withheld) = identifiers(recorder, record)?;
    identifiers.add_data(&inputs.data, &standard.manifest.data);
    let replacer = Replacer::new(&identifiers, &inputs.seed).map_err(std::io::Error::other)?;
    recorder.write(PRIVATE_RUN_FILE, &json(record)?)?;
    let mut shared: RunRecord = serde_json::from_value(told(serde_json::to_value(record)?, &replacer))?;
    // What the configuration says of the product is no patient's name, even where it is spelt alike.
    shared.supplier.clone_from(&record.supplier);
    for scenario in &mut shared.scenarios {
        if scenario.steps.iter().flat_map(|step| &step.exchanges).any(|id| withheld.contains(id)) {
            withhold(scenario);
        }
    }
    // Side by side: each exchange is rewritten for itself.
    let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let share = shared.exchanges.len().div_ceil(workers).max(1);
    std::thread::scope(|scope| {
        let rewrite = |summaries: &mut [ExchangeSummary]| -> std::io::Result<()> {
            summaries.iter_mut().try_for_each(|summary| {
                rewrite(recorder, &replacer, withheld.contains(&summary.id), summary)?;
                summary.original = of_digest(&inputs.seed, &summary.original);
                Ok(())
            })
        };
        let chunks = shared.exchanges.chunks_mut(share);
        let threads: Vec<_> = chunks.map(|chunk| scope.spawn(move || rewrite(chunk))).collect();
        threads.into_iter().try_for_each(|thread| {
            thread.join().unwrap_or_else(|_| Err(std::io::Error::other("internal: sharing ended badly")))
        })
    })?;
    Ok(shared)
}

/// What identifies people in a run, and the ids of the exchanges that hold more of it than can be kept apart: they are
/// not shared at all.
fn identifiers(recorder: &Recorder, record: &RunRecord) -> std::io::Result<(Identifiers, HashSet<String>)> {
    if let Some((gathered, waiting)) = recorder.gathered().so_far() {
        let mut identifiers = gathered.clone();
        let mut waiting = record.exchanges.iter().filter(|summary| waiting.contains(&summary.id));
        let all = waiting.try_fold(true, |all, summary| {
            Ok::<bool, std::io::Error>(all && identifiers.add_evidence(&evidence(recorder, summary)?))
        })?;
        if all {
            return Ok((identifiers, HashSet::new()));
        }
    }
    // In the order of the plan, so that the same are left out when the run is judged again.
    let (mut identifiers, mut withheld) = (Identifiers::default(), HashSet::new());
    for summary in &record.exchanges {
        if !identifiers.add_evidence(&evidence(recorder, summary)?) {
            withheld.insert(summary.id.clone());
        }
    }
    Ok((identifiers, withheld))
}

/// Writes the shareable form of one exchange, and says in its summary where and what it is.
fn rewrite(
    recorder: &Recorder,
    replacer: &Replacer,
    withheld: bool,
    summary: &mut ExchangeSummary,
) -> std::io::Result<()> {
    let mut kept = replacer.evidence(evidence(recorder, summary)?);
    if withheld {
        for message in std::iter::once(&mut kept.request).chain(&mut kept.response) {
            message.body = message.body.take().map(|_| WITHHELD.to_owned());
        }
    }
    let bytes = kept.to_bytes();
    let file = format!("{EVIDENCE_FOLDER}/{}.json", summary.id);
    recorder.write_new(&file, &bytes)?;
    summary.original = std::mem::replace(&mut summary.sha256, digest(&bytes));
    summary.file = file;
    Ok(())
}

/// What stands in place of what is not shared.
const WITHHELD: &str = "[withheld: more identifiers of people than can be kept apart]";

/// Takes out what can quote an answer that is not shared.
fn withhold(scenario: &mut ScenarioResult) {
    let withhold = |text: &mut Option<String>| *text = text.take().map(|_| WITHHELD.to_owned());
    withhold(&mut scenario.reason);
    for step in &mut scenario.steps {
        withhold(&mut step.reason);
        for check in &mut step.checks {
            [&mut check.expected, &mut check.actual, &mut check.hint].into_iter().for_each(withhold);
            for finding in &mut check.findings {
                WITHHELD.clone_into(&mut finding.message);
                [&mut finding.expected, &mut finding.actual].into_iter().for_each(withhold);
            }
        }
    }
}

fn evidence(recorder: &Recorder, summary: &ExchangeSummary) -> std::io::Result<Evidence> {
    // The run wrote it a moment ago, in the bounds that it was given.
    let bytes = std::fs::read(recorder.folder().join(&summary.file))?;
    Ok(serde_json::from_slice(&bytes)?)
}

fn json(record: &RunRecord) -> std::io::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec_pretty(record)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// The record with tokens in every text that can come of an endpoint: all but those that are known to be our own.
fn told(part: Value, replacer: &Replacer) -> Value {
    match part {
        Value::String(text) => Value::String(replacer.text(&text)),
        Value::Array(items) => items.into_iter().map(|item| told(item, replacer)).collect(),
        Value::Object(fields) => Value::Object(
            fields
                .into_iter()
                .map(|(key, value)| {
                    let own = OWN_WORDS.contains(&key.as_str()) && !is_nested(&value);
                    let value = if own { value } else { told(value, replacer) };
                    (key, value)
                })
                .collect(),
        ),
        other => other,
    }
}

/// Whether a value has parts with fields of their own, as the list of scenarios has and a list of their ids has not.
fn is_nested(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(Value::is_object),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_digest_that_happens_to_hold_the_digits_of_an_nhs_number_stays() {
        let replacer = Replacer::new(&Identifiers::default(), "seed").unwrap();
        let digits = "bb942d2f68fb2038455759c1";
        let shared = told(json!({ "digest": digits, "sha256": digits, "actual": "2038455759" }), &replacer);
        assert_eq!((&shared["digest"], &shared["sha256"]), (&json!(digits), &json!(digits)));
        assert!(!shared["actual"].as_str().unwrap().contains("2038455759"), "{shared}");
    }
}
