//! Runs the calls of a load test, each as a task of its own, so that none waits for another. In: the intended start of a call. Out:
//! the call, started now, and counted when it ends.

use std::future::Future;
use std::mem;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::call_end::{Classes, ended};
use super::progress::Progress;
use super::recorder::Recorder;
use crate::registry::Registry;
use crate::registry::isolated::{in_registry, isolated_registry};
use crate::sync::lock;
use crate::testing::isolated::inherit;

/// What protects the machine that generates.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) in_flight: usize,
    pub(super) drain: Duration,
}

/// What has been counted when all calls have ended, or time was up.
#[derive(Debug)]
pub(super) struct Counted {
    pub(super) scheduled: u64,
    pub(super) most_in_flight: u64,
    pub(super) limits: Limits,
    pub(super) recorder: Recorder,
    /// Until the last start, or the last end.
    pub(super) elapsed: Duration,
}

/// A load under way.
pub(super) struct Running<F, E> {
    body: F,
    classes: Option<Arc<Classes<E>>>,
    limits: Limits,
    recorder: Mutex<Recorder>,
    calls: Mutex<JoinSet<()>>,
    in_flight: AtomicU64,
    most_in_flight: AtomicU64,
    has_stopped: AtomicBool,
    began: Instant,
    runtime: Handle,
    registry: Option<&'static Registry>,
}

impl<F, E> Running<F, E> {
    /// It begins now, in the runtime and the registry of the caller.
    pub(super) fn new(body: F, classes: Option<Arc<Classes<E>>>, limits: Limits, lasts: Duration) -> Self {
        Self {
            body,
            classes,
            limits,
            recorder: Mutex::new(Recorder::new(lasts)),
            calls: Mutex::default(),
            in_flight: AtomicU64::new(0),
            most_in_flight: AtomicU64::new(0),
            has_stopped: AtomicBool::new(false),
            began: Instant::now(),
            runtime: Handle::current(),
            registry: isolated_registry(),
        }
    }

    /// Starts no further call, and drops those under way.
    pub(super) fn stop(&self) {
        self.has_stopped.store(true, Ordering::Relaxed);
        drop(self.take_calls());
    }

    /// The calls under way. What is dropped with them is the user's, so it is dropped by whoever takes them, outside of the
    /// lock.
    pub(super) fn take_calls(&self) -> JoinSet<()> {
        mem::take(&mut *lock(&self.calls))
    }

    /// What was counted so far; what is counted later is lost.
    pub(super) fn counted(&self, scheduled: u64, lasts: Duration) -> Counted {
        let recorder = mem::replace(&mut *lock(&self.recorder), Recorder::new(Duration::ZERO));
        Counted {
            scheduled,
            most_in_flight: self.most_in_flight.load(Ordering::Relaxed),
            limits: self.limits,
            elapsed: lasts.max(recorder.last_end),
            recorder,
        }
    }

    /// Whether no further call is wanted.
    pub(super) fn has_stopped(&self) -> bool {
        self.has_stopped.load(Ordering::Relaxed)
    }

    /// The runtime of the calls.
    pub(super) fn runtime(&self) -> &Handle {
        &self.runtime
    }

    /// When the load began.
    pub(super) fn began(&self) -> Instant {
        self.began
    }

    pub(super) fn progress(&self, scheduled: u64, lasts: Duration) -> Progress {
        let recorder = lock(&self.recorder);
        Progress {
            elapsed: self.began.elapsed(),
            lasts,
            scheduled,
            ended: recorder.has_ended(),
            ok: recorder.ok,
            in_flight: self.in_flight.load(Ordering::Relaxed),
            not_started: recorder.not_started,
        }
    }
}

impl<F, Fut, T, E> Running<F, E>
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<T, E>> + Send + 'static,
    E: 'static,
{
    /// Starts the call of this intended start now, unless the limit keeps it.
    pub(super) fn start(self: &Arc<Self>, intended: Duration) {
        let before = self.in_flight.fetch_add(1, Ordering::Relaxed);
        if before >= u64::try_from(self.limits.in_flight).unwrap_or(u64::MAX) {
            self.in_flight.fetch_sub(1, Ordering::Relaxed);
            lock(&self.recorder).not_started(intended);
            return;
        }
        self.most_in_flight.fetch_max(before + 1, Ordering::Relaxed);
        let call = UnderWay { running: Arc::clone(self), intended };
        let call = async move { call.run().await };
        let mut calls = lock(&self.calls);
        if self.has_stopped() {
            // Nobody would end it any more.
            return;
        }
        match self.registry {
            Some(registry) => {
                let call = in_registry(registry, || inherit(call));
                calls.spawn_on(call, &self.runtime);
            }
            None => {
                calls.spawn_on(call, &self.runtime);
            }
        }
        // Those that have ended are forgotten, or there would be ten million of them at the end.
        while calls.try_join_next().is_some() {}
    }
}

/// One call, from its intended start until it is dropped.
struct UnderWay<F, E> {
    running: Arc<Running<F, E>>,
    intended: Duration,
}

impl<F, Fut, T, E> UnderWay<F, E>
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<T, E>>,
{
    async fn run(self) {
        let late = self.running.began.elapsed().saturating_sub(self.intended);
        lock(&self.running.recorder).began(late);
        let end = ended(&self.running.body, self.running.classes.as_deref()).await;
        let latency = self.running.began.elapsed().saturating_sub(self.intended);
        lock(&self.running.recorder).ended(self.intended, latency, end);
    }
}

impl<F, E> Drop for UnderWay<F, E> {
    fn drop(&mut self) {
        self.running.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}
