//! From an address to a connection: straight or by a proxy, plain or with TLS.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::Uri;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tower_service::Service;

use super::refusals::Refusals;
use super::stream::{Bytes, Stream};
use super::tls::HTTP2;
use super::{Proxy, TlsFacts};
use crate::http::Http2;

type Error = Box<dyn std::error::Error + Send + Sync>;

/// Makes connections.
#[derive(Clone)]
pub(super) struct Connector {
    http: HttpConnector,
    proxy: Proxy,
    tls: Arc<rustls::ClientConfig>,
    http2: Http2,
    refusals: Refusals,
}

impl Connector {
    pub(super) fn new(
        proxy: Proxy,
        tls: Arc<rustls::ClientConfig>,
        http2: Http2,
        timeout: Duration,
        refusals: Refusals,
    ) -> Self {
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_nodelay(true);
        http.set_connect_timeout(Some(timeout));
        Self { http, proxy, tls, http2, refusals }
    }

    /// One that offers HTTP/1.1 and nothing else.
    pub(super) fn for_http1(&self) -> Self {
        let mut tls = rustls::ClientConfig::clone(&self.tls);
        tls.alpn_protocols.retain(|name| name != HTTP2);
        Self { tls: Arc::new(tls), http2: Http2::Negotiated, ..self.clone() }
    }

    async fn connect(mut self, to: Uri) -> Result<TokioIo<Stream>, Error> {
        let secure = to.scheme_str() == Some("https");
        let by = self.proxy.of(&to)?;
        let by_proxy = by.is_some() && !secure;
        let connection: TokioIo<TcpStream> = match by {
            None => self.http.call(to.clone()).await?,
            Some(proxy) if secure => {
                let mut tunnel = Tunnel::new(proxy.address, self.http);
                if let Some(authorization) = proxy.authorization {
                    tunnel = tunnel.with_auth(authorization);
                }
                let through = |error| io::Error::other(format!("by the proxy: {}", innermost(&error)));
                tunnel.call(to.clone()).await.map_err(through)?
            }
            Some(proxy) => self.http.call(proxy.address).await?,
        };
        let stream = connection.into_inner();
        if !secure {
            return Ok(TokioIo::new(Stream {
                bytes: Bytes::Plain(stream),
                facts: None,
                // A proxy that is shown the whole address is spoken to by HTTP/1.1.
                http2: self.http2 == Http2::PriorKnowledge && !by_proxy,
                by_proxy,
                refusals: None,
            }));
        }
        let host = to.host().unwrap_or_default().trim_start_matches('[').trim_end_matches(']');
        let name = ServerName::try_from(host.to_owned())?;
        let stream = tokio_rustls::TlsConnector::from(self.tls).connect(name, stream).await?;
        let facts = TlsFacts::of(stream.get_ref().1);
        let http2 = stream.get_ref().1.alpn_protocol() == Some(HTTP2);
        let authority = to.authority().map(ToString::to_string).unwrap_or_default();
        let (bytes, refusals) = (Bytes::Tls(Box::new(stream)), Some((authority, self.refusals)));
        Ok(TokioIo::new(Stream { bytes, facts: Some(Arc::new(facts)), http2, by_proxy, refusals }))
    }
}

/// The words of the innermost cause.
fn innermost(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), innermost)
}

impl Service<Uri> for Connector {
    type Response = TokioIo<Stream>;
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        Box::pin(self.clone().connect(to))
    }
}
