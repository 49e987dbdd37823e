//! One request and what came of it.

use serde::{Deserialize, Serialize};
use url::Url;

use super::redact::{redact_headers, redact_url, redact_values, secret_values};

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

    /// Sets a header, in place of any of the same name.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.0.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
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
    pub body: Option<String>,
}

/// A response as it was received, content encodings taken off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// Its status.
    pub status: u16,
    /// Its headers.
    pub headers: Headers,
    /// Its body.
    pub body: Vec<u8>,
}

/// Why there is no response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What kind of failure.
    pub kind: FailureKind,
    /// In words.
    pub message: String,
}

/// Kinds of failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureKind {
    /// Nobody answers at the address.
    Connect,
    /// The time was up.
    Timeout,
    /// The body is larger than allowed.
    BodyTooLarge,
    /// The answer is not HTTP, or ends too early.
    Protocol,
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
    /// When the request was sent, RFC 3339 in UTC.
    pub started: String,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
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
        }
    }

    /// The exchange as it is kept and judged: every secret taken out, those too that the answer repeats.
    ///
    /// Checks see this form only, so that a saved run judged again shows what it showed at first.
    #[must_use]
    pub fn without_secrets(mut self) -> Self {
        let secrets = secret_values(&self.request);
        let redacted = redact_url(&self.request.url);
        self.request.url = redacted.parse().unwrap_or(self.request.url);
        self.request.headers = redact_headers(&self.request.headers, &self.request.secret_headers);
        self.redirects =
            self.redirects.iter().filter_map(|url| Some(redact_url(&url.parse().ok()?))).collect();
        match &mut self.result {
            Ok(response) => {
                response.headers = redact_headers(&response.headers, &[]);
                for (_, value) in &mut response.headers.0 {
                    *value = redact_values(value, &secrets);
                }
                if let Ok(text) = std::str::from_utf8(&response.body)
                    && secrets.iter().any(|secret| text.contains(secret.as_str()))
                {
                    response.body = redact_values(text, &secrets).into_bytes();
                }
            }
            Err(failure) => failure.message = redact_values(&failure.message, &secrets),
        }
        self
    }
}
