//! The recording of a saved run: what was asked and answered, looked up when the run is judged again.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::codes::Answers;
use super::original::original_digest;
use super::preparation::is_prepared;
use super::recorder::{ANSWERS_FILE, INPUTS_FILE, PRIVATE_EVIDENCE_FOLDER, digest};
use super::{ExchangeSummary, Inputs, Journal, RunRecord};
use crate::check::Page;
use crate::files::Folder;
use crate::http::{Credentials, Evidence, Exchange, Failure, FailureKind, Request};
use crate::terminology::{Answer, Question, Told};

/// The exchanges of a saved run, by their ids and by what was asked.
#[derive(Debug)]
pub struct Recording {
    /// The folder of the run, or of its first share.
    folder: Arc<Folder>,
    exchanges: BTreeMap<String, Kept>,
    by_request: HashMap<Asked, Vec<String>>,
    /// What a terminology service told.
    told: BTreeMap<Question, Option<Answer>>,
    started: String,
    interrupted: bool,
}

/// One exchange, and the folder that holds it.
#[derive(Debug)]
struct Kept {
    folder: Arc<Folder>,
    summary: ExchangeSummary,
    /// What the digest of the original is made with: the seed of a run that ended. The journal of one that did not has
    /// plain ones.
    seed: Option<Arc<str>>,
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
        "{file}: is not the file that the run wrote: its digest is {found}, and run.json says {expected}"
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

/// What tells one request from another: method, address, body and whose credentials, secrets left out.
///
/// Headers that carry secrets are not recorded, so the others are compared when an answer is chosen.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Asked {
    method: String,
    url: String,
    body: Option<Vec<u8>>,
    credentials: Credentials,
}

impl Asked {
    fn of(request: &Request) -> Self {
        Self {
            method: request.method.clone(),
            url: request.url.to_string(),
            body: request.body.clone(),
            credentials: request.credentials.clone(),
        }
    }
}

impl Recording {
    /// Opens the recording of a run. Every file is compared with the digest that the record gives of it.
    ///
    /// # Errors
    /// A file is missing, or is not the one that the run wrote.
    pub fn open(folder: Folder, record: &RunRecord) -> Result<(Self, Inputs), RecordingError> {
        let inputs = read(&folder, &record.inputs.file, &record.inputs.sha256, digest)?;
        let inputs: Inputs = serde_json::from_slice(&inputs).map_err(|error| RecordingError::Form {
            file: folder.display(&record.inputs.file),
            message: error.to_string(),
        })?;
        let seed = Arc::from(inputs.seed.as_str());
        let mut recording = Self::empty(folder, record.started.clone(), record.interrupted);
        for summary in &record.exchanges {
            recording.add(summary, Some(&seed))?;
        }
        if let Some(used) = &record.terminology {
            let file =
                read(&recording.folder, ANSWERS_FILE, &used.original, |bytes| original_digest(&seed, bytes))?;
            let answers: Answers = serde_json::from_slice(&file).map_err(|error| RecordingError::Form {
                file: recording.folder.display(ANSWERS_FILE),
                message: error.to_string(),
            })?;
            recording.add_told(answers.told);
        }
        Ok((recording, inputs))
    }

