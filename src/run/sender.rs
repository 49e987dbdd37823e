//! Where the answers of a run come from: the endpoint, the recording of a run that is judged again, or both where a run
//! that was killed is gone on with.

use std::collections::BTreeSet;

use tokio::sync::watch;

use super::case::interruption;
use super::recording::Recording;
use crate::check::Page;
use crate::http::{Client, Exchange, Request};

/// Answers requests.
#[derive(Debug)]
pub(super) enum Sender {
    /// Asks the endpoint.
    Live(Live),
    /// Looks up what was answered before.
    Recorded {
        /// What was answered.
        recording: Recording,
        /// Whether it is of the same standard, so that each answer is where it was.
        same: bool,
    },
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
        if *self.interrupted.borrow() {
            return None;
        }
        // What changes something is waited for, within its time: it must not be left behind without evidence.
        if !matches!(request.method.as_str(), "GET" | "HEAD") {
            return Some(self.client.send(request).await.without_secrets());
        }
        tokio::select! {
            exchange = self.client.send(request) => Some(exchange.without_secrets()),
            () = interruption(self.interrupted.clone()) => None,
        }
    }
}

impl Sender {
    /// What was asked and answered before the recorded run began, in order, each read when it is its turn.
    pub(super) fn prepared(&self) -> impl Iterator<Item = Page> {
        let recording = match self {
            Self::Live(_) => None,
            Self::Recorded { recording, .. } | Self::Resumed { recording, .. } => Some(recording),
        };
        recording.into_iter().flat_map(Recording::prepared)
    }

    /// The answer to a request of a case, in the form that is kept and judged; `None` if the run was interrupted
    /// before it came. `id` is the name under which the exchange is kept.
    pub(super) async fn send(&self, case: &str, id: &str, request: Request) -> Option<Exchange> {
        match self {
            Self::Recorded { recording, same: false } => recording.answer(id, request),
            Self::Recorded { recording, same: true } => recording.own_answer(id, request),
            // What the server claims is what it claimed when the run began.
            Self::Resumed { recording, finished, .. } if finished.contains(case) || recording.holds(case) => {
                recording.own_answer(id, request)
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
            Self::Recorded { .. } | Self::Resumed { .. } => self.send(case, id, request).await,
        }
    }

    /// Whether nothing more is to be asked of the endpoint.
    pub(super) fn is_over(&self) -> bool {
        !matches!(self, Self::Recorded { .. }) && self.was_interrupted()
    }

    /// Whether the run was interrupted.
    pub(super) fn was_interrupted(&self) -> bool {
        match self {
            Self::Live(live) | Self::Resumed { live, .. } => *live.interrupted.borrow(),
            Self::Recorded { recording, .. } => recording.was_interrupted(),
        }
    }
}
