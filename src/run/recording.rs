//! The recording of a saved run: what was asked and answered, looked up when the run is judged again.

use std::collections::{BTreeMap, HashMap};

use super::recorder::{PRIVATE_EVIDENCE_FOLDER, digest};
use super::{ExchangeSummary, Inputs, RunRecord};
use crate::files::Folder;
use crate::http::{Evidence, Exchange, Failure, FailureKind, Request};

/// The exchanges of a saved run, by their ids and by what was asked.
#[derive(Debug)]
pub struct Recording {
    folder: Folder,
    exchanges: BTreeMap<String, ExchangeSummary>,
    by_request: HashMap<Asked, Vec<String>>,
    started: String,
    interrupted: bool,
}

/// A saved run whose recording cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// A file of it cannot be read.
    #[error("{file}: cannot be read: {source}")]
    Read {
        /// The file.
        file: String,
        /// Why.
        source: std::io::Error,
    },
    /// A file is not the one that the run wrote.
    #[error(
        "{file}: is not the file that the run wrote: its sha256 is {found}, and run.json says {expected}"
    )]
    Changed {
        /// The file.
        file: String,
        /// The digest that the record gives.
        expected: String,
        /// The digest that the file has.
        found: String,
    },
    /// A file has not the form that it should have.
    #[error("{file}: {message}")]
    Form {
        /// The file.
        file: String,
        /// What is wrong.
        message: String,
    },
}

/// What tells one request from another: method, address and body, secrets left out.
///
/// Headers that carry secrets are not recorded, so the others are compared when an answer is chosen.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Asked {
    method: String,
    url: String,
    body: Option<String>,
}

impl Asked {
    fn of(request: &Request) -> Self {
        Self { method: request.method.clone(), url: request.url.to_string(), body: request.body.clone() }
    }
}

impl Recording {
    /// Opens the recording of a run. Every file is compared with the digest that the record gives of it.
    ///
    /// # Errors
    /// A file is missing, or is not the one that the run wrote.
    pub fn open(folder: Folder, record: &RunRecord) -> Result<(Self, Inputs), RecordingError> {
        let inputs = read(&folder, &record.inputs.file, &record.inputs.sha256)?;
        let inputs: Inputs = serde_json::from_slice(&inputs).map_err(|error| RecordingError::Form {
            file: folder.display(&record.inputs.file),
            message: error.to_string(),
        })?;
        let mut recording = Self {
            folder,
            exchanges: BTreeMap::new(),
            by_request: HashMap::new(),
            started: record.started.clone(),
            interrupted: record.interrupted,
        };
        for summary in &record.exchanges {
            let exchange = recording.read(summary)?;
            let asked = recording.by_request.entry(Asked::of(&exchange.request)).or_default();
            asked.push(summary.id.clone());
            recording.exchanges.insert(summary.id.clone(), summary.clone());
        }
        Ok((recording, inputs))
    }

    pub(super) fn was_interrupted(&self) -> bool {
        self.interrupted
    }

    fn read(&self, summary: &ExchangeSummary) -> Result<Exchange, RecordingError> {
        let file = format!("{PRIVATE_EVIDENCE_FOLDER}/{}.json", summary.id);
        let bytes = read(&self.folder, &file, &summary.original)?;
        let form = |message: String| RecordingError::Form { file: self.folder.display(&file), message };
        let evidence: Evidence =
            serde_json::from_slice(&bytes).map_err(|error| form(format!("not evidence: {error}")))?;
        evidence.exchange().map_err(|problem| form(format!("not evidence: {problem}")))
    }

    /// What was answered to a request: to that of the same id if it was the same request, else to the same request
    /// anywhere in the run, if all its answers agree. `None` where an interrupted run was not answered.
    pub(super) fn answer(&self, id: &str, request: Request) -> Option<Exchange> {
        let (when, kind) = (&self.started, FailureKind::NotRecorded);
        let request = Exchange::unanswered(request, when, kind, NOT_RECORDED).without_secrets();
        let asked = Asked::of(&request.request);
        let same: &[String] = self.by_request.get(&asked).map_or(&[], Vec::as_slice);
        if same.iter().any(|known| known == id)
            && let Some(exchange) = self.exchange(id)
            && same_headers(&exchange.request, &request.request)
        {
            return Some(exchange);
        }
        let mut answers = same
            .iter()
            .filter_map(|id| self.exchange(id))
            .filter(|known| same_headers(&known.request, &request.request));
        let Some(first) = answers.next() else { return (!self.interrupted).then_some(request) };
        if answers.all(|other| says_the_same(&first, &other)) {
            return Some(first);
        }
        let failure = Failure { kind: FailureKind::NotRecorded, message: DIFFERENT_ANSWERS.to_owned() };
        Some(Exchange { result: Err(failure), ..request })
    }

    /// An exchange of the run. Its file was whole when the recording was opened; one that is gone since was not
    /// recorded.
    fn exchange(&self, id: &str) -> Option<Exchange> {
        self.read(self.exchanges.get(id)?).ok()
    }
}

const NOT_RECORDED: &str = "the recording holds no answer to this request";
const DIFFERENT_ANSWERS: &str =
    "the recording holds different answers to this request, and cannot tell which is meant";

/// Whether two requests have the same headers, those aside whose values were secret in one of them.
fn same_headers(recorded: &Request, wanted: &Request) -> bool {
    let open = |request: &Request| -> Vec<(String, String)> {
        let headers = request.headers.0.iter().filter(|(_, value)| !value.contains("[redacted]"));
        let mut headers: Vec<_> =
            headers.map(|(name, value)| (name.to_ascii_lowercase(), value.clone())).collect();
        headers.sort();
        headers
    };
    open(recorded) == open(wanted)
}

/// Whether two answers are the same to every check: headers such as `Date` aside.
fn says_the_same(one: &Exchange, other: &Exchange) -> bool {
    match (&one.result, &other.result) {
        (Ok(one), Ok(other)) => one.status == other.status && one.body == other.body,
        (Err(one), Err(other)) => one.kind == other.kind,
        _ => false,
    }
}

fn read(folder: &Folder, file: &str, expected: &str) -> Result<Vec<u8>, RecordingError> {
    let bytes = folder
        .read(file)
        .map_err(|source| RecordingError::Read { file: folder.display(file), source })?
        .into_owned();
    let found = digest(&bytes);
    if found == expected {
        return Ok(bytes);
    }
    Err(RecordingError::Changed { file: folder.display(file), expected: expected.to_owned(), found })
}
