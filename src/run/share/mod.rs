//! The shareable form of a run: identifiers of people replaced by tokens, in everything outside `private/`.
//!
//! The originals stay in the private folder. Equal identifiers have equal tokens within a run, so that a reader can
//! still follow one patient through it; the key of the tokens is private too.

mod identifiers;
mod kind;
mod replace;

use identifiers::Identifiers;
pub(crate) use kind::Kind;
use replace::Replacer;
use serde_json::Value;

use super::recorder::{EVIDENCE_FOLDER, PRIVATE_RUN_FILE, digest};
use super::{ExchangeSummary, Inputs, Recorder, RunRecord};
use crate::http::Evidence;
use crate::standard::Standard;

/// Keys of the record whose texts are the standard's or ours, and never an endpoint's.
const OWN_WORDS: [&str; 17] = [
    "area",
    "clause",
    "code",
    "definition",
    "file",
    "id",
    "level",
    "maturity",
    "method",
    "note",
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
    let mut identifiers = Identifiers::default();
    identifiers.add_data(&inputs.data, &standard.manifest.data);
    for summary in &record.exchanges {
        identifiers.add_evidence(&evidence(recorder, summary)?);
    }
    let replacer = Replacer::new(identifiers, &inputs.seed).map_err(std::io::Error::other)?;
    recorder.write(PRIVATE_RUN_FILE, &json(record)?)?;
    let mut shared: RunRecord = serde_json::from_value(told(serde_json::to_value(record)?, &replacer))?;
    for summary in &mut shared.exchanges {
        let original = evidence(recorder, summary)?;
        let bytes = replacer.evidence(original).to_bytes();
        let file = format!("{EVIDENCE_FOLDER}/{}.json", summary.id);
        recorder.write(&file, &bytes)?;
        summary.original = std::mem::replace(&mut summary.sha256, digest(&bytes));
        summary.file = file;
    }
    Ok(shared)
}

fn evidence(recorder: &Recorder, summary: &ExchangeSummary) -> std::io::Result<Evidence> {
    let bytes = crate::files::read_bounded(&recorder.folder().join(&summary.file))?;
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