    /// Opens the recording of a run that was not finished, with what it was given.
    ///
    /// # Errors
    /// A file is missing, or is not the one that the run wrote.
    pub fn resume(folder: Folder, journal: &Journal) -> Result<(Self, Inputs), RecordingError> {
        let file = INPUTS_FILE;
        let bytes = folder
            .read(file)
            .map_err(|source| RecordingError::Read { file: folder.display(file), source })?;
        let inputs = serde_json::from_slice(&bytes).map_err(|error| RecordingError::Form {
            file: folder.display(file),
            message: error.to_string(),
        })?;
        let started = journal.heading.started.clone();
        let mut recording = Self::empty(folder, started, false);
        for summary in journal.exchanges.values() {
            // The journal speaks of the originals.
            let kept = ExchangeSummary { original: summary.sha256.clone(), ..summary.clone() };
            match recording.add(&kept, None) {
                // What an unfinished case left may have been written over when the run was gone on with before; what
                // ended and is not whole is found missing when it is looked for.
                Ok(()) | Err(RecordingError::Changed { .. } | RecordingError::Read { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok((recording, inputs))
    }

    fn empty(folder: Folder, started: String, interrupted: bool) -> Self {
        let folder = Arc::new(folder);
        Self {
            folder,
            exchanges: BTreeMap::new(),
            by_request: HashMap::new(),
            told: BTreeMap::new(),
            started,
            interrupted,
        }
    }

    fn add(&mut self, summary: &ExchangeSummary, seed: Option<&Arc<str>>) -> Result<(), RecordingError> {
        let kept = Kept { folder: Arc::clone(&self.folder), summary: summary.clone(), seed: seed.cloned() };
        let exchange = kept.read()?;
        if !is_prepared(&summary.id) {
            // What prepared a run was asked before its data were there, and answers no scenario.
            self.by_request.entry(Asked::of(&exchange.request)).or_default().push(summary.id.clone());
        }
        self.exchanges.insert(summary.id.clone(), kept);
        Ok(())
    }

    /// Adds what a terminology service told. An answer is better than none, and of two the first counts.
    fn add_told(&mut self, told: impl IntoIterator<Item = Told>) {
        for Told { question, answer } in told {
            let known = self.told.entry(question).or_default();
            *known = known.take().or(answer);
        }
    }

    /// What a terminology service told.
    pub(super) fn told(&self) -> Vec<Told> {
        let told = |(question, answer): (&Question, &Option<Answer>)| Told {
            question: question.clone(),
            answer: answer.clone(),
        };
        self.told.iter().map(told).collect()
    }

    /// Adds the recording of another share. What both hold, as what the server claims, is that of the first.
    pub(super) fn join(&mut self, other: Self) {
        self.add_told(other.told.into_iter().map(|(question, answer)| Told { question, answer }));
        for (id, kept) in other.exchanges {
            self.exchanges.entry(id).or_insert(kept);
        }
        for (asked, ids) in other.by_request {
            let known = self.by_request.entry(asked).or_default();
            known.extend(ids);
            known.sort();
            known.dedup();
        }
        self.interrupted |= other.interrupted;
    }

    /// What was asked and answered before the run began, in order.
    pub(super) fn prepared(&self) -> impl Iterator<Item = Page> {
        let prepared = self.exchanges.iter().filter(|(id, _)| is_prepared(id));
        prepared.filter_map(|(id, kept)| Some(Page::new(id.clone(), kept.read().ok()?)))
    }

    /// The folder of the run, or of its first share, as the user knows it.
    pub(super) fn folder_name(&self) -> String {
        self.folder.display("")
    }

    pub(super) fn was_interrupted(&self) -> bool {
        self.interrupted
    }

    /// What was answered to a request: to that of the same id if it was the same request, else to the same request
    /// anywhere in the run, if all its answers agree. `None` where an interrupted run was not answered.
    pub(super) fn answer(&self, id: &str, request: Request) -> Option<Exchange> {
        self.found(id, request, false)
    }

    /// Whether it holds an exchange of this id.
    pub(super) fn holds(&self, id: &str) -> bool {
        self.exchanges.contains_key(id)
    }

    /// The same for the plan that was recorded: only the answer of the same id will do. What a case did not get to ask,
    /// another case's answer does not show.
    pub(super) fn own_answer(&self, id: &str, request: Request) -> Option<Exchange> {
        self.found(id, request, true)
    }

    fn found(&self, id: &str, request: Request, own: bool) -> Option<Exchange> {
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
        if own {
            return (!self.interrupted).then_some(request);
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
        self.exchanges.get(id)?.read().ok()
    }
}

impl Kept {
    fn read(&self) -> Result<Exchange, RecordingError> {
        let file = format!("{PRIVATE_EVIDENCE_FOLDER}/{}.json", self.summary.id);
        let bytes = read(&self.folder, &file, &self.summary.original, |bytes| match &self.seed {
            Some(seed) => original_digest(seed, bytes),
            None => digest(bytes),
        })?;
        let form = |message: String| RecordingError::Form { file: self.folder.display(&file), message };
        let evidence: Evidence =
            serde_json::from_slice(&bytes).map_err(|error| form(format!("not evidence: {error}")))?;
        evidence.exchange().map_err(|problem| form(format!("not evidence: {problem}")))
    }
}

const NOT_RECORDED: &str = "the recording holds no answer to this request";
const DIFFERENT_ANSWERS: &str =
    "the recording holds different answers to this request, and cannot tell which is meant";

/// Whether two requests have the same headers, those aside whose values are secret in one of them.
fn same_headers(recorded: &Request, wanted: &Request) -> bool {
    let secret = |request: &Request| -> Vec<String> {
        let secret = request.headers.0.iter().filter(|(_, value)| value.contains("[redacted]"));
        secret.map(|(name, _)| name.to_ascii_lowercase()).collect()
    };
    let (mut secrets, more) = (secret(recorded), secret(wanted));
    secrets.extend(more);
    let open = |request: &Request| -> Vec<(String, String)> {
        let headers =
            request.headers.0.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone()));
        let mut headers: Vec<_> = headers.filter(|(name, _)| !secrets.contains(name)).collect();
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

fn read(
    folder: &Folder,
    file: &str,
    expected: &str,
    digest: impl Fn(&[u8]) -> String,
) -> Result<Vec<u8>, RecordingError> {
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
