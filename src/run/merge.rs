//! Shares of one run, put together: one recording, to be judged as a whole.

use super::recording::{Recording, RecordingError};
use super::{Inputs, RunRecord, Share};
use crate::files::Folder;

/// Runs that are not shares of one.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// They differ in something that must be the same.
    #[error("{other} cannot be merged with {first}: {what}")]
    Differs {
        /// The first run.
        first: String,
        /// The one that does not fit.
        other: String,
        /// In what.
        what: String,
    },
    /// The recording of one cannot be used.
    #[error(transparent)]
    Recording(#[from] RecordingError),
}

/// The record of the run that the shares are of, what it was given, and its recording. A part is the folder of a share
/// and its record.
///
/// # Errors
/// The runs differ in standard, endpoint, product or data, or two of them ran the same case, or a recording cannot be
/// used. Nothing where no run is given.
pub fn merged(parts: Vec<(Folder, RunRecord)>) -> Result<Option<(RunRecord, Inputs, Recording)>, MergeError> {
    // In the order of time, whatever order they are given in: what all hold, as what the server claims, is the first's.
    let mut parts = parts;
    parts.sort_by(|(_, one), (_, other)| one.started.cmp(&other.started));
    let mut whole: Option<(RunRecord, Inputs, Recording)> = None;
    for (folder, record) in parts {
        let name = folder.display("");
        let (recording, inputs) = Recording::open(folder, &record)?;
        let share = Share {
            cases: record.scenarios.iter().map(|case| case.id.clone()).collect(),
            now: inputs.now,
            seed: inputs.seed.clone(),
        };
        let Some((first, given, all)) = &mut whole else {
            let mut inputs = inputs;
            inputs.shares = vec![share];
            whole = Some((record, inputs, recording));
            continue;
        };
        if let Some(what) = difference(first, given, &record, &inputs) {
            return Err(MergeError::Differs { first: all.folder_name(), other: name, what });
        }
        first.started = first.started.clone().min(record.started);
        first.ended = first.ended.clone().max(record.ended);
        first.duration_ms = first.duration_ms.max(record.duration_ms);
        first.interrupted |= record.interrupted;
        first.settings.selection = None;
        first.scenarios.extend(record.scenarios);
        given.shares.push(share);
        all.join(recording);
    }
    Ok(whole)
}

/// The terminology service that a run asked.
fn service(record: &RunRecord) -> Option<&str> {
    record.terminology.as_ref().map(|used| used.service.as_str())
}

/// In what two runs differ that must not, if in anything.
fn difference(first: &RunRecord, given: &Inputs, record: &RunRecord, inputs: &Inputs) -> Option<String> {
    let standard = |record: &RunRecord| -> Vec<(String, String)> {
        let standards = record.standards.iter();
        standards.map(|one| (format!("{}@{}", one.id, one.version), one.digest.clone())).collect()
    };
    let twice = record.scenarios.iter().find(|case| first.scenarios.iter().any(|known| known.id == case.id));
    if standard(first) != standard(record) {
        Some("they were judged by different standards".to_owned())
    } else if first.endpoint != record.endpoint {
        Some(format!("they asked different endpoints, {} and {}", first.endpoint.url, record.endpoint.url))
    } else if first.supplier != record.supplier {
        Some("they tested different products".to_owned())
    } else if service(first) != service(record) {
        let words = |record| service(record).unwrap_or("none");
        Some(format!("they asked different terminology services, {} and {}", words(first), words(record)))
    } else if (&given.data, &given.waivers, &given.baseline)
        != (&inputs.data, &inputs.waivers, &inputs.baseline)
    {
        Some("they were given different data, waivers or baselines".to_owned())
    } else {
        twice.map(|case| format!("both ran {}", case.id))
    }
}
