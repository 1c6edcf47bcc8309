//! Counts of calls to a server without a queue. In: attempts and the ends of calls. Out: how many there were.

use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::clock::Clock;
use super::failed::Failed;
use super::load::Load;
use super::random::Random;

/// What the calls of a run share.
#[derive(Debug)]
pub(in crate::testing::simulate) struct Tally {
    clock: Clock,
    random: Mutex<Random>,
    requests: AtomicUsize,
    calls: AtomicUsize,
    failed: AtomicUsize,
    under_way: AtomicUsize,
}

impl Tally {
    /// Begins now.
    pub(in crate::testing::simulate) fn new(random: Random) -> Arc<Self> {
        let count = || AtomicUsize::new(0);
        let (clock, random) = (Clock::start(), Mutex::new(random));
        Arc::new(Self {
            clock,
            random,
            requests: count(),
            calls: count(),
            failed: count(),
            under_way: count(),
        })
    }

    fn random(&self) -> MutexGuard<'_, Random> {
        self.random.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A request that fails with that probability.
    pub(in crate::testing::simulate) fn fails(&self, share: f64) -> Result<(), Failed> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        if self.random().unit() < share { Err(Failed::Server) } else { Ok(()) }
    }

    /// The end of a call.
    pub(in crate::testing::simulate) fn count(&self, result: Result<(), Failed>) {
        self.calls.fetch_add(1, Ordering::Relaxed);
        self.failed.fetch_add(usize::from(result.is_err()), Ordering::Relaxed);
    }

    /// Goes on beside the others.
    pub(in crate::testing::simulate) fn spawn(
        self: &Arc<Self>,
        task: impl Future<Output = ()> + Send + 'static,
    ) {
        self.under_way.fetch_add(1, Ordering::Relaxed);
        let tally = self.clone();
        tokio::spawn(async move {
            task.await;
            tally.under_way.fetch_sub(1, Ordering::Relaxed);
        });
    }

    /// Makes a call of each arrival.
    pub(in crate::testing::simulate) async fn spawn_each<F>(
        self: &Arc<Self>,
        load: Load,
        call: impl Fn() -> F,
    ) where
        F: Future<Output = ()> + Send + 'static,
    {
        for arrival in load {
            self.clock.reach(arrival).await;
            self.spawn(call());
        }
    }

    /// Waits for all of it. Requests per call, and the share of the calls that failed.
    #[expect(clippy::cast_precision_loss, reason = "numbers of calls")]
    pub(in crate::testing::simulate) async fn finish(&self) -> (f64, f64) {
        while self.under_way.load(Ordering::Relaxed) > 0 {
            self.clock.pause(0.1).await;
        }
        let count = |of: &AtomicUsize| of.load(Ordering::Relaxed) as f64;
        let calls = count(&self.calls).max(1.0);
        (count(&self.requests) / calls, count(&self.failed) / calls)
    }
}
