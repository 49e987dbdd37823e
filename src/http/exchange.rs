//! One request and what came of it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use url::Url;

use super::redact::{holds_token, redact_body, redact_headers, redact_url, secrets_of};
use super::{Credentials, HttpVersion, Presented, Room, TlsFacts};

/// Headers in their order; a name may repeat.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Header>", into = "Vec<Header>")]
pub struct Headers(pub Vec<(String, String)>);

/// A header as evidence holds it.
#[derive(Serialize, Deserialize)]
struct Header {
    name: String,
    value: String,
}

impl From<Vec<Header>> for Headers {
    fn from(headers: Vec<Header>) -> Self {
        Self(headers.into_iter().map(|header| (header.name, header.value)).collect())
    }
}

impl From<Headers> for Vec<Header> {
    fn from(headers: Headers) -> Self {
        headers.0.into_iter().map(|(name, value)| Header { name, value }).collect()
    }
}

impl Headers {
    /// The value of the first header of a name, letter case aside.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Takes a header away.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
    }

    /// Sets a header, in place of any of the same name.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.remove(name);
        self.0.push((name.to_owned(), value.into()));
    }
}

/// A request as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its method.
    pub method: String,
    /// Its address.
    pub url: Url,
    /// Its headers, secrets and all.
    pub headers: Headers,
    /// The names of headers that the user set, whose values are taken for secrets.
    pub secret_headers: Vec<String>,
    /// Its body.
    pub body: Option<Vec<u8>>,
    /// Whose credentials it carries. They are put in when it is sent.
    pub credentials: Credentials,
    /// The room that earlier pages of the same answer take, if they are large.
    pub room: Room,
}

/// A response as it was received, the content encoding of its body taken off, and secrets that came back with it
/// taken out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// Its status.
    pub status: u16,
    /// Its headers.
    pub headers: Headers,
    /// Its body.
    pub body: Vec<u8>,
    /// The room that it takes, if it is large.
    pub room: Room,
}

/// Why there is no response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What kind of failure.
    pub kind: FailureKind,
    /// In words.
    pub message: String,
}

impl Failure {
    /// Whether the server did answer, with what nobody can read.
    #[must_use]
    pub fn is_of_the_server(&self) -> bool {
        self.kind == FailureKind::Unreadable
    }
}

/// Kinds of failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureKind {
    /// Nobody answers at the address.
    Connect,
    /// No TLS connection could be agreed on.
    Tls,
    /// The server refused the TLS connection.
    TlsRefused,
    /// There is nothing to authenticate with: no token was given out.
    Authorization,
    /// The credentials that a scenario asks for are not configured, or cannot be made of those that are.
    Credentials,
    /// What the run may use of time and requests is used up.
    Budget,
    /// The time was up.
    Timeout,
    /// The body is larger than allowed.
    BodyTooLarge,
    /// What comes back is not HTTP, or breaks off.
    Protocol,
    /// The server says that it did not begin on the request, and that it may be sent again (RFC 9113, 8.7).
    NotProcessed,
    /// The head of the answer came, and its body is not as the head says: not in that content encoding, or not of that
    /// length.
    Unreadable,
    /// More redirects than allowed, or in a circle.
    Redirects,
    /// The run was interrupted.
    Interrupted,
    /// A saved run is judged again, and it holds no answer to this request.
    NotRecorded,
}

/// One request and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// The request, the last one where redirects were followed.
    pub request: Request,
    /// The response, or why there is none.
    pub result: Result<Response, Failure>,
    /// The addresses that redirected, in order.
    pub redirects: Vec<String>,
    /// When the request was sent, RFC 3339 in UTC; for the last time, if it was sent more than once.
    pub started: String,
    /// How long it took, in milliseconds, that one time.
    pub duration_ms: u64,
    /// How it was sent and received.
    pub how: How,
}

