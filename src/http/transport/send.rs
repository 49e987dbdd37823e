//! One request over one connection.

use std::sync::Arc;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body as _, Bytes};
use hyper::header::{ACCEPT_ENCODING, CONTENT_ENCODING, PROXY_AUTHORIZATION, USER_AGENT};
use hyper::{HeaderMap, Method, Uri};
use hyper_util::client::legacy::connect::{CaptureConnection, capture_connection};
use tokio::time::{Instant, timeout_at};

use super::connections::{Connections, MAX_HEADERS};
use super::connector::Connector;
use super::decode::{ACCEPTED, Body};
use super::refusals::Refusals;
use super::{Proxy, ProxyRule, TlsFacts, TlsOptions, failure, tls};
use crate::http::room::{Rooms, SMALL};
use crate::http::{Failure, FailureKind, Headers, Http2, HttpVersion, Limits, Request, Response};

/// Sends requests; connections are kept and used again.
#[derive(Clone)]
pub(crate) struct Transport {
    connections: Connections,
    proxy: Proxy,
    limits: Limits,
    rooms: Rooms,
    refusals: Refusals,
}

impl std::fmt::Debug for Transport {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Transport").field("limits", &self.limits).finish_non_exhaustive()
    }
}

/// An answer, and what is known of the connection that it came by.
pub(crate) struct Received {
    pub(crate) response: Response,
    pub(crate) version: Option<HttpVersion>,
    pub(crate) tls: Option<Arc<TlsFacts>>,
}

impl Transport {
    /// # Errors
    /// What of the options cannot be used, in words.
    pub(crate) fn new(
        limits: Limits,
        rule: &ProxyRule,
        tls: &TlsOptions,
        http2: Http2,
    ) -> Result<Self, String> {
        let proxy = Proxy::new(rule);
        let configuration = Arc::new(tls::configuration(tls)?);
        let refusals = Refusals::default();
        let connector = Connector::new(proxy.clone(), configuration, http2, limits.timeout, refusals.clone());
        let connections = Connections::new(connector);
        Ok(Self { connections, proxy, limits, rooms: Rooms::new(limits.max_body_bytes), refusals })
    }

    /// The secrets that the way itself needs: those that a proxy is shown.
    pub(crate) fn secrets(&self) -> Vec<String> {
        self.proxy.secrets()
    }

    /// Sends a request and reads the answer, redirects and all that follows left to the caller. `late` is what is said
    /// when it does not come before the deadline, which moves while it is we who keep it waiting.
    pub(crate) async fn send(
        &self,
        request: &Request,
        deadline: &mut Instant,
        late: impl Fn() -> Failure,
    ) -> Result<Received, Failure> {
        let mut prepared = self.prepared(request)?;
        let connection = capture_connection(&mut prepared);
        let late = || {
            leave(&connection);
            late()
        };
        let authority = prepared.uri().authority().map(ToString::to_string).unwrap_or_default();
        self.refusals.forget(&authority);
        let client = self.connections.of(&authority, prepared.headers());
        let response = timeout_at(*deadline, client.request(prepared)).await.map_err(|_| late())?;
        let response = response.map_err(|error| {
            if failure::wants_http1(&error) {
                self.connections.use_http1(authority.clone());
            }
            // By TLS 1.3 a certificate is refused after the handshake, on a connection that is then just gone.
            let refusal = self.refusals.of(&authority).map(|error| failure::of_tls(&error));
            refusal.unwrap_or_else(|| failure::of_request(&error))
        })?;
        let (head, mut stream) = response.into_parts();
        if head.headers.len() > MAX_HEADERS {
            return Err(failure::of_large_head());
        }
        let tls = head.extensions.get::<Arc<TlsFacts>>().cloned();
        let mut body = Body::new(&encoding(&head.headers), self.limits.max_body_bytes)?;
        let mut room = None;
        while let Some(frame) = timeout_at(*deadline, stream.frame()).await.map_err(|_| late())? {
            let frame = frame.map_err(|error| failure::of_body(&error))?;
            let Ok(bytes) = frame.into_data() else { continue };
            body.push(&bytes)?;
            if room.is_none() && body.size() > SMALL {
                let size = if body.is_packed() { None } else { stream.size_hint().exact() };
                let began = Instant::now();
                room = Some(self.rooms.take(size.map(|rest| rest + body.size()), &request.room).await);
                *deadline += began.elapsed();
            }
        }
        // By HTTP/2, hyper takes an answer that is broken off without an error for whole.
        if !stream.is_end_stream() && stream.size_hint().exact().is_some_and(|rest| rest > 0) {
            return Err(failure::of_short_body());
        }
        let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
        let headers = head.headers.iter().map(|(name, value)| (name.to_string(), text(value.as_bytes())));
        let headers = Headers(headers.collect());
        let response = Response {
            status: head.status.as_u16(),
            headers,
            body: body.finish()?,
            room: room.unwrap_or_default(),
        };
        Ok(Received { response, version: HttpVersion::of(head.version), tls })
    }

    fn prepared(&self, request: &Request) -> Result<hyper::Request<Full<Bytes>>, Failure> {
        let refused = |message: String| Failure {
            kind: FailureKind::Protocol,
            message: format!("not sent: {message}"),
        };
        let method = Method::from_bytes(request.method.as_bytes())
            .map_err(|_| refused(format!("`{}` is not an HTTP method", request.method)))?;
        let uri: Uri =
            request.url.as_str().parse().map_err(|error| refused(format!("the address: {error}")))?;
        let mut builder = hyper::Request::builder().method(method).uri(uri.clone());
        for (name, value) in &request.headers.0 {
            builder = builder.header(name, value);
        }
        let body = request.body.clone().map_or_else(Full::default, |body| Full::new(Bytes::from(body)));
        let mut prepared =
            builder.body(body).map_err(|error| refused(format!("a header cannot be sent: {error}")))?;
        let headers = prepared.headers_mut();
        let agent = concat!("proofmark/", env!("CARGO_PKG_VERSION"));
        headers.entry(USER_AGENT).or_insert(hyper::header::HeaderValue::from_static(agent));
        headers.entry(ACCEPT_ENCODING).or_insert(hyper::header::HeaderValue::from_static(ACCEPTED));
        // Over TLS, the proxy is asked for a tunnel and sees none of this.
        if uri.scheme_str() == Some("http")
            && let Ok(Some(by)) = self.proxy.of(&uri)
            && let Some(authorization) = by.authorization
        {
            headers.insert(PROXY_AUTHORIZATION, authorization);
        }
        Ok(prepared)
    }
}

/// Leaves a connection to the requests that are on it already: what was late on it, or is stuck, would keep all others
/// waiting that it carries by HTTP/2.
fn leave(connection: &CaptureConnection) {
    if let Some(connected) = connection.connection_metadata().as_ref() {
        connected.poison();
    }
}

/// The content encodings, all headers of the name together.
fn encoding(headers: &HeaderMap) -> String {
    let values = headers.get_all(CONTENT_ENCODING).iter();
    let values: Vec<&str> = values.filter_map(|value| value.to_str().ok()).collect();
    values.join(", ")
}
