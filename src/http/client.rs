//! The client: requests sent within bounds, at a measured pace, authenticated, and repeated where that is safe.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use url::Url;

use super::auth::Authorization;
use super::other_certificates::OtherCertificates;
use super::pace::Pace;
use super::retry;
use super::secret::KnownSecrets;
use super::transport::{Received, Transport};
use super::{
    Authenticator, ClientCertificate, Exchange, Failure, FailureKind, How, Http2, Limits, ProxyRule, Request,
    Response, TlsOptions, Try, TryAgain, redact_url,
};

/// What a client is made of.
#[derive(Debug, Default)]
pub struct ClientOptions {
    /// Bounds.
    pub limits: Limits,
    /// Which proxy is gone by.
    pub proxy: ProxyRule,
    /// How TLS is spoken.
    pub tls: TlsOptions,
    /// When HTTP/2 is spoken.
    pub http2: Http2,
    /// Further certificates of our own, by the names that scenarios give them.
    pub certificates: BTreeMap<String, Arc<ClientCertificate>>,
    /// Who we say that we are.
    pub authenticator: Authenticator,
}

/// Sends requests. Cheap to clone; connections, tokens and the pace are shared.
#[derive(Debug, Clone)]
pub struct Client(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    transport: Transport,
    other_certificates: OtherCertificates,
    limits: Limits,
    authenticator: Authenticator,
    pace: Pace,
    secrets: KnownSecrets,
    /// The origins that have answered.
    known: Mutex<HashSet<String>>,
}

impl Client {
    /// A client.
    ///
    /// # Errors
    /// What of the options cannot be used, in words.
    pub fn new(options: ClientOptions) -> Result<Self, String> {
        let ClientOptions { limits, proxy, tls, http2, certificates, authenticator } = options;
        let transport = Transport::new(limits, &proxy, &tls, http2)?;
        let secrets = KnownSecrets::default();
        let configured = authenticator.secrets().into_iter().chain(transport.secrets());
        configured.for_each(|secret| secrets.add(&secret));
        let (pace, known) = (Pace::new(limits), Mutex::default());
        let other_certificates =
            OtherCertificates { limits, proxy, tls, http2, certificates, made: Mutex::default() };
        Ok(Self(Arc::new(Shared {
            transport,
            other_certificates,
            limits,
            authenticator,
            pace,
            secrets,
            known,
        })))
    }

    /// The bounds.
    #[must_use]
    pub fn limits(&self) -> Limits {
        self.0.limits
    }

    /// Whether it presents a certificate of its own to whoever answers at an address.
    #[must_use]
    pub fn presents_certificate(&self, url: &Url) -> bool {
        url.scheme() == "https" && self.0.other_certificates.tls.certificate.is_some()
    }

    /// The secrets that are known.
    pub(super) fn secrets(&self) -> &KnownSecrets {
        &self.0.secrets
    }

    /// Sends a request with the credentials that it asks for, and reads the answer. Whatever goes wrong is part of the
    /// exchange.
    ///
    /// Redirects are followed for GET and HEAD and to the same origin only: credentials and patient data do not go to
    /// a host that the user did not name. Another redirect is the answer itself.
    pub async fn send(&self, request: Request) -> Exchange {
        let mut how = How::default();
        let mut renewed = false;
        loop {
            let tokens = &mut how.token_requests;
            let authorization = self.0.authenticator.authorization(&request.credentials, self, tokens).await;
            let authorization = match authorization {
                Ok(authorization) => authorization,
                Err(failure) => return unsent(request, &failure, how),
            };
            how.presented.clone_from(&authorization.presented);
            let (exchange, after) = self.tries(request.clone(), &authorization, how).await;
            how = after;
            let refused = exchange.result.as_ref().is_ok_and(|response| response.status == 401);
            if !(refused && authorization.kept_token && !renewed) {
                return Exchange { how, ..exchange };
            }
            // The token was good once: it may have ended sooner than it was said to.
            renewed = true;
            self.0.authenticator.forget(&request.credentials).await;
            how.tries.push(attempt(&exchange, TryAgain::TokenRefused, Duration::ZERO));
        }
    }

    /// Sends a request as it is, without credentials.
    pub(super) async fn send_plain(&self, request: Request) -> Exchange {
        let (exchange, how) = self.tries(request, &Authorization::default(), How::default()).await;
        Exchange { how, ..exchange }
    }