/// How a request was sent and its answer received.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct How {
    /// What it authenticated with, if with anything.
    pub presented: Option<Presented>,
    /// The requests for a token that had to be made for it first.
    pub token_requests: Vec<Exchange>,
    /// The tries before the one that counts, in order.
    pub tries: Vec<Try>,
    /// The version of HTTP that the answer came by.
    pub version: Option<HttpVersion>,
    /// What was agreed on by TLS on the connection that brought the answer.
    pub tls: Option<Arc<TlsFacts>>,
}

/// A try that was not the last one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Try {
    /// When the request was sent, RFC 3339 in UTC.
    pub started: String,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// The status of its answer, if it had one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Why it had none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// Why it was tried again, in words.
    pub why: TryAgain,
    /// How long was waited before the next try, in milliseconds.
    pub waited_ms: u64,
}

/// Why a request was sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TryAgain {
    /// It failed in a way that may pass: no connection, or status 502, 503 or 504.
    Failed,
    /// The server asked for patience: status 429.
    Patience,
    /// The server said that it did not begin on the request.
    NotProcessed,
    /// The token was refused, and was one from before: a new one was asked for.
    TokenRefused,
}

impl Exchange {
    /// Why its answer is not to be relied on, if it is not: the request had failed before it was answered.
    #[must_use]
    pub fn flaky(&self) -> Option<String> {
        // What fails to the end is not flaky.
        self.result.as_ref().ok().filter(|response| !matches!(response.status, 502..=504))?;
        let failed: Vec<String> =
            self.how.tries.iter().filter(|one| one.why == TryAgain::Failed).map(Try::words).collect();
        let tries = self.how.tries.len() + 1;
        (!failed.is_empty()).then(|| format!("answered at try {tries} only; before: {}", failed.join(", ")))
    }
}

impl Try {
    fn words(&self) -> String {
        match (&self.failure, self.status) {
            (Some(failure), _) => failure.message.clone(),
            (None, Some(status)) => format!("status {status}"),
            (None, None) => "no answer".to_owned(),
        }
    }
}

impl Exchange {
    /// A request that was not answered.
    #[must_use]
    pub fn unanswered(request: Request, started: &str, kind: FailureKind, message: &str) -> Self {
        Self {
            request,
            result: Err(Failure { kind, message: message.to_owned() }),
            redirects: Vec::new(),
            started: started.to_owned(),
            duration_ms: 0,
            how: How::default(),
        }
    }

    /// The exchange as it is kept and judged: every secret taken out, those too that the answer repeats.
    ///
    /// Checks see this form only, so that a saved run judged again shows what it showed at first.
    #[must_use]
    pub fn without_secrets(mut self) -> Self {
        let secrets = secrets_of(&self.request);
        let redacted = redact_url(&self.request.url);
        self.request.url = redacted.parse().unwrap_or(self.request.url);
        self.request.headers = redact_headers(&self.request.headers, &self.request.secret_headers);
        self.request.credentials = self.request.credentials.without_secrets();
        if let Some(Ok(text)) = self.request.body.as_deref().map(std::str::from_utf8) {
            self.request.body =
                Some(redact_body(text, self.request.headers.get("content-type")).into_bytes());
        }
        self.redirects =
            self.redirects.iter().filter_map(|url| Some(redact_url(&url.parse().ok()?))).collect();
        match &mut self.result {
            Ok(response) => {
                response.headers = redact_headers(&response.headers, &[]);
                for (_, value) in &mut response.headers.0 {
                    *value = secrets.out_of_text(std::mem::take(value));
                }
                response.body = secrets.out_of(std::mem::take(&mut response.body));
                if let Ok(text) = std::str::from_utf8(&response.body)
                    && holds_token(text)
                {
                    response.body = redact_body(text, response.headers.get("content-type")).into_bytes();
                }
            }
            Err(failure) => failure.message = secrets.out_of_text(std::mem::take(&mut failure.message)),
        }
        let requests = std::mem::take(&mut self.how.token_requests);
        self.how.token_requests = requests.into_iter().map(Self::without_secrets).collect();
        self
    }
}
