//! The open loop. In: a body and its starts. Out: what was counted. Each call is a task of its own, so that none waits for
//! another; whoever drops the run drops them all.

use std::future::Future;
use std::mem;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

use super::call_end::{CallEnd, Classes, ended};
use super::error::LoadError;
use super::pace;
use super::progress::{EVERY, Progress, Told};
use super::recorder::Recorder;
use crate::registry::Registry;
use crate::registry::isolated::{in_registry, isolated_registry};
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

/// A lock whose holders run no code of users, so that it is never poisoned half-way.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<F, E> Running<F, E> {
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

    fn progress(&self, scheduled: u64, lasts: Duration) -> Progress {
        let recorder = locked(&self.recorder);
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
            locked(&self.recorder).not_started(intended);
            return;
        }
        self.most_in_flight.fetch_max(before + 1, Ordering::Relaxed);
        let call = UnderWay { running: Arc::clone(self), intended };
        let call = async move { call.run().await };
        let mut calls = locked(&self.calls);
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
        let gone: Vec<_> = std::iter::from_fn(|| calls.try_join_next()).collect();
        drop(calls);
        // What a body panicked with is the user's, and is dropped outside of the lock.
        drop(gone);
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
        locked(&self.running.recorder).began(late);
        let end = ended((self.running.body)(), self.running.classes.as_deref()).await;
        self.end(end);
    }
}

impl<F, E> UnderWay<F, E> {
    fn end(&self, end: CallEnd) {
        let latency = self.running.began.elapsed().saturating_sub(self.intended);
        locked(&self.running.recorder).ended(self.intended, latency, end);
    }
}

impl<F, E> Drop for UnderWay<F, E> {
    fn drop(&mut self) {
        self.running.in_flight.fetch_sub(1, Ordering::Relaxed);
        if std::thread::panicking() {
            self.end(CallEnd::Panicked);
        }
    }
}

/// Ends what is under way when the run is dropped.
struct StopOnDrop<F, E>(Arc<Running<F, E>>);

impl<F, E> Drop for StopOnDrop<F, E> {
    fn drop(&mut self) {
        self.0.has_stopped.store(true, Ordering::Relaxed);
        let calls = mem::take(&mut *locked(&self.0.calls));
        // Outside of the lock: what it drops is the user's.
        drop(calls);
    }
}

/// Calls the body at each start, and waits for the calls.
pub(super) async fn run<F, Fut, T, E>(
    body: F,
    classes: Option<Arc<Classes<E>>>,
    starts: Vec<Duration>,
    lasts: Duration,
    limits: Limits,
    mut told: Option<Told>,
) -> Result<Counted, LoadError>
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<T, E>> + Send + 'static,
    E: 'static,
{
    let scheduled = u64::try_from(starts.len()).unwrap_or(u64::MAX);
    let running = Arc::new(Running {
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
    });
    let stop = StopOnDrop(Arc::clone(&running));
    let telling = async {
        let Some(told) = told.as_mut() else { return std::future::pending().await };
        loop {
            tokio::time::sleep(EVERY).await;
            told(&running.progress(scheduled, lasts));
        }
    };
    let working = async {
        let paced = pace::pace(&running, starts).await;
        let mut calls = mem::take(&mut *locked(&running.calls));
        let _ = timeout(limits.drain, async { while calls.join_next().await.is_some() {} }).await;
        paced
    };
    until_first(working, telling).await?;
    let recorder = mem::replace(&mut *locked(&running.recorder), Recorder::new(Duration::ZERO));
    let elapsed = lasts.max(recorder.last_end);
    let most_in_flight = running.most_in_flight.load(Ordering::Relaxed);
    drop(stop);
    Ok(Counted { scheduled, most_in_flight, limits, recorder, elapsed })
}

/// Polls the second beside the first, until the first is ready.
async fn until_first<T>(first: impl Future<Output = T>, second: impl Future<Output = ()>) -> T {
    let (mut first, mut second) = (std::pin::pin!(first), std::pin::pin!(second));
    std::future::poll_fn(move |task| {
        let polled = first.as_mut().poll(task);
        if polled.is_pending() {
            let _ = second.as_mut().poll(task);
        }
        polled
    })
    .await
}
