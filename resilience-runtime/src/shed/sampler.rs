//! Runs the thread that samples the pressure. In: a closure. Out: the closure runs four times per second on a thread of its own,
//! until the guard is dropped.
//!
//! It is a thread because a task would run last exactly when the runtime is overloaded, which is when sampling matters.

use std::io;
use std::time::Duration;

use crate::thread::{Rest, Stoppable};
use crate::wakers::shielded;

/// Short enough to react before a queue of a second has built up, long enough to cost next to nothing.
pub(crate) const PERIOD: Duration = Duration::from_millis(250);

const NAME: &str = "resilience-load";

/// The thread; dropping this waits for it to end.
#[derive(Debug)]
pub(crate) struct Sampler(Stoppable);

impl Sampler {
    /// Runs `sample` at once and then every period.
    pub(crate) fn start(period: Duration, mut sample: impl FnMut() + Send + 'static) -> io::Result<Self> {
        let run = move |rest: &Rest| {
            loop {
                // It calls listeners, which is foreign code. A panic must not end the sampling: without samples, calls
                // would be shed for ever.
                shielded(&mut sample);
                if !rest.lasts(period) {
                    return;
                }
            }
        };
        Stoppable::start(NAME, Box::new(run)).map(Self)
    }
}

impl Drop for Sampler {
    fn drop(&mut self) {
        // Nothing to wait for if it is dropped on the sampling thread itself, for example by a log subscriber: that thread
        // ends on its own.
        if let Some(thread) = self.0.end() {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread::{current, sleep};

    use super::*;

    #[test]
    fn it_goes_on_after_a_sample_that_panics() {
        let count = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&count);
        let _sampler = Sampler::start(Duration::from_millis(1), move || {
            assert!(!counted.fetch_add(1, Ordering::Relaxed).is_multiple_of(2), "every other one panics");
        })
        .expect("a thread");
        for _ in 0..10_000 {
            if count.load(Ordering::Relaxed) > 4 {
                return;
            }
            sleep(Duration::from_millis(1));
        }
        panic!("it has ended");
    }

    #[test]
    fn it_samples_until_it_is_dropped_and_its_thread_is_gone_then() {
        let count = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&count);
        let sampler = Sampler::start(Duration::from_millis(1), move || {
            assert_eq!(current().name(), Some("resilience-load"));
            counted.fetch_add(1, Ordering::Relaxed);
        })
        .expect("a thread");
        while count.load(Ordering::Relaxed) < 3 {
            sleep(Duration::from_millis(1));
        }
        drop(sampler);
        // The thread has dropped the closure, and with it the other handle.
        assert_eq!(Arc::strong_count(&count), 1);
    }

    #[test]
    fn stopping_does_not_wait_for_the_period() {
        let started = std::time::Instant::now();
        drop(Sampler::start(Duration::from_hours(1), || ()).expect("a thread"));
        assert!(started.elapsed() < Duration::from_mins(1));
    }
}
