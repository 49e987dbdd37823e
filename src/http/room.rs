//! Room for large answers: what many of them at once would take of memory is bounded, however many jobs there are.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// An answer up to this size needs no room, in bytes.
pub(super) const SMALL: u64 = 1 << 20;

/// The room that there is, in megabytes: as much as the largest answer that is allowed.
#[derive(Debug, Clone)]
pub(super) struct Rooms {
    free: Arc<Semaphore>,
    all: u32,
}

/// Room that is taken until the last answer that takes it is dropped.
#[derive(Clone, Default)]
pub struct Room(Option<Arc<OwnedSemaphorePermit>>);

impl Rooms {
    pub(super) fn new(max_body_bytes: u64) -> Self {
        let all = megabytes(max_body_bytes);
        Self { free: Arc::new(Semaphore::new(all as usize)), all }
    }

    /// Waits until there is room for an answer of so many bytes, or of the largest size if that is not known. `held` is
    /// the room of earlier pages, with which a further one makes do: it must not wait for itself.
    pub(super) async fn take(&self, bytes: Option<u64>, held: &Room) -> Room {
        if held.0.is_some() {
            return held.clone();
        }
        let wanted = bytes.map_or(self.all, megabytes).min(self.all);
        // The semaphore is never closed.
        Room(Arc::clone(&self.free).acquire_many_owned(wanted).await.ok().map(Arc::new))
    }
}

fn megabytes(bytes: u64) -> u32 {
    u32::try_from(bytes.div_ceil(1 << 20)).unwrap_or(u32::MAX).max(1)
}

/// Room is no part of what was said.
impl PartialEq for Room {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Room {}

impl std::fmt::Debug for Room {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(if self.0.is_some() { "taken" } else { "none" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn large_answers_wait_for_each_other_andpages_of_one_do_not() {
        let rooms = Rooms::new(16 << 20);
        let first = rooms.take(None, &Room::default()).await;
        let page = rooms.take(None, &first).await;
        let none = Room::default();
        let waits = rooms.take(Some(2 << 20), &none);
        let waited = tokio::time::timeout(std::time::Duration::ZERO, waits).await;
        assert!(waited.is_err(), "there was no room");
        drop(first);
        assert!(rooms.free.available_permits() == 0, "the page still takes it");
        drop(page);
        let _two = rooms.take(Some(2 << 20), &Room::default()).await;
        assert_eq!(rooms.free.available_permits(), 14);
    }
}
