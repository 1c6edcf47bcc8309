//! Measures how long attempts wait in queues. In: how long attempts waited, by priority and by how the wait ended. Out: the delay
//! of the slowest priority.
//!
//! A queue with priorities has a delay for each of them. Important attempts hardly wait while others starve, so the
//! minimum over all waits would be theirs, and would call the longest queue short.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use resilience_settings::Priority;

use super::standing_delay::StandingDelay;
use crate::clock::nanos;

const PRIORITIES: usize = 4;

/// The delays per priority since they were last taken.
#[derive(Debug, Default)]
pub(crate) struct Queues([Queue; PRIORITIES]);

#[derive(Debug, Default)]
struct Queue {
    served: StandingDelay,
    /// The sum and number of the waits of attempts that gave up, for their mean. The shortest would be from an attempt
    /// that came with little time left, the longest from one whose thread was late.
    in_vain: AtomicU64,
    gave_up: AtomicU64,
}

impl Queues {
    /// An attempt waited, and was admitted.
    pub(crate) fn waited(&self, priority: Priority, time: Duration) {
        self.0[priority as usize].served.note(time);
    }

    /// An attempt waited, and gave up.
    pub(crate) fn gave_up(&self, priority: Priority, time: Duration) {
        let queue = &self.0[priority as usize];
        // Wraps only after 584 years of waiting within a quarter of a second.
        queue.in_vain.fetch_add(nanos(time), Ordering::Relaxed);
        queue.gave_up.fetch_add(1, Ordering::Relaxed);
    }

    /// The shortest wait of any attempt that had to wait, for the priority where that is longest; starts a new span.
    /// For a priority of which no attempt was admitted, it is the mean wait of those that gave up.
    pub(crate) fn take(&self) -> Duration {
        self.0.iter().map(Queue::take).max().unwrap_or_default()
    }
}

impl Queue {
    fn take(&self) -> Duration {
        let in_vain = self.in_vain.swap(0, Ordering::Relaxed);
        // An attempt that gives up between these two lines is counted now or next time: the mean is a little off.
        let gave_up = self.gave_up.swap(0, Ordering::Relaxed).max(1);
        self.served.take().unwrap_or(Duration::from_nanos(in_vain / gave_up))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Priority::{Critical, Low, Normal};

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn a_priority_that_starves_is_seen_behind_one_that_does_not() {
        let queues = Queues::default();
        assert_eq!(queues.take(), Duration::ZERO);
        for time in [2, 1, 3] {
            queues.waited(Critical, time * MS);
        }
        assert_eq!(queues.take(), MS);
        queues.waited(Critical, MS);
        queues.waited(Normal, 80 * MS);
        queues.waited(Normal, 70 * MS);
        assert_eq!(queues.take(), 70 * MS);
        assert_eq!(queues.take(), Duration::ZERO);
    }

    #[test]
    fn waits_in_vain_count_where_nobody_gets_a_turn() {
        let queues = Queues::default();
        queues.waited(Critical, MS);
        queues.gave_up(Low, 90 * MS);
        queues.gave_up(Low, 100 * MS);
        assert_eq!(queues.take(), 95 * MS);
        // A burst: the last attempts gave up, and the rest were admitted.
        queues.gave_up(Low, 100 * MS);
        queues.waited(Low, 10 * MS);
        assert_eq!(queues.take(), 10 * MS);
        assert_eq!(queues.take(), Duration::ZERO);
    }
}
