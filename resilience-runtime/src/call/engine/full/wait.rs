//! A full call waits between two polls of its body: how long is counted, and whether the delay is over.

use std::task::{Context as TaskContext, Poll, ready};

use super::call::Course;
use crate::clock::Tick;

impl Course {
    /// Counts a wait that has ended by itself.
    #[cold]
    pub(in crate::call) fn note_wait(&self, since: Tick, now: Tick) {
        let books = self.desk().books_here();
        books.counters.waited(now.nanos_since(since), books.by);
    }

    /// Whether the delay before the next attempt has passed.
    #[cold]
    pub(in crate::call) fn poll_delay(&mut self, cx: &mut TaskContext<'_>) -> Poll<()> {
        self.attend(|course| {
            if let Some(waiting) = &mut course.waiting {
                ready!(waiting.as_mut().poll_timer(cx));
                course.waiting = None;
            }
            Poll::Ready(())
        })
    }
}
