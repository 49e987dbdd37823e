//! Where the answers of a run come from: the endpoint, the recording of a run that is judged again, or both where a run
//! that was killed is gone on with.

use std::collections::BTreeSet;

use tokio::sync::watch;

use super::case::interruption;
use super::recording::Recording;
use crate::http::{Client, Exchange, Request};

/// Answers requests.
#[derive(Debug)]
pub(super) enum Sender {
    /// Asks the endpoint.
    Live(Live),
    /// Looks up what was answered before.
    Recorded(Recording),
    /// Looks up what was answered to cases that ended, and asks the endpoint for the others.
    Resumed {
        /// What was answered.
        recording: Recording,
        /// The ids of the cases that ended.
        finished: BTreeSet<String>,
        /// The endpoint.
        live: Live,
    },
}

/// The endpoint.
#[derive(Debug)]
pub(super) struct Live {
    /// Who asks it.
    pub(super) client: Client,
    /// Turns true when the user interrupts the run.
    pub(super) interrupted: watch::Receiver<bool>,
}

impl Live {
    pub(super) async fn send(&self, request: Request) -> Option<Exchange> {
        tokio::select! {
            exchange = self.client.send(request) => Some(exchange.without_secrets()),
            () = interruption(self.interrupted.clone()) => None,
        }
    }
}

impl Sender {
    /// The answer to a request of a case, in the form that is kept and judged; `None` if the run was interrupted
    /// before it came. `id` is the name under which the exchange is kept.
    pub(super) async fn send(&self, case: &str, id: &str, request: Request) -> Option<Exchange> {
        match self {
            Self::Recorded(recording) => recording.answer(id, request),
            Self::Resumed { recording, finished, .. } if finished.contains(case) => {
                recording.answer(id, request)
            }
            Self::Live(live) | Self::Resumed { live, .. } => live.send(request).await,
        }
    }

    /// The same, though the run was interrupted: what it made is cleared away all the same, within the limits of each
    /// request.
    pub(super) async fn send_regardless(&self, case: &str, id: &str, request: Request) -> Option<Exchange> {
        match self {
            Self::Live(live) => Some(live.client.send(request).await.without_secrets()),
            Self::Resumed { finished, live, .. } if !finished.contains(case) => {
                Some(live.client.send(request).await.without_secrets())
            }
            Self::Recorded(_) | Self::Resumed { .. } => self.send(case, id, request).await,
        }
    }

    /// Whether the run was interrupted.
    pub(super) fn was_interrupted(&self) -> bool {
        match self {
            Self::Live(live) | Self::Resumed { live, .. } => *live.interrupted.borrow(),
            Self::Recorded(recording) => recording.was_interrupted(),
        }
    }
}
