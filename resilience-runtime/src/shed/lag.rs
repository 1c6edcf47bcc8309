//! Scheduler lag. In: a runtime. Out: how late its timers are.
//!
//! A task sleeps for a moment over and over, and records how much longer each sleep took; every other task of the
//! runtime suffers the same delay. A runtime that is blocked altogether records nothing, so the time at which the task
//! should have woken is published as well, for the sampler to compare.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::task::AbortHandle;

use super::standing::Standing;
use crate::clock::nanos;

/// Five beats per sample: enough to tell a standing delay from one slow poll.
const BEAT: Duration = Duration::from_millis(50);

/// No wake-up is due.
const NEVER: u64 = u64::MAX;

/// How late the timers of one runtime are.
#[derive(Debug)]
pub(crate) struct Beat {
    epoch: Instant,
    /// When the task should wake, in nanoseconds since the epoch.
    due: AtomicU64,
    late: Standing,
}

impl Beat {
    fn new() -> Self {
        Self { epoch: Instant::now(), due: AtomicU64::new(NEVER), late: Standing::default() }
    }

    /// The standing lag since the last call. Without a beat since then, how long the next beat is overdue.
    pub(crate) fn lag(&self) -> Duration {
        let overdue = || nanos(self.epoch.elapsed()).saturating_sub(self.due.load(Ordering::Relaxed));
        self.late.take().unwrap_or_else(|| Duration::from_nanos(overdue()))
    }

    async fn run(self: Arc<Self>) {
        // Resets `due` also when the runtime shuts down: a runtime that is gone is not late.
        let beat = Ended(self);
        loop {
            let due = nanos(beat.0.epoch.elapsed().saturating_add(BEAT));
            beat.0.due.store(due, Ordering::Relaxed);
            tokio::time::sleep(BEAT).await;
            let late = nanos(beat.0.epoch.elapsed()).saturating_sub(due);
            beat.0.late.note(Duration::from_nanos(late));
        }
    }
}

struct Ended(Arc<Beat>);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.due.store(NEVER, Ordering::Relaxed);
    }
}

/// The measuring task on one runtime; dropping it ends the task.
#[derive(Debug)]
pub(crate) struct Heart {
    beat: Arc<Beat>,
    task: AbortHandle,
}

impl Heart {
    /// Starts measuring a runtime, which must have timers enabled.
    pub(crate) fn start(runtime: &Handle) -> Self {
        let beat = Arc::new(Beat::new());
        let task = runtime.spawn(Arc::clone(&beat).run()).abort_handle();
        Self { beat, task }
    }

    pub(crate) fn beat(&self) -> &Arc<Beat> {
        &self.beat
    }
}

impl Drop for Heart {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use tokio::runtime::Builder;

    use super::*;

    #[test]
    fn a_runtime_that_is_stuck_is_late() {
        let runtime = Builder::new_current_thread().enable_time().build().expect("a runtime");
        let heart = Heart::start(runtime.handle());
        runtime.block_on(async {
            tokio::time::sleep(3 * BEAT).await;
            heart.beat().lag();
            // Blocks the only thread of this runtime.
            thread::sleep(4 * BEAT);
            assert!(heart.beat().lag() >= 2 * BEAT, "stuck for four beats");
        });
    }

    #[test]
    fn one_slow_poll_among_quick_ones_is_no_lag() {
        let beat = Beat::new();
        for millis in [0, 180, 1] {
            beat.late.note(Duration::from_millis(millis));
        }
        assert_eq!(beat.lag(), Duration::ZERO);
    }

    #[test]
    fn a_runtime_that_shut_down_is_not_late() {
        let runtime = Builder::new_current_thread().enable_time().build().expect("a runtime");
        let heart = Heart::start(runtime.handle());
        runtime.block_on(async { tokio::time::sleep(2 * BEAT).await });
        drop(runtime);
        heart.beat().lag();
        thread::sleep(2 * BEAT);
        assert_eq!(heart.beat().lag(), Duration::ZERO);
    }

    #[tokio::test]
    async fn dropping_it_ends_the_task() {
        let heart = Heart::start(&Handle::current());
        let beat = Arc::clone(heart.beat());
        tokio::task::yield_now().await;
        assert_ne!(beat.due.load(Ordering::Relaxed), NEVER, "it beats");
        drop(heart);
        while Arc::strong_count(&beat) > 1 {
            tokio::task::yield_now().await;
        }
        assert_eq!(beat.due.load(Ordering::Relaxed), NEVER);
    }
}
