//! The client: one request at a time, bounded in time, size and redirects.

use std::time::{Duration, Instant};

use reqwest::redirect::Policy;
use url::Url;

use super::{Exchange, Failure, FailureKind, Headers, Request, Response, redact_url};

/// Bounds of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How long a request may take, from connecting to the last byte.
    pub timeout: Duration,
    /// How large a body may be, in bytes, content encodings taken off.
    pub max_body_bytes: u64,
    /// How many redirects are followed.
    pub max_redirects: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { timeout: Duration::from_secs(30), max_body_bytes: 16 << 20, max_redirects: 5 }
    }
}

/// The way that requests take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// Straight to the endpoint.
    Direct,
    /// By the proxy that the environment names (`HTTPS_PROXY` and its like), if it names one.
    Environment,
}

impl Route {
    /// The way to an address: never by a proxy to this machine itself.
    #[must_use]
    pub fn to(url: &Url) -> Self {
        let loopback = match url.host() {
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            Some(url::Host::Domain(name)) => name == "localhost",
            None => false,
        };
        if loopback { Self::Direct } else { Self::Environment }
    }
}

/// Sends requests. Cheap to clone; connections are shared.
#[derive(Debug, Clone)]
pub struct Client {
    inner: reqwest::Client,
    limits: Limits,
}

impl Client {
    /// A client with the bounds given.
    ///
    /// # Errors
    /// TLS cannot be set up on this machine.
    pub fn new(limits: Limits, route: Route) -> Result<Self, reqwest::Error> {
        // Installing fails only where a provider is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder();
        if route == Route::Direct {
            builder = builder.no_proxy();
        }
        let inner = builder
            .user_agent(concat!("proofmark/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .referer(false)
            .connect_timeout(limits.timeout)
            .build()?;
        Ok(Self { inner, limits })
    }

    /// The bounds.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Sends a request and reads the answer. Whatever goes wrong is part of the exchange.
    ///
    /// Redirects are followed for GET and HEAD and to the same origin only: credentials and patient data
    /// do not go to a host that the user did not name. Another redirect is the answer itself.
    pub async fn send(&self, request: Request) -> Exchange {
        let started = jiff::Timestamp::now().to_string();
        let clock = Instant::now();
        let mut request = request;
        let mut redirects = Vec::new();
        let deadline = tokio::time::Instant::now() + self.limits.timeout;
        let result = loop {
            let answer = match tokio::time::timeout_at(deadline, self.once(&request)).await {
                Ok(answer) => answer,
                Err(_) => Err(timed_out(self.limits.timeout)),
            };
            let next = answer.as_ref().ok().and_then(|response| redirect(&request, response));
            let Some(next) = next else { break answer };
            redirects.push(request.url.to_string());
            if redirects.len() > self.limits.max_redirects
                || redirects.iter().any(|known| *known == next.as_str())
            {
                let message = format!("redirected {} times, last to {}", redirects.len(), redact_url(&next));
                break Err(Failure { kind: FailureKind::Redirects, message });
            }
            request.url = next;
        };
        let duration_ms = u64::try_from(clock.elapsed().as_millis()).unwrap_or(u64::MAX);
        Exchange { request, result, redirects, started, duration_ms }
    }

    async fn once(&self, request: &Request) -> Result<Response, Failure> {
        let protocol = |message: String| Failure { kind: FailureKind::Protocol, message };
        let method = reqwest::Method::from_bytes(request.method.as_bytes())
            .map_err(|_| protocol(format!("`{}` is not an HTTP method", request.method)))?;
        let mut builder = self.inner.request(method, request.url.clone());
        for (name, value) in &request.headers.0 {
            builder = builder.header(name, value);
        }
        if let Some(body) = &request.body {
            builder = builder.body(body.clone());
        }
        let mut response = builder.send().await.map_err(|error| failure(&error))?;
        let status = response.status().as_u16();
        let headers = Headers(
            response
                .headers()
                .iter()
                .map(|(name, value)| {
                    (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
                })
                .collect(),
        );
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| failure(&error))? {
            if (body.len() + chunk.len()) as u64 > self.limits.max_body_bytes {
                let limit = self.limits.max_body_bytes >> 20;
                let message = format!("the body is larger than {limit} MB and was not read to the end");
                return Err(Failure { kind: FailureKind::BodyTooLarge, message });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Response { status, headers, body })
    }
}

/// Where a response redirects to, if it is to be followed.
fn redirect(request: &Request, response: &Response) -> Option<Url> {
    let safe = matches!(request.method.as_str(), "GET" | "HEAD");
    let is_redirect = matches!(response.status, 301 | 302 | 303 | 307 | 308);
    let next = request.url.join(response.headers.get("location")?).ok()?;
    (safe && is_redirect && next.origin() == request.url.origin()).then_some(next)
}

fn timed_out(limit: Duration) -> Failure {
    Failure {
        kind: FailureKind::Timeout,
        message: format!("no complete answer within {} s", limit.as_secs_f64()),
    }
}

/// The words of the innermost cause; those around it repeat the address.
fn failure(error: &reqwest::Error) -> Failure {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    let kind = if error.is_timeout() {
        FailureKind::Timeout
    } else if error.is_connect() {
        FailureKind::Connect
    } else {
        FailureKind::Protocol
    };
    let what = match kind {
        FailureKind::Connect => "no connection",
        FailureKind::Timeout => "no answer in time",
        _ => "the answer could not be read",
    };
    Failure { kind, message: format!("{what}: {cause}") }
}