    /// Sends a request, again where that is safe and may help.
    async fn tries(&self, request: Request, authorization: &Authorization, how: How) -> (Exchange, How) {
        let mut how = how;
        let mut tried = 0;
        loop {
            if let Err(failure) = self.0.pace.turn().await {
                return (unsent(authorization.shown_on(&request), &failure, How::default()), how);
            }
            let exchange = self.follow(request.clone(), authorization, &mut how).await;
            let again = retry::again(&request, exchange.result.as_ref(), tried, self.is_known(&request.url));
            if let Ok(response) = &exchange.result {
                self.now_known(&request.url);
                if let Some(wait) = retry::pause(response).filter(|wait| self.0.pace.allows(*wait)) {
                    self.0.pace.pause(wait).await;
                }
            }
            match again {
                Some((why, wait))
                    if tried < retry::most(why, self.0.limits.retries) && self.0.pace.allows(wait) =>
                {
                    how.tries.push(attempt(&exchange, why, wait));
                    tokio::time::sleep(wait).await;
                    tried += 1;
                }
                _ => return (exchange, how),
            }
        }
    }

    /// Sends a request once, and follows where it leads.
    async fn follow(&self, request: Request, authorization: &Authorization, how: &mut How) -> Exchange {
        let started = jiff::Timestamp::now().to_string();
        let clock = Instant::now();
        let mut request = request;
        let mut redirects = Vec::new();
        let mut deadline = self.0.pace.deadline();
        let result = loop {
            let answer = self.once(&request, authorization, &mut deadline).await;
            let answer = answer.map(|Received { response, version, tls }| {
                how.version = version;
                how.tls = tls;
                response
            });
            let next = answer.as_ref().ok().and_then(|response| redirect(&request, response));
            let Some(next) = next else { break answer };
            redirects.push(request.url.to_string());
            if redirects.len() > self.0.limits.max_redirects
                || redirects.iter().any(|known| *known == next.as_str())
            {
                let message = format!("redirected {} times, last to {}", redirects.len(), redact_url(&next));
                break Err(Failure { kind: FailureKind::Redirects, message });
            }
            request.url = next;
            if let Err(failure) = self.0.pace.turn().await {
                break Err(failure);
            }
        };
        let duration_ms = u64::try_from(clock.elapsed().as_millis()).unwrap_or(u64::MAX);
        let request = authorization.shown_on(&request);
        Exchange { request, result, redirects, started, duration_ms, how: How::default() }
    }

    /// Sends one request, and takes the secrets out of its answer.
    async fn once(
        &self,
        request: &Request,
        authorization: &Authorization,
        deadline: &mut tokio::time::Instant,
    ) -> Result<Received, Failure> {
        let secrets = &self.0.secrets;
        authorization.secret().into_iter().for_each(|secret| secrets.add(secret));
        for (name, value) in &request.headers.0 {
            if request.secret_headers.iter().any(|known| known.eq_ignore_ascii_case(name)) {
                secrets.add(value);
            }
        }
        let transport = match &request.credentials.certificate {
            None => self.0.transport.clone(),
            Some(name) => self.0.other_certificates.transport(name)?,
        };
        let sent = transport.send(&authorization.on(request), deadline, || self.0.pace.too_late()).await;
        let mut received = sent.map_err(|failure| {
            // A proxy's or a server's own words can be in it.
            Failure { message: secrets.out_of_text(failure.message), ..failure }
        })?;
        for (_, value) in &mut received.response.headers.0 {
            *value = secrets.out_of_text(std::mem::take(value));
        }
        received.response.body = secrets.out_of(received.response.body);
        Ok(received)
    }

    fn is_known(&self, url: &Url) -> bool {
        let origin = url.origin().ascii_serialization();
        self.0.known.lock().unwrap_or_else(PoisonError::into_inner).contains(&origin)
    }

    fn now_known(&self, url: &Url) {
        let origin = url.origin().ascii_serialization();
        self.0.known.lock().unwrap_or_else(PoisonError::into_inner).insert(origin);
    }
}

/// The exchange of a request that was not sent.
fn unsent(request: Request, failure: &Failure, how: How) -> Exchange {
    let started = jiff::Timestamp::now().to_string();
    Exchange { how, ..Exchange::unanswered(request, &started, failure.kind, &failure.message) }
}

/// What is kept of a try that is not the last one.
fn attempt(exchange: &Exchange, why: TryAgain, wait: Duration) -> Try {
    Try {
        started: exchange.started.clone(),
        duration_ms: exchange.duration_ms,
        status: exchange.result.as_ref().ok().map(|response| response.status),
        failure: exchange.result.as_ref().err().cloned(),
        why,
        waited_ms: u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
    }
}

/// Where a response redirects to, if it is to be followed.
fn redirect(request: &Request, response: &Response) -> Option<Url> {
    let safe = matches!(request.method.as_str(), "GET" | "HEAD");
    let is_redirect = matches!(response.status, 301 | 302 | 303 | 307 | 308);
    let next = request.url.join(response.headers.get("location")?).ok()?;
    (safe && is_redirect && next.origin() == request.url.origin()).then_some(next)
}
