//! Work done side by side, with the results in the order of the work.

use std::num::NonZeroUsize;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, Scope};

use crate::cli::error::{Error, Result};

/// The stack of a thread in bytes, as large as that of the program's first: resources nest.
const STACK: usize = 8 << 20;

/// A piece of work, and where its result goes.
type Ticket<W, R> = (W, SyncSender<R>);

/// Does the work in as many threads as there are `jobs`, and hands on each result in the order of the work. However much
/// work there is, only a few pieces for each thread are under way at once.
pub(super) fn in_order<W: Send, R: Send>(
    work: impl Iterator<Item = W> + Send,
    jobs: NonZeroUsize,
    judge: impl Fn(W) -> R + Sync,
    mut hand_on: impl FnMut(R) -> Result<()>,
) -> Result<()> {
    if jobs.get() == 1 {
        return work.map(judge).try_for_each(hand_on);
    }
    let (tickets, to_do) = sync_channel::<Ticket<W, R>>(jobs.get());
    let (promises, results) = sync_channel::<Receiver<R>>(2 * jobs.get());
    let to_do = Arc::new(Mutex::new(to_do));
    let judge = &judge;
    std::thread::scope(|scope| {
        spawn(scope, move || give_out(work, &tickets, &promises))?;
        for _ in 0..jobs.get() {
            let to_do = Arc::clone(&to_do);
            spawn(scope, move || {
                while let Some((work, result)) = next(&to_do) {
                    // Nobody waits for it once handing on has failed.
                    let _ = result.send(judge(work));
                }
            })?;
        }
        // The threads alone hold what is to do, so that nothing waits for them if all have panicked; and once this end of
        // the promises is dropped, the work that is left is not given out.
        drop(to_do);
        let results = results;
        results.iter().try_for_each(|result| result.recv().map_or(Ok(()), &mut hand_on))
    })
}

/// Gives out the work, and in the same order the promises of its results; ends when nobody waits for them.
fn give_out<W, R>(
    work: impl Iterator<Item = W>,
    tickets: &SyncSender<Ticket<W, R>>,
    promises: &SyncSender<Receiver<R>>,
) {
    for work in work {
        let (result, promise) = sync_channel(1);
        if promises.send(promise).is_err() || tickets.send((work, result)).is_err() {
            return;
        }
    }
}

fn next<T>(queue: &Mutex<Receiver<T>>) -> Option<T> {
    // A thread that panicked did not hold the queue's lock for anything that can be half done.
    queue.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

fn spawn<'s>(scope: &'s Scope<'s, '_>, run: impl FnOnce() + Send + 's) -> Result<()> {
    let spawned = Builder::new().stack_size(STACK).spawn_scoped(scope, run);
    spawned.map(drop).map_err(|error| Error::io("a thread", error))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn jobs(jobs: usize) -> NonZeroUsize {
        NonZeroUsize::new(jobs).unwrap()
    }

    #[test]
    fn results_come_in_the_order_of_the_work() {
        for count in [1, 2, 7] {
            let mut found = Vec::new();
            // The earlier, the longer it takes.
            let judge =
                |number: u64| (0..(500 - number) * 20).fold(number, |sum, _| std::hint::black_box(sum));
            in_order(0..500, jobs(count), judge, |number| {
                found.push(number);
                Ok(())
            })
            .unwrap();
            assert_eq!(found, (0..500).collect::<Vec<_>>());
        }
    }

    #[test]
    fn only_a_few_pieces_are_under_way_at_once() {
        let (given_out, handed_on, most) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
        let work = (0..1_000).inspect(|_| {
            let under_way = given_out.fetch_add(1, Ordering::SeqCst) + 1 - handed_on.load(Ordering::SeqCst);
            most.fetch_max(under_way, Ordering::SeqCst);
        });
        let hand_on = |_| {
            handed_on.fetch_add(1, Ordering::SeqCst);
            Ok(())
        };
        in_order(work, jobs(3), |number: usize| number, hand_on).unwrap();
        assert_eq!(handed_on.into_inner(), 1_000);
        // Promises, the one being handed on, and the one that waits to be promised.
        assert!(most.load(Ordering::SeqCst) <= 2 * 3 + 2, "{most:?}");
    }

    #[test]
    fn when_handing_on_fails_the_rest_is_left() {
        for count in [1, 3] {
            let given_out = AtomicUsize::new(0);
            let work = (0..).inspect(|_| {
                given_out.fetch_add(1, Ordering::SeqCst);
            });
            let ended = in_order(
                work,
                jobs(count),
                |number: u64| number,
                |number| match number {
                    5 => Err(Error::message("enough")),
                    _ => Ok(()),
                },
            );
            assert_eq!(ended.unwrap_err().to_string(), "enough");
        }
    }
}
