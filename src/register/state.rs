//! What became of an entry: its states, and which event leads from which to which.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::EventKind;

/// How an entry of the register stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It counts.
    Current,
    /// It does not count for now.
    Suspended,
    /// Its last day is over.
    Expired,
    /// Another entry took its place.
    Superseded,
    /// It was taken back.
    Withdrawn,
}

impl State {
    /// All of them, in the order of a list of choices.
    pub const ALL: [Self; 5] =
        [Self::Current, Self::Suspended, Self::Expired, Self::Superseded, Self::Withdrawn];

    /// The state that an event leads to; `None` where it cannot come now.
    #[must_use]
    pub fn after(self, kind: EventKind) -> Option<Self> {
        let lives = matches!(self, Self::Current | Self::Suspended | Self::Expired);
        match kind {
            EventKind::Issued => None,
            EventKind::Renewed => matches!(self, Self::Current | Self::Expired).then_some(Self::Current),
            EventKind::Suspended => (self == Self::Current).then_some(Self::Suspended),
            EventKind::Reinstated => (self == Self::Suspended).then_some(Self::Current),
            EventKind::Expired => matches!(self, Self::Current | Self::Suspended).then_some(Self::Expired),
            EventKind::Withdrawn => lives.then_some(Self::Withdrawn),
            EventKind::Superseded => lives.then_some(Self::Superseded),
            // What is found is published, whatever became of the entry.
            EventKind::Nonconformity => Some(self),
        }
    }

    /// The events that can come next.
    #[must_use]
    pub fn next(self) -> Vec<EventKind> {
        EventKind::ALL.into_iter().filter(|kind| self.after(*kind).is_some()).collect()
    }
}

impl std::fmt::Display for State {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Current => "current",
            Self::Suspended => "suspended",
            Self::Expired => "expired",
            Self::Superseded => "superseded",
            Self::Withdrawn => "withdrawn",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_stays_over() {
        for state in [State::Withdrawn, State::Superseded] {
            assert_eq!(state.next(), [EventKind::Nonconformity]);
        }
        assert!(State::ALL.iter().all(|state| state.after(EventKind::Issued).is_none()));
        assert_eq!(State::Suspended.after(EventKind::Reinstated), Some(State::Current));
        assert_eq!(State::Suspended.after(EventKind::Renewed), None);
        assert_eq!(State::Expired.after(EventKind::Renewed), Some(State::Current));
    }
}
