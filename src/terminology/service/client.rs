//! A FHIR terminology service over HTTP: `$validate-code`, many at once in a batch, bounded in all.

use std::io::Read as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::redirect::Policy;
use reqwest::{StatusCode, blocking};
use serde_json::{Value, json};
use url::Url;

use super::kept::Kept;
use super::reply::{self, Reply};
use super::{Answer, Question, Service};

/// How long one request may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long all requests for one resource may take.
const LONGEST: Duration = Duration::from_mins(1);
/// How long a run waits for the service in all.
const LONGEST_IN_ALL: Duration = Duration::from_mins(10);
/// How large an answer may be.
const MAX_BYTES: u64 = 8 << 20;
/// How many questions one batch holds.
const BATCH: usize = 100;
/// After so many failures in a row the service is left alone.
const MAX_FAILURES: usize = 3;
/// How much of what the service says of itself is taken.
const MAX_NAME: usize = 100;
const MEDIA_TYPE: &str = "application/fhir+json";

/// Why a service cannot be used at all.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// It is no address, or one with a password or a query. It is not repeated: it may hold a secret.
    #[error(
        "that is not the address of a terminology service: an http or https URL without a password or a query, \
         such as https://tx.example.org/r4"
    )]
    Address,
    /// No client could be made.
    #[error("no HTTP client could be made: {0}")]
    Client(#[from] reqwest::Error),
}

/// A terminology service.
#[derive(Debug)]
pub struct Client {
    base: Url,
    /// The address for records.
    shown: String,
    http: blocking::Client,
    kept: Option<Kept>,
    failures: AtomicUsize,
    /// How many milliseconds it has taken so far.
    taken: AtomicU64,
    /// Whether it was seen to take no batches.
    takes_no_batches: AtomicBool,
}

/// Why nothing came back.
enum Failed {
    /// The service is not there, or does not answer anybody like us.
    Unavailable,
    /// It is there, and does not take what was sent.
    NotTaken,
}

