//! Where the answers of a run come from: the endpoint, or the recording of a run that is judged again.

use tokio::sync::watch;

use super::case::interruption;
use super::recording::Recording;
use crate::http::{Client, Exchange, Request};

/// Answers requests.
#[derive(Debug)]
pub(super) enum Sender {
    /// Asks the endpoint.
    Live {
        /// By this client.
        client: Client,
        /// Turns true when the user interrupts the run.
        interrupted: watch::Receiver<bool>,
    },
    /// Looks up what was answered before.
    Recorded(Recording),
}

impl Sender {
    /// The answer to a request, in the form that is kept and judged; `None` if the run was interrupted before it
    /// came. `id` is the name under which the exchange is kept.
    pub(super) async fn send(&self, id: &str, request: Request) -> Option<Exchange> {
        match self {
            Self::Live { client, interrupted } => tokio::select! {
                exchange = client.send(request) => Some(exchange.without_secrets()),
                () = interruption(interrupted.clone()) => None,
            },
            Self::Recorded(recording) => recording.answer(id, request),
        }
    }

    /// Whether the run was interrupted.
    pub(super) fn was_interrupted(&self) -> bool {
        match self {
            Self::Live { interrupted, .. } => *interrupted.borrow(),
            Self::Recorded(recording) => recording.was_interrupted(),
        }
    }
}
