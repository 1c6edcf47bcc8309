//! A full call waits between two polls of its body: how long is counted, and whether the delay is over.

use std::task::{Context as TaskContext, Poll, ready};

use super::call::FullCall;
use crate::clock::Tick;

impl FullCall {
    /// Counts a wait that has ended by itself.
    #[cold]
    pub(in crate::call) fn note_wait(&self, since: Tick, now: Tick) {
        let local = self.attempt_target().local_counters();
        local.counters.waited(now.nanos_since(since), local.by);
    }

    /// Whether the delay before the next attempt has passed.
    #[cold]
    pub(in crate::call) fn poll_delay(&mut self, cx: &mut TaskContext<'_>) -> Poll<()> {
        self.attend(|full| {
            if let Some(wait) = &mut full.wait {
                ready!(wait.as_mut().poll_timer(cx));
                full.wait = None;
            }
            Poll::Ready(())
        })
    }
}
