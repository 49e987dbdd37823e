//! How fast, and how much: the rate of requests, pauses that a server asks for, and the budget of the run.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;

use super::{Failure, FailureKind, Limits};

/// Lets requests through, one after the other, as fast as allowed.
#[derive(Debug)]
pub(super) struct Pace {
    limits: Limits,
    began: Instant,
    sent: AtomicU64,
    /// When the next request may be sent.
    next: Mutex<Instant>,
}

impl Pace {
    pub(super) fn new(limits: Limits) -> Self {
        let now = Instant::now();
        Self { limits, began: now, sent: AtomicU64::new(0), next: Mutex::new(now) }
    }

    /// Waits until a request may be sent. Those who wait are let through in the order in which they came, so that no
    /// job waits for another's requests more than once each.
    ///
    /// # Errors
    /// The budget is used up, or would be before the turn comes.
    pub(super) async fn turn(&self) -> Result<(), Failure> {
        let turn = {
            let mut next = self.next.lock().await;
            let turn = (*next).max(Instant::now());
            self.within_budget(turn)?;
            if let Some(rate) = self.limits.rate {
                *next = turn + Duration::from_secs_f64(1.0 / rate);
            }
            turn
        };
        // A timer that is due already would still wait for the next millisecond.
        if turn > Instant::now() {
            tokio::time::sleep_until(turn).await;
        }
        let allowed = self.limits.max_requests.unwrap_or(u64::MAX);
        if self.sent.fetch_add(1, Ordering::Relaxed) >= allowed {
            return Err(used_up(&format!("{allowed} requests")));
        }
        Ok(())
    }

    /// Nobody sends before a moment: a server asked for it.
    pub(super) async fn pause(&self, wait: Duration) {
        let mut next = self.next.lock().await;
        *next = (*next).max(Instant::now() + wait);
    }

    /// When a request that is sent now must have ended, at the latest.
    pub(super) fn deadline(&self) -> Instant {
        let own = Instant::now() + self.limits.timeout;
        self.end().map_or(own, |end| end.min(own))
    }

    /// Whether the time of the run allows for a wait.
    pub(super) fn allows(&self, wait: Duration) -> bool {
        self.within_budget(Instant::now() + wait).is_ok()
    }

    /// The failure of a request that did not end in time.
    pub(super) fn too_late(&self) -> Failure {
        if self.end().is_some_and(|end| Instant::now() >= end) {
            return used_up(&words(self.limits.budget.unwrap_or_default()));
        }
        let limit = self.limits.timeout.as_secs_f64();
        Failure { kind: FailureKind::Timeout, message: format!("no complete answer within {limit} s") }
    }

    fn within_budget(&self, moment: Instant) -> Result<(), Failure> {
        match (self.end(), self.limits.budget) {
            (Some(end), Some(budget)) if moment >= end => Err(used_up(&words(budget))),
            _ => Ok(()),
        }
    }

    fn end(&self) -> Option<Instant> {
        self.limits.budget.and_then(|budget| self.began.checked_add(budget))
    }
}

fn words(time: Duration) -> String {
    format!("{} s", time.as_secs_f64())
}

fn used_up(what: &str) -> Failure {
    Failure { kind: FailureKind::Budget, message: format!("the run's budget of {what} is used up") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn requests_go_out_at_the_rate_given() {
        let pace = Pace::new(Limits { rate: Some(4.0), ..Limits::default() });
        let began = Instant::now();
        for _ in 0..9 {
            pace.turn().await.unwrap();
        }
        assert_eq!(began.elapsed(), Duration::from_secs(2));
        pace.pause(Duration::from_secs(10)).await;
        pace.turn().await.unwrap();
        assert_eq!(began.elapsed(), Duration::from_secs(12));
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_goes_out_beyond_the_budget() {
        let limits = Limits { budget: Some(Duration::from_secs(5)), ..Limits::default() };
        let pace = Pace::new(limits);
        pace.turn().await.unwrap();
        assert!(pace.allows(Duration::from_secs(4)) && !pace.allows(Duration::from_secs(6)));
        tokio::time::sleep(Duration::from_secs(5)).await;
        let failure = pace.turn().await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Budget);
        assert_eq!(failure.message, "the run's budget of 5 s is used up");

        let pace = Pace::new(Limits { max_requests: Some(2), ..Limits::default() });
        pace.turn().await.unwrap();
        pace.turn().await.unwrap();
        assert_eq!(pace.turn().await.unwrap_err().message, "the run's budget of 2 requests is used up");
    }
}
