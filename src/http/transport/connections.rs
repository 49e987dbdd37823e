//! Connections that are kept and used again: those on which HTTP/2 may be spoken, and those for HTTP/1.1 alone.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use http_body_util::Full;
use hyper::HeaderMap;
use hyper::body::Bytes;
use hyper::header::HOST;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::connector::Connector;

/// How many headers an answer has at most: as many as hyper reads of HTTP/1.1.
pub(super) const MAX_HEADERS: usize = 100;

/// How large the head of an answer may be by HTTP/2, in bytes: as large as hyper reads of HTTP/1.1.
const MAX_HEAD: u32 = 400 << 10;

/// How much of an answer may come before it is read, in bytes, by HTTP/2.
const STREAM_WINDOW: u32 = 256 << 10;

/// How much of all answers on a connection of HTTP/2 may come before it is read, in bytes: more than as many answers as
/// there are can leave unread. One that waits for room must not keep those from coming that have it.
const CONNECTION_WINDOW: u32 = 1 << 30;

type Pool = Client<Connector, Full<Bytes>>;

/// Connections to all servers.
#[derive(Clone)]
pub(super) struct Connections {
    any: Pool,
    http1: Pool,
    /// Hosts and ports that want HTTP/1.1, whatever they chose.
    wants_http1: Arc<Mutex<HashSet<String>>>,
}

impl Connections {
    pub(super) fn new(connector: Connector) -> Self {
        let http1 = pool(connector.for_http1());
        Self { any: pool(connector), http1, wants_http1: Arc::default() }
    }

    /// Those for a request.
    pub(super) fn of(&self, authority: &str, headers: &HeaderMap) -> &Pool {
        // HTTP/2 names the host in the address alone: one of the user's own could only contradict it.
        let known = self.wants_http1.lock().unwrap_or_else(PoisonError::into_inner);
        if headers.contains_key(HOST) || known.contains(authority) { &self.http1 } else { &self.any }
    }

    /// A server is spoken to by HTTP/1.1 from here on.
    pub(super) fn use_http1(&self, authority: String) {
        self.wants_http1.lock().unwrap_or_else(PoisonError::into_inner).insert(authority);
    }
}

fn pool(connector: Connector) -> Pool {
    Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .http2_max_header_list_size(MAX_HEAD)
        .http2_initial_stream_window_size(STREAM_WINDOW)
        .http2_initial_connection_window_size(CONNECTION_WINDOW)
        .build(connector)
}
