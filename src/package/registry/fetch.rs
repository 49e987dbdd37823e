//! One request to a registry: bounded in time, size, redirects and attempts.

use std::io::Read as _;
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use reqwest::blocking::{Client, Response};
use reqwest::header::{LOCATION, RETRY_AFTER};
use reqwest::redirect::Policy;
use url::{Host, Url};

/// How long connecting may take, and each wait for the next bytes.
const PATIENCE: Duration = Duration::from_secs(20);
/// How many redirects are followed.
const MAX_REDIRECTS: usize = 5;
/// How often a request is made before it is given up.
const ATTEMPTS: u32 = 3;
/// How long is waited before the second attempt; twice as long before each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(300);
/// The longest pause that a registry can ask for.
const MAX_PAUSE: Duration = Duration::from_secs(10);

/// What is fetched at most.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bound {
    pub(super) bytes: u64,
    pub(super) time: Duration,
}

/// Why there is nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// The registry says that it has no such thing.
    NotThere,
    /// It could not be had.
    Other(String),
}

/// An attempt that failed, and whether another may help.
struct Failed {
    failure: Failure,
    again: Option<Duration>,
}

/// Asks registries. It follows no redirect by itself and takes bodies as they are.
#[derive(Debug)]
pub(super) struct Fetcher {
    direct: Client,
    proxied: Client,
}

impl Fetcher {
    pub(super) fn new() -> Result<Self, reqwest::Error> {
        // Installing fails only where a provider is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = || {
            Client::builder()
                .user_agent(concat!("proofmark/", env!("CARGO_PKG_VERSION")))
                .redirect(Policy::none())
                .referer(false)
                .no_gzip()
                .connect_timeout(PATIENCE)
                .timeout(PATIENCE)
        };
        Ok(Self { direct: builder().no_proxy().build()?, proxied: builder().build()? })
    }

    /// The client for an address: never by a proxy to this machine itself.
    fn client(&self, address: &Url) -> &Client {
        if is_loopback(address) { &self.direct } else { &self.proxied }
    }

    /// Fetches a body on behalf of a registry; `progress` is told how much of how much is there.
    pub(super) fn fetch(
        &self,
        registry: &Url,
        address: &Url,
        bound: Bound,
        progress: &mut dyn FnMut(u64, Option<u64>),
    ) -> Result<Vec<u8>, Failure> {
        let deadline = Instant::now() + bound.time;
        let mut pause = FIRST_PAUSE;
        let mut attempt = 1;
        loop {
            let failed = match self.answer(registry, address) {
                Ok((response, last)) => match body(response, &last, bound, deadline, progress) {
                    Ok(body) => return Ok(body),
                    Err(failed) => failed,
                },
                Err(failed) => failed,
            };
            let Some(asked) = failed.again.filter(|_| attempt < ATTEMPTS) else { return Err(failed.failure) };
            let wait = asked.max(pause).min(MAX_PAUSE);
            if Instant::now() + wait > deadline {
                return Err(failed.failure);
            }
            std::thread::sleep(wait);
            attempt += 1;
            pause *= 2;
        }
    }

    /// The answer at the end of the redirects, and its address.
    fn answer(&self, registry: &Url, address: &Url) -> Result<(Response, Url), Failed> {
        let mut address = address.clone();
        for _ in 0..=MAX_REDIRECTS {
            if !is_allowed(&address, registry) {
                return Err(gone(format!(
                    "{} is refused: only https, or http from a registry on this machine, is fetched",
                    shown(&address)
                )));
            }
            let response =
                self.client(&address).get(address.clone()).send().map_err(|error| passing(cause(&error)))?;
            let status = response.status();
            if status.is_success() {
                return Ok((response, address));
            }
            if !status.is_redirection() {
                return Err(refused(&response, &address));
            }
            let next = response.headers().get(LOCATION).and_then(|next| next.to_str().ok());
            address = next.and_then(|next| address.join(next).ok()).ok_or_else(|| {
                gone(format!("{} answers {status} and does not say where to", shown(&address)))
            })?;
        }
        Err(gone(format!("more than {MAX_REDIRECTS} redirects, last to {}", shown(&address))))
    }
}

