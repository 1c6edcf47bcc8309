//! Polls the timer of a retry's delay, and counts how long calls waited; how long it is, `retry_delay` decides. In: a full call
//! that waits between two polls. Out: whether its delay is over, and how long it has waited.

use std::task::{Context as TaskContext, Poll, ready};

use crate::call::engine::full::call::FullCall;
use crate::call::engine::holding::Holding;
use crate::clock::Tick;
use crate::monitor::WaitedFor;

impl FullCall {
    /// Counts a wait that has ended by itself.
    #[cold]
    pub(in crate::call) fn note_wait(&self, what: WaitedFor, since: Tick, now: Tick) {
        let local = self.attempt_target().local_counters();
        local.of_service().waited(what, now.nanos_since(since), local.by);
    }

    /// Whether the delay before the next attempt has passed.
    #[cold]
    pub(in crate::call) fn poll_delay(&mut self, cx: &mut TaskContext<'_>) -> Poll<()> {
        self.run_foreign(|full| {
            if let Some(wait) = &mut full.wait {
                ready!(wait.as_mut().poll_timer(cx));
                full.wait = None;
                let since = match &full.holding {
                    Holding::FreeRetry(at) | Holding::FreeRetryLater(at) => Some(*at),
                    Holding::PaidRetry(receipt) | Holding::PaidRetryLater(receipt) => Some(receipt.at()),
                    Holding::Nothing | Holding::Attempt(_) | Holding::Copies | Holding::Observed(_) => None,
                };
                if let Some(since) = since {
                    full.note_wait(WaitedFor::Backoff, since, full.service().now());
                }
            }
            Poll::Ready(())
        })
    }
}
