//! A connection: plain or with TLS, and what is known of it.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use hyper_util::client::legacy::connect::{Connected, Connection};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use super::TlsFacts;
use super::refusals::Refusals;

/// The bytes of a connection.
pub(super) enum Bytes {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// A connection as the HTTP client uses it.
pub(super) struct Stream {
    pub(super) bytes: Bytes,
    /// What was agreed on, with TLS.
    pub(super) facts: Option<Arc<TlsFacts>>,
    /// Whether HTTP/2 is spoken on it.
    pub(super) http2: bool,
    /// Whether the other end is a proxy that wants whole addresses.
    pub(super) by_proxy: bool,
    /// Where a refusal that comes after the handshake is remembered, and of whom.
    pub(super) refusals: Option<(String, Refusals)>,
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        let connected = Connected::new().proxy(self.by_proxy);
        let connected = if self.http2 { connected.negotiated_h2() } else { connected };
        match &self.facts {
            Some(facts) => connected.extra(Arc::clone(facts)),
            None => connected,
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let polled = match &mut this.bytes {
            Bytes::Plain(stream) => Pin::new(stream).poll_read(context, buffer),
            Bytes::Tls(stream) => Pin::new(stream).poll_read(context, buffer),
        };
        if let (Poll::Ready(Err(error)), Some((authority, refusals))) = (&polled, &this.refusals) {
            refusals.note(authority, error);
        }
        polled
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &[u8]) -> Poll<io::Result<usize>> {
        match &mut self.get_mut().bytes {
            Bytes::Plain(stream) => Pin::new(stream).poll_write(context, buffer),
            Bytes::Tls(stream) => Pin::new(stream).poll_write(context, buffer),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().bytes {
            Bytes::Plain(stream) => Pin::new(stream).poll_flush(context),
            Bytes::Tls(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().bytes {
            Bytes::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Bytes::Tls(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }
}