impl Client {
    /// The service at an address; answers are kept in a folder, if there is one.
    ///
    /// # Errors
    /// The address is not one of http or https.
    pub fn new(address: &str, folder: Option<&Path>) -> Result<Self, Unusable> {
        let mut base = Url::parse(address).map_err(|_| Unusable::Address)?;
        let is_bare = base.query().is_none() && base.fragment().is_none();
        let has_secret = !base.username().is_empty() || base.password().is_some();
        if !matches!(base.scheme(), "http" | "https") || !is_bare || has_secret {
            return Err(Unusable::Address);
        }
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        // Installing fails only where a provider is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = blocking::Client::builder()
            .user_agent(concat!("proofmark/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .referer(false)
            .timeout(PATIENCE);
        if matches!(base.host_str(), Some("localhost" | "127.0.0.1" | "[::1]")) {
            builder = builder.no_proxy();
        }
        Ok(Self {
            shown: base.to_string(),
            base,
            http: builder.build()?,
            kept: folder.map(Kept::new),
            failures: AtomicUsize::new(0),
            taken: AtomicU64::new(0),
            takes_no_batches: AtomicBool::new(false),
        })
    }

    /// Its address.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.shown
    }

    /// The name and version of its software, if it says so in its CapabilityStatement.
    #[must_use]
    pub fn software(&self) -> Option<String> {
        let statement = self.sent(self.http.get(self.base.join("metadata").ok()?)).ok()?;
        let software = statement.get("software")?;
        let words = ["name", "version"].into_iter().filter_map(|key| software.get(key)?.as_str());
        let said = words.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ");
        (!said.is_empty()).then(|| said.chars().take(MAX_NAME).collect())
    }

    /// Asks one batch: together where the service takes batches, else one by one.
    fn ask_batch(&self, questions: &[&Question], deadline: Instant) -> Vec<Option<Reply>> {
        if !self.takes_no_batches.load(Ordering::Relaxed)
            && let Some(replies) = self.together(questions)
        {
            return replies;
        }
        let one_by_one = questions.iter().map(|question| {
            if self.is_given_up() || Instant::now() > deadline {
                return None;
            }
            let address = self.base.join(operation(question)).ok()?;
            reply::read(&self.post(&address, &parameters(question)).ok()?)
        });
        one_by_one.collect()
    }

    fn together(&self, questions: &[&Question]) -> Option<Vec<Option<Reply>>> {
        let entries: Vec<Value> = questions
            .iter()
            .map(|question| {
                json!({
                    "resource": parameters(question),
                    "request": { "method": "POST", "url": operation(question) }
                })
            })
            .collect();
        let mut root = self.base.clone();
        // The base itself takes the batch, as most write it: without the last stroke.
        root.set_path(self.base.path().trim_end_matches('/'));
        let batch = json!({ "resourceType": "Bundle", "type": "batch", "entry": entries });
        let replies = match self.post(&root, &batch) {
            Ok(answer) => replies(&answer, questions.len()),
            Err(Failed::NotTaken) => None,
            // Whether it takes batches is not known yet.
            Err(Failed::Unavailable) => return None,
        };
        self.takes_no_batches.store(replies.is_none(), Ordering::Relaxed);
        replies
    }

    /// Sends a resource and reads the one that comes back.
    fn post(&self, address: &Url, resource: &Value) -> Result<Value, Failed> {
        let request = self.http.post(address.clone());
        self.sent(request.header(CONTENT_TYPE, MEDIA_TYPE).body(resource.to_string()))
    }

    /// Sends a request and reads the resource that comes back, unless the service is given up.
    fn sent(&self, request: blocking::RequestBuilder) -> Result<Value, Failed> {
        if self.is_given_up() {
            return Err(Failed::Unavailable);
        }
        let begun = Instant::now();
        let answer = self.answer(request);
        let taken = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.taken.fetch_add(taken, Ordering::Relaxed);
        answer
    }

    fn answer(&self, request: blocking::RequestBuilder) -> Result<Value, Failed> {
        let sent = request.header(ACCEPT, MEDIA_TYPE).send();
        let Some(response) = sent.ok().filter(|response| !is_refusal(response.status())) else {
            self.failures.fetch_add(1, Ordering::Relaxed);
            return Err(Failed::Unavailable);
        };
        let is_answer = response.status().is_success();
        let mut text = Vec::new();
        if response.take(MAX_BYTES + 1).read_to_end(&mut text).is_err() || text.len() as u64 > MAX_BYTES {
            self.failures.fetch_add(1, Ordering::Relaxed);
            return Err(Failed::Unavailable);
        }
        // It is there, even if it does not like the question.
        self.failures.store(0, Ordering::Relaxed);
        serde_json::from_slice(&text).ok().filter(|_| is_answer).ok_or(Failed::NotTaken)
    }

    fn is_given_up(&self) -> bool {
        let taken = Duration::from_millis(self.taken.load(Ordering::Relaxed));
        self.failures.load(Ordering::Relaxed) >= MAX_FAILURES || taken >= LONGEST_IN_ALL
    }
}

impl Service for Client {
    fn ask(&self, questions: &[Question]) -> Vec<Option<Answer>> {
        let now = jiff::Timestamp::now();
        let mut answers: Vec<Option<Answer>> =
            questions.iter().map(|question| self.kept.as_ref()?.read(&self.shown, question, now)).collect();
        let open: Vec<usize> = (0..questions.len()).filter(|index| answers[*index].is_none()).collect();
        let deadline = Instant::now() + LONGEST;
        for batch in open.chunks(BATCH) {
            if self.is_given_up() || Instant::now() > deadline {
                break;
            }
            let asked: Vec<&Question> = batch.iter().map(|index| &questions[*index]).collect();
            for (index, reply) in batch.iter().zip(self.ask_batch(&asked, deadline)) {
                let Some(Reply { member, explained }) = reply else { continue };
                let answer = Answer { member, service: self.shown.clone(), at: now.to_string() };
                if let Some(kept) = &self.kept {
                    kept.write(&questions[*index], &answer, explained);
                }
                answers[*index] = Some(answer);
            }
        }
        answers
    }
}

/// The replies of a batch of so many questions; `None` where it is no answer to one.
fn replies(answer: &Value, count: usize) -> Option<Vec<Option<Reply>>> {
    let entries = answer.get("entry")?.as_array()?;
    if answer.get("type")?.as_str()? != "batch-response" || entries.len() != count {
        return None;
    }
    Some(entries.iter().map(|entry| reply::read(entry.get("resource")?)).collect())
}

/// Whether a status says that no question will be answered.
fn is_refusal(status: StatusCode) -> bool {
    status.is_server_error() || matches!(status.as_u16(), 401 | 403 | 404)
}

/// The operation that a question is for, relative to the base.
fn operation(question: &Question) -> &'static str {
    if question.value_set.is_some() { "ValueSet/$validate-code" } else { "CodeSystem/$validate-code" }
}

fn parameters(question: &Question) -> Value {
    let mut parameters = Vec::new();
    let mut add = |name: &str, key: &str, value: &str| parameters.push(json!({ "name": name, key: value }));
    match &question.value_set {
        Some(value_set) => {
            let (url, version) = value_set.split_once('|').unwrap_or((value_set, ""));
            add("url", "valueUri", url);
            if !version.is_empty() {
                add("valueSetVersion", "valueString", version);
            }
            add("system", "valueUri", &question.system);
        }
        None => add("url", "valueUri", &question.system),
    }
    add("code", "valueCode", &question.code);
    json!({ "resourceType": "Parameters", "parameter": parameters })
}
