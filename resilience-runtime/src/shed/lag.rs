//! Measures how late the timers of a runtime are. In: a runtime. Out: how late its timers are.
//!
//! A task sleeps for a moment over and over, and records how much longer each sleep took; every other task of the
//! runtime suffers the same delay. A runtime that is blocked altogether records nothing, so the time at which the task
//! should have woken is published as well, for the sampler to compare.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::task::AbortHandle;

use super::standing_delay::StandingDelay;
use crate::clock::nanos;
use crate::thread::start_task;

/// Five measurements per sample: enough to tell a standing delay from one slow poll.
const INTERVAL: Duration = Duration::from_millis(50);

/// No wake-up is due.
const NEVER: u64 = u64::MAX;

/// How late the timers of one runtime are.
#[derive(Debug)]
pub(crate) struct TimerLag {
    epoch: Instant,
    /// When the task should wake, in nanoseconds since the epoch.
    due: AtomicU64,
    late: StandingDelay,
}

impl TimerLag {
    fn new() -> Self {
        Self { epoch: Instant::now(), due: AtomicU64::new(NEVER), late: StandingDelay::default() }
    }

    /// The standing lag since the last call. Without a measurement since then, how long the next one is overdue.
    pub(crate) fn lag(&self) -> Duration {
        let overdue = || nanos(self.epoch.elapsed()).saturating_sub(self.due.load(Ordering::Relaxed));
        self.late.take().unwrap_or_else(|| Duration::from_nanos(overdue()))
    }

    async fn run(self: Arc<Self>) {
        // Resets `due` also when the runtime shuts down: a runtime that is gone is not late.
        let timer_lag = Ended(self);
        loop {
            let due = nanos(timer_lag.0.epoch.elapsed().saturating_add(INTERVAL));
            timer_lag.0.due.store(due, Ordering::Relaxed);
            tokio::time::sleep(INTERVAL).await;
            let late = nanos(timer_lag.0.epoch.elapsed()).saturating_sub(due);
            timer_lag.0.late.note(Duration::from_nanos(late));
        }
    }
}

struct Ended(Arc<TimerLag>);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.due.store(NEVER, Ordering::Relaxed);
    }
}

/// The measuring task on one runtime; dropping it ends the task.
#[derive(Debug)]
pub(crate) struct LagProbe {
    timer_lag: Arc<TimerLag>,
    task: AbortHandle,
}

impl LagProbe {
    /// Starts measuring a runtime, which must have timers enabled.
    pub(crate) fn start(runtime: &Handle) -> Self {
        let timer_lag = Arc::new(TimerLag::new());
        let task = start_task(runtime, Box::pin(Arc::clone(&timer_lag).run()));
        Self { timer_lag, task }
    }

    pub(crate) fn timer_lag(&self) -> &Arc<TimerLag> {
        &self.timer_lag
    }
}

impl Drop for LagProbe {
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
        let probe = LagProbe::start(runtime.handle());
        runtime.block_on(async {
            tokio::time::sleep(3 * INTERVAL).await;
            probe.timer_lag().lag();
            // Blocks the only thread of this runtime.
            thread::sleep(4 * INTERVAL);
            assert!(probe.timer_lag().lag() >= 2 * INTERVAL, "stuck for four intervals");
        });
    }

    #[test]
    fn one_slow_poll_among_quick_ones_is_no_lag() {
        let timer_lag = TimerLag::new();
        for millis in [0, 180, 1] {
            timer_lag.late.note(Duration::from_millis(millis));
        }
        assert_eq!(timer_lag.lag(), Duration::ZERO);
    }

    #[test]
    fn a_runtime_that_shut_down_is_not_late() {
        let runtime = Builder::new_current_thread().enable_time().build().expect("a runtime");
        let probe = LagProbe::start(runtime.handle());
        runtime.block_on(async { tokio::time::sleep(2 * INTERVAL).await });
        drop(runtime);
        probe.timer_lag().lag();
        thread::sleep(2 * INTERVAL);
        assert_eq!(probe.timer_lag().lag(), Duration::ZERO);
    }

    #[tokio::test]
    async fn dropping_it_ends_the_task() {
        let probe = LagProbe::start(&Handle::current());
        let timer_lag = Arc::clone(probe.timer_lag());
        tokio::task::yield_now().await;
        assert_ne!(timer_lag.due.load(Ordering::Relaxed), NEVER, "it lags");
        drop(probe);
        while Arc::strong_count(&timer_lag) > 1 {
            tokio::task::yield_now().await;
        }
        assert_eq!(timer_lag.due.load(Ordering::Relaxed), NEVER);
    }
}
