//! A thread that calls all the time and measures each call, and what the kernel says about a thread.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::task::unconstrained;

use crate::phase::{Phase, Seen};
use crate::{annotated, by_name};

/// Short, so that few interruptions share a window; long against the 2 µs of a look at its end.
const WINDOW: Duration = Duration::from_micros(500);
/// Who was away for longer is asked whether it slept; asking each time would be a twentieth of all time.
const SUSPICIOUS: Duration = Duration::from_micros(100);
/// Every so many calls one goes by name, to another of the services each time.
const BY_NAME: usize = 16;

/// What the kernel has counted for one thread.
pub(crate) struct ProcessorTime {
    schedstat: File,
    status: File,
}

impl ProcessorTime {
    pub(crate) fn of_this_thread() -> Self {
        let open = |name: &str| {
            File::open(format!("/proc/thread-self/{name}")).expect("Linux counts for each thread")
        };
        Self { schedstat: open("schedstat"), status: open("status") }
    }

    /// Nanoseconds on a core, and nanoseconds ready without one.
    pub(crate) fn read(&self) -> (u64, u64) {
        let mut text = [0; 96];
        let length = self.schedstat.read_at(&mut text, 0).expect("the kernel answers");
        let text = String::from_utf8_lossy(&text[..length]);
        let mut numbers = text.split_whitespace().map(|number| number.parse().expect("a number"));
        (numbers.next().expect("time on a core"), numbers.next().expect("time without one"))
    }

    /// How often this thread has gone to sleep by itself, as one that waits for a lock does.
    pub(crate) fn sleeps(&self) -> u64 {
        let mut text = [0; 4096];
        let length = self.status.read_at(&mut text, 0).expect("the kernel answers");
        let text = String::from_utf8_lossy(&text[..length]);
        let line = text.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
        line.and_then(|count| count.trim().parse().ok()).expect("the kernel counts them")
    }

    /// How long this thread was on a core for some work.
    pub(crate) fn spent_in(&mut self, work: impl FnOnce()) -> Duration {
        let before = self.read().0;
        work();
        Duration::from_nanos(self.read().0.saturating_sub(before))
    }
}

/// Calls until it is over; what was seen in each phase.
pub(crate) fn call_until_told(
    phase: &AtomicUsize,
    is_over: &AtomicBool,
    begun: &Barrier,
    names: &[String],
) -> Vec<Seen> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let processor = ProcessorTime::of_this_thread();
    let mut seen: Vec<Seen> = Phase::ALL.iter().map(|_| Seen::default()).collect();
    runtime.block_on(unconstrained(async {
        assert!(annotated(1).await.is_ok());
        begun.wait();
        let mut calls = 0_usize;
        let mut sleeps = processor.sleeps();
        let mut previous = None;
        while !is_over.load(Ordering::Relaxed) {
            let current = phase.load(Ordering::Relaxed);
            let seen = &mut seen[current];
            if previous.replace(current) != Some(current) {
                seen.begin_round();
            }
            let without_core = processor.read().1;
            let opened = Instant::now();
            let (mut last, mut longest) = (opened, Duration::ZERO);
            // A window ends with its phase: what happens behind the end belongs to the next.
            while last - opened < WINDOW && phase.load(Ordering::Relaxed) == current {
                let answer = if calls.is_multiple_of(BY_NAME) {
                    by_name(&names[calls / BY_NAME % names.len()]).await
                } else {
                    annotated(1).await
                };
                assert!(answer.is_ok());
                let now = Instant::now();
                longest = longest.max(now - last);
                seen.record(now - last);
                last = now;
                calls += 1;
            }
            let waited = Duration::from_nanos(processor.read().1.saturating_sub(without_core));
            let unexplained = longest.saturating_sub(waited);
            seen.close_window(longest, unexplained);
            if unexplained > SUSPICIOUS {
                let now = processor.sleeps();
                seen.slept(now - sleeps);
                sleeps = now;
            }
        }
    }));
    seen
}
