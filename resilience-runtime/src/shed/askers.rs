//! The clients of the sampler: the first one to join starts the sampling thread, the last one to leave ends it.
//!
//! Each client brings a runtime to measure. Programs with two runtimes join twice and share one thread.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::lag::Beat;
use super::sampler::{PERIOD, Sampler};

/// The runtimes that are measured, and the thread that samples while there is at least one.
#[derive(Debug, Default)]
pub(crate) struct Askers {
    beats: Mutex<Vec<Arc<Beat>>>,
    thread: Mutex<Option<Sampler>>,
}

impl Askers {
    /// Adds a runtime; for the first one, starts the thread with `sampling`.
    pub(crate) fn join<S: FnMut() + Send + 'static>(
        &self,
        beat: &Arc<Beat>,
        sampling: impl FnOnce() -> S,
    ) -> io::Result<()> {
        let mut thread = lock(&self.thread);
        lock(&self.beats).push(Arc::clone(beat));
        if thread.is_none() {
            match Sampler::start(PERIOD, sampling()) {
                Ok(sampler) => *thread = Some(sampler),
                Err(refused) => {
                    self.forget(beat);
                    return Err(refused);
                }
            }
        }
        Ok(())
    }

    /// Removes a runtime. After the last one the thread ends, and `at_rest` runs unless another thread has started
    /// since.
    pub(crate) fn leave(&self, beat: &Arc<Beat>, at_rest: impl FnOnce()) {
        let mut thread = lock(&self.thread);
        self.forget(beat);
        let ended = if lock(&self.beats).is_empty() { thread.take() } else { None };
        drop(thread);
        if ended.is_none() {
            return;
        }
        // The end of the thread is awaited outside of the lock: the thread may be calling listeners, which may come
        // here themselves.
        drop(ended);
        let thread = lock(&self.thread);
        if thread.is_none() {
            at_rest();
        }
    }

    /// The largest timer delay of the measured runtimes.
    pub(crate) fn lag(&self) -> Duration {
        lock(&self.beats).iter().map(|beat| beat.lag()).max().unwrap_or_default()
    }

    fn forget(&self, beat: &Arc<Beat>) {
        lock(&self.beats).retain(|known| !Arc::ptr_eq(known, beat));
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use tokio::runtime::Handle;

    use super::super::lag::Heart;
    use super::*;

    #[tokio::test]
    async fn who_is_told_by_the_thread_may_come_and_go_while_its_end_is_waited_for() {
        let askers: &'static Askers = Box::leak(Box::default());
        let [first, second] = [(), ()].map(|()| Heart::start(&Handle::current()));
        let other = Arc::clone(second.beat());
        let (entered, inside) = std::sync::mpsc::channel();
        let sampling = move || {
            move || {
                let _ = entered.send(());
                std::thread::sleep(Duration::from_millis(50));
                askers.join(&other, || || ()).expect("joined");
                askers.leave(&other, || ());
            }
        };
        askers.join(first.beat(), sampling).expect("a thread");
        inside.recv().expect("it samples");
        let (done, over) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            askers.leave(first.beat(), || ());
            let _ = done.send(());
        });
        over.recv_timeout(Duration::from_secs(10)).expect("nobody waits for the other for ever");
    }

    #[tokio::test]
    async fn the_first_starts_the_thread_and_the_last_ends_it() {
        let askers = Askers::default();
        let alive = Arc::new(());
        let [first, second] = [(), ()].map(|()| Heart::start(&Handle::current()));

        let held = Arc::clone(&alive);
        let sampling = || move || drop(Arc::clone(&held));
        askers.join(first.beat(), sampling).expect("a thread");
        askers.join::<fn()>(second.beat(), || unreachable!("there is a thread")).expect("joined");
        askers.leave(first.beat(), || unreachable!("one is left"));
        assert!(Arc::strong_count(&alive) > 1);

        let mut rested = false;
        askers.leave(second.beat(), || rested = true);
        assert!(rested);
        assert_eq!(Arc::strong_count(&alive), 1, "the thread has ended");
        assert_eq!(askers.lag(), Duration::ZERO);
    }
}
