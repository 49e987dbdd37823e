//! Refusals of TLS that come when the handshake is over.
//!
//! By TLS 1.3 a client is done before the server has looked at its certificate. A refusal is then the first thing that is
//! read, which may be before a request is on its way; the HTTP client only says that the connection is gone.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::Error as TlsError;

/// The last refusal of each server, by host and port.
#[derive(Debug, Clone, Default)]
pub(super) struct Refusals(Arc<Mutex<HashMap<String, TlsError>>>);

impl Refusals {
    /// Remembers the refusal in an error of reading, if that is what it is.
    pub(super) fn note(&self, authority: &str, error: &io::Error) {
        let refusal = error.get_ref().and_then(|inner| inner.downcast_ref::<TlsError>());
        if let Some(refusal @ TlsError::AlertReceived(_)) = refusal {
            let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            known.insert(authority.to_owned(), refusal.clone());
        }
    }

    /// The last refusal of a server.
    pub(super) fn of(&self, authority: &str) -> Option<TlsError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(authority).cloned()
    }

    /// What was refused before is not why the next request fails.
    pub(super) fn forget(&self, authority: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(authority);
    }
}