/// An address for messages: without the name and password that it can carry.
pub(super) fn shown(address: &Url) -> String {
    let mut shown = address.clone();
    match shown.set_username("").and_then(|()| shown.set_password(None)) {
        Ok(()) => shown.to_string(),
        Err(()) => shown.host_str().unwrap_or_default().to_owned(),
    }
}

/// Whether an address may be asked: over TLS, or on this machine if the registry is here too.
pub(super) fn is_allowed(address: &Url, registry: &Url) -> bool {
    match address.scheme() {
        "https" => true,
        "http" => is_loopback(address) && is_loopback(registry),
        _ => false,
    }
}

/// Whether an address is this machine.
pub(super) fn is_loopback(address: &Url) -> bool {
    match address.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// Reads an answer to its end.
fn body(
    mut response: Response,
    address: &Url,
    bound: Bound,
    deadline: Instant,
    progress: &mut dyn FnMut(u64, Option<u64>),
) -> Result<Vec<u8>, Failed> {
    let length = response.content_length();
    let mut body = Vec::new();
    let mut block = vec![0; 64 << 10];
    loop {
        let read = response.read(&mut block).map_err(|error| {
            passing(format!(
                "{}: the answer ends after {} bytes: {}",
                shown(address),
                body.len(),
                innermost(&error)
            ))
        })?;
        if read == 0 {
            return Ok(body);
        }
        body.extend_from_slice(&block[..read]);
        if body.len() as u64 > bound.bytes {
            return Err(gone(format!(
                "{}: the answer is larger than {} MB",
                shown(address),
                bound.bytes >> 20
            )));
        }
        if Instant::now() > deadline {
            return Err(gone(format!("{}: not complete after {} s", shown(address), bound.time.as_secs())));
        }
        progress(body.len() as u64, length);
    }
}

/// An answer that is neither a success nor a redirect.
fn refused(response: &Response, address: &Url) -> Failed {
    let status = response.status();
    let failure = match status {
        StatusCode::NOT_FOUND | StatusCode::GONE => Failure::NotThere,
        _ => Failure::Other(format!("{} answers {status}", shown(address))),
    };
    let asked =
        response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.trim().parse().ok());
    let worth_it = status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error();
    let again = worth_it.then(|| asked.map_or(Duration::ZERO, Duration::from_secs));
    Failed { failure, again }
}

/// What another attempt may mend.
fn passing(message: String) -> Failed {
    Failed { failure: Failure::Other(message), again: Some(Duration::ZERO) }
}

/// What no further attempt mends.
fn gone(message: String) -> Failed {
    Failed { failure: Failure::Other(message), again: None }
}

fn cause(error: &reqwest::Error) -> String {
    let what = match error {
        error if error.is_timeout() => "no answer in time",
        error if error.is_connect() => "no connection",
        _ => "the answer could not be read",
    };
    format!("{what}: {}", innermost(error))
}

/// The words of the innermost cause; those around it repeat the address.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tls_or_this_machine_is_asked() {
        let url = |text: &str| Url::parse(text).unwrap();
        let (public, local) = (url("https://packages.fhir.org"), url("http://127.0.0.1:4873"));
        assert!(is_allowed(&url("https://elsewhere.example/x.tgz"), &public));
        assert!(is_allowed(&url("http://localhost:1/x.tgz"), &local));
        // A registry does not make us ask what only this machine can reach.
        for address in ["http://127.0.0.1/x", "http://packages.fhir.org/x", "file:///etc/passwd", "ftp://h/x"]
        {
            assert!(!is_allowed(&url(address), &public), "{address}");
        }
        assert!(!is_allowed(&url("http://192.168.0.1/x"), &local));
    }
}
