//! Counts the runtimes that are measured, and starts and ends the one sampling thread. In: clients that join and leave. Out: one
//! sampling thread, from the first to the last of them.
//!
//! Each client brings a runtime to measure. Programs with two runtimes join twice and share one thread.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::lag::TimerLag;
use super::sampler::{PERIOD, Sampler};
use crate::sync::lock;

/// The runtimes that are measured, and the thread that samples while there is at least one.
#[derive(Debug, Default)]
pub(crate) struct SamplerClients {
    lags: Mutex<Vec<Arc<TimerLag>>>,
    thread: Mutex<Option<Sampler>>,
}

impl SamplerClients {
    /// Adds a runtime; for the first one, starts the thread with `sampling`.
    pub(crate) fn join<S: FnMut() + Send + 'static>(
        &self,
        timer_lag: &Arc<TimerLag>,
        sampling: impl FnOnce() -> S,
    ) -> io::Result<()> {
        let mut thread = lock(&self.thread);
        lock(&self.lags).push(Arc::clone(timer_lag));
        if thread.is_none() {
            match Sampler::start(PERIOD, sampling()) {
                Ok(sampler) => *thread = Some(sampler),
                Err(refused) => {
                    self.forget(timer_lag);
                    return Err(refused);
                }
            }
        }
        Ok(())
    }

    /// Removes a runtime. After the last one the thread ends, and `at_rest` runs unless another thread has started
    /// since.
    pub(crate) fn leave(&self, timer_lag: &Arc<TimerLag>, at_rest: impl FnOnce()) {
        let mut thread = lock(&self.thread);
        self.forget(timer_lag);
        let ended = if lock(&self.lags).is_empty() { thread.take() } else { None };
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
        lock(&self.lags).iter().map(|timer_lag| timer_lag.lag()).max().unwrap_or_default()
    }

    fn forget(&self, timer_lag: &Arc<TimerLag>) {
        lock(&self.lags).retain(|known| !Arc::ptr_eq(known, timer_lag));
    }
}

#[cfg(test)]
mod tests {
    use tokio::runtime::Handle;

    use super::super::lag::LagProbe;
    use super::*;

    #[tokio::test]
    async fn who_is_told_by_the_thread_may_come_and_go_while_its_end_is_waited_for() {
        let clients: &'static SamplerClients = Box::leak(Box::default());
        let [first, second] = [(), ()].map(|()| LagProbe::start(&Handle::current()));
        let other = Arc::clone(second.timer_lag());
        let (entered, inside) = std::sync::mpsc::channel();
        let sampling = move || {
            move || {
                let _ = entered.send(());
                std::thread::sleep(Duration::from_millis(50));
                clients.join(&other, || || ()).expect("joined");
                clients.leave(&other, || ());
            }
        };
        clients.join(first.timer_lag(), sampling).expect("a thread");
        inside.recv().expect("it samples");
        let (done, over) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            clients.leave(first.timer_lag(), || ());
            let _ = done.send(());
        });
        over.recv_timeout(Duration::from_secs(10)).expect("nobody waits for the other for ever");
    }

    #[tokio::test]
    async fn the_first_starts_the_thread_and_the_last_ends_it() {
        let clients = SamplerClients::default();
        let alive = Arc::new(());
        let [first, second] = [(), ()].map(|()| LagProbe::start(&Handle::current()));

        let held = Arc::clone(&alive);
        let sampling = || move || drop(Arc::clone(&held));
        clients.join(first.timer_lag(), sampling).expect("a thread");
        clients.join::<fn()>(second.timer_lag(), || unreachable!("there is a thread")).expect("joined");
        clients.leave(first.timer_lag(), || unreachable!("one is left"));
        assert!(Arc::strong_count(&alive) > 1);

        let mut rested = false;
        clients.leave(second.timer_lag(), || rested = true);
        assert!(rested);
        assert_eq!(Arc::strong_count(&alive), 1, "the thread has ended");
        assert_eq!(clients.lag(), Duration::ZERO);
    }
}
