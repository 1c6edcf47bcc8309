//! Counts the simulated calls to a server without a queue. In: attempts and the ends of calls. Out: how many there were.

use std::future::Future;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

use super::clock::Clock;
use super::failed::Failed;
use super::fuse::Fuse;
use super::load::Load;
use super::random::Random;
use crate::sync::lock;

/// What came of a run.
#[derive(Clone, Copy, Debug)]
pub(in crate::testing::simulate) struct Sum {
    /// Requests for each call.
    pub(in crate::testing::simulate) load: f64,
    /// How many requests were not the first of their call, as far as that was counted.
    pub(in crate::testing::simulate) retries: f64,
    /// The share of the calls that did not end well.
    pub(in crate::testing::simulate) failed: f64,
    /// Whether the run was cut off, so that it is at least as much.
    pub(in crate::testing::simulate) is_cut: bool,
}

/// What the calls of a run share.
#[derive(Debug)]
pub(in crate::testing::simulate) struct Tally {
    clock: Clock,
    random: Mutex<Random>,
    requests: AtomicUsize,
    retries: AtomicUsize,
    calls: AtomicUsize,
    ok: AtomicUsize,
    under_way: AtomicUsize,
    fuse: Fuse,
}

impl Tally {
    /// Begins now.
    pub(in crate::testing::simulate) fn new(random: Random, fuse: Fuse) -> Arc<Self> {
        let count = || AtomicUsize::new(0);
        let (clock, random) = (Clock::start(), Mutex::new(random));
        Arc::new(Self {
            clock,
            random,
            requests: count(),
            retries: count(),
            calls: count(),
            ok: count(),
            under_way: count(),
            fuse,
        })
    }

    fn random(&self) -> MutexGuard<'_, Random> {
        lock(&self.random)
    }

    /// A request that fails with that probability.
    pub(in crate::testing::simulate) async fn fails(&self, share: f64) -> Result<(), Failed> {
        self.fuse.pass().await;
        self.requests.fetch_add(1, Ordering::Relaxed);
        if self.random().unit() < share { Err(Failed::Server) } else { Ok(()) }
    }

    /// The same of a call of which that is the first request, or was one before.
    pub(in crate::testing::simulate) async fn fails_again(
        &self,
        share: f64,
        has_begun: &AtomicBool,
    ) -> Result<(), Failed> {
        let answer = self.fails(share).await;
        self.retries.fetch_add(usize::from(has_begun.swap(true, Ordering::Relaxed)), Ordering::Relaxed);
        answer
    }

    /// The end of a call.
    pub(in crate::testing::simulate) fn count(&self, result: Result<(), Failed>) {
        self.ok.fetch_add(usize::from(result.is_ok()), Ordering::Relaxed);
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

    /// Makes a call of each arrival, until the run is cut off.
    pub(in crate::testing::simulate) async fn spawn_each<F>(
        self: &Arc<Self>,
        load: Load,
        call: impl Fn() -> F,
    ) where
        F: Future<Output = ()> + Send + 'static,
    {
        for arrival in load {
            self.clock.reach(arrival).await;
            if self.fuse.is_blown() {
                break;
            }
            self.calls.fetch_add(1, Ordering::Relaxed);
            self.spawn(call());
        }
    }

    /// Waits for all of it, whose last call comes at `end`, in seconds.
    #[expect(clippy::cast_precision_loss, reason = "numbers of calls")]
    pub(in crate::testing::simulate) async fn finish(&self, end: f64) -> Sum {
        let is_under_way = || self.under_way.load(Ordering::Relaxed) > 0 && !self.fuse.is_blown();
        self.clock.wait_while(is_under_way, end).await;
        let count = |of: &AtomicUsize| of.load(Ordering::Relaxed) as f64;
        let calls = count(&self.calls).max(1.0);
        let failed = (count(&self.calls) - count(&self.ok)) / calls;
        let (load, retries) = (count(&self.requests) / calls, count(&self.retries));
        Sum { load, retries, failed, is_cut: self.fuse.is_blown() }
    }
}
