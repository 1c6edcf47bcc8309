//! Makes the simulated calls by the engine. In: when calls arrive, a handle, a server. Out: what came of each.

use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::clock::{Clock, seconds};
use super::failed::Failed;
use super::fuse::Fuse;
use super::load::Load;
use super::server::Server;
use super::timeline::Timeline;
use crate::call::Resilient;
use crate::rejection::RejectionKind;
use crate::sync::lock;
use crate::testing::inherit;

/// What the calls of a run share.
#[derive(Debug)]
pub(in crate::testing::simulate) struct Traffic {
    clock: Clock,
    server: Mutex<Server>,
    timeline: Mutex<Timeline>,
    under_way: AtomicUsize,
    fuse: Arc<Fuse>,
}

impl Traffic {
    /// Begins now; counts by spans of `width` seconds.
    pub(in crate::testing::simulate) fn new(server: Server, width: f64, fuse: Arc<Fuse>) -> Arc<Self> {
        let timeline = Mutex::new(Timeline::new(width));
        let (clock, server) = (Clock::start(), Mutex::new(server));
        Arc::new(Self { clock, server, timeline, under_way: AtomicUsize::new(0), fuse })
    }

    /// Makes all the calls, and waits for their ends.
    pub(in crate::testing::simulate) async fn drive(self: &Arc<Self>, load: Load, handle: &Resilient) {
        self.spawn_each(load, |arrived| {
            let (traffic, handle) = (self.clone(), handle.clone());
            inherit(async move {
                let result = handle.call(|| traffic.request()).await;
                traffic.count(arrived, result);
            })
        })
        .await;
    }

    /// Makes a task of each arrival: one call is under way beside the others, as in a program.
    async fn spawn_each<F>(self: &Arc<Self>, load: Load, task: impl Fn(f64) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let end = load.end();
        for arrival in load {
            if !self.fuse.is_blown() {
                self.clock.reach(arrival).await;
            }
            // It was asked for, whether or not it ends before the run does.
            lock(&self.timeline).at(arrival).offered += 1;
            if self.fuse.is_blown() {
                continue;
            }
            self.under_way.fetch_add(1, Ordering::Relaxed);
            tokio::spawn(task(arrival));
        }
        let is_under_way = || self.under_way.load(Ordering::Relaxed) > 0 && !self.fuse.is_blown();
        self.clock.wait_while(is_under_way, end).await;
    }

    /// One request: it waits in the queue of the server. Whoever drops it does not take it out of there.
    pub(in crate::testing::simulate) async fn request(&self) -> Result<(), Failed> {
        self.fuse.pass().await;
        let now = self.clock.now();
        lock(&self.timeline).at(seconds(now)).requests += 1;
        let answer = lock(&self.server).enter(now).ok_or(Failed::Server)?;
        self.clock.until(answer).await;
        Ok(())
    }

    /// Counts a session that is open now.
    pub(in crate::testing::simulate) fn is_there(&self) {
        let now = self.clock.seconds();
        let mut timeline = lock(&self.timeline);
        let bucket = timeline.at(now);
        bucket.offered += 1;
        bucket.ok += 1;
    }

    /// The time of the run.
    pub(in crate::testing::simulate) fn clock(&self) -> Clock {
        self.clock
    }

    fn count(&self, arrived: f64, result: Result<(), Failed>) {
        let now = seconds(self.clock.now());
        let mut timeline = lock(&self.timeline);
        let bucket = timeline.at(arrived);
        match result {
            Ok(()) => {
                bucket.ok += 1;
                bucket.ok_seconds += now - arrived;
            }
            Err(failed) => bucket.turned_away += u64::from(failed.is_turned_away()),
        }
        self.under_way.fetch_sub(1, Ordering::Relaxed);
    }

    /// What came of it.
    pub(in crate::testing::simulate) fn finish(self: Arc<Self>) -> Timeline {
        let mut timeline = std::mem::replace(&mut *lock(&self.timeline), Timeline::new(1.0));
        timeline.is_cut = self.fuse.is_blown();
        timeline
    }
}

/// The same loop without the engine, to tell what the engine costs in it: makes all the calls, each of one attempt of at most `timeout`.
pub(in crate::testing::simulate) async fn drive_bare(traffic: &Arc<Traffic>, load: Load, timeout: Duration) {
    traffic
        .spawn_each(load, |arrived| {
            let traffic = traffic.clone();
            async move {
                let result = tokio::time::timeout(timeout, traffic.request()).await;
                let timed_out = Failed::Ended(RejectionKind::AttemptTimeout);
                traffic.count(arrived, result.unwrap_or(Err(timed_out)));
            }
        })
        .await;
}
