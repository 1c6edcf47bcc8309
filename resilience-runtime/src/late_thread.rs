//! Starts a thread when it is first needed. In: a task that runs for ever. Out: the thread that runs it, started by the first
//! caller who needs it.
//!
//! Calls need such threads, so none may fail or panic when the system cannot start a thread, at its limit of processes
//! or memory: they go on without it, each in its own way, and a later caller tries again after a second.

use std::sync::{Mutex, OnceLock};
use std::thread::Thread;
use std::time::{Duration, Instant};
use std::{fmt, io};

use tokio::runtime::Runtime;

use crate::events::{Event, Rare, emit};
use crate::sync::lock;
use crate::thread;
use crate::wakers::shielded;

/// How long to wait after a failure before trying again: each try takes microseconds, and calls would try every time.
const AGAIN: Duration = Duration::from_secs(1);

/// Starts a thread with that name.
pub(crate) type Spawn = fn(&'static str, Box<dyn FnOnce() + Send>) -> io::Result<Thread>;

/// A thread that is started when it is first needed.
pub(crate) struct LateThread {
    name: &'static str,
    thread: OnceLock<Thread>,
    /// When starting it last failed.
    refused: Mutex<Option<Instant>>,
    spawn: Spawn,
}

impl LateThread {
    pub(crate) const fn new(name: &'static str) -> Self {
        Self::with(name, spawn)
    }

    /// As [`new`](Self::new), with the given way to start the thread, for tests.
    pub(crate) const fn with(name: &'static str, spawn: Spawn) -> Self {
        Self { name, thread: OnceLock::new(), refused: Mutex::new(None), spawn }
    }

    /// The thread, which runs `run` if it has not been started before; `None` if it cannot be started.
    pub(crate) fn get_or_start(&self, run: impl FnOnce() + Send + 'static) -> Option<&Thread> {
        self.thread.get().or_else(|| self.start(run))
    }

    fn start(&self, run: impl FnOnce() + Send + 'static) -> Option<&Thread> {
        let mut refused = lock(&self.refused);
        // Another caller may have started it meanwhile.
        if let Some(thread) = self.thread.get() {
            return Some(thread);
        }
        if refused.is_some_and(|at| at.elapsed() < AGAIN) {
            return None;
        }
        match (self.spawn)(self.name, Box::new(run)) {
            Ok(thread) => Some(self.thread.get_or_init(|| thread)),
            Err(error) => {
                let is_first = refused.replace(Instant::now()).is_none();
                drop(refused);
                if is_first {
                    // A subscriber that panics would otherwise do so in the middle of a call.
                    shielded(|| self.report(&error));
                }
                None
            }
        }
    }

    fn report(&self, error: &io::Error) {
        emit(&Event::Rare(Rare::NoThread { thread: self.name, error }), &());
    }
}

impl fmt::Debug for LateThread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LateThread").field("name", &self.name).finish_non_exhaustive()
    }
}

fn spawn(name: &'static str, run: Box<dyn FnOnce() + Send>) -> io::Result<Thread> {
    thread::start(name, run).map(|handle| handle.thread().clone())
}

/// A runtime for a thread of ours, which nobody waits for when it is dropped. If the thread cannot be started, that is where a
/// caller is polled, and a runtime of tokio that is dropped there panics.
pub(crate) struct Unwaited(Option<Runtime>);

impl Unwaited {
    pub(crate) const fn new(runtime: Runtime) -> Self {
        Self(Some(runtime))
    }

    /// Runs that on this thread, and waits for nothing else.
    pub(crate) fn run(mut self, work: impl Future<Output = ()>) {
        if let Some(runtime) = self.0.take() {
            runtime.block_on(work);
            runtime.shutdown_background();
        }
    }
}

impl Drop for Unwaited {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    static ASKED: AtomicU32 = AtomicU32::new(0);

    /// Succeeds only for the third thread.
    fn third(name: &'static str, run: Box<dyn FnOnce() + Send>) -> io::Result<Thread> {
        if ASKED.fetch_add(1, Ordering::Relaxed) < 2 {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        spawn(name, run)
    }

    #[test]
    fn a_thread_that_is_refused_is_asked_for_again_a_second_later_and_started_once() {
        let thread = LateThread::with("resilience-test", third);
        let long_ago = || {
            let mut refused = thread.refused.lock().unwrap();
            *refused = refused.and_then(|at| at.checked_sub(AGAIN));
        };
        for asked in 1..3 {
            for _ in 0..3 {
                assert!(thread.get_or_start(|| ()).is_none());
                assert_eq!(ASKED.load(Ordering::Relaxed), asked);
            }
            long_ago();
        }
        for _ in 0..3 {
            assert_eq!(thread.get_or_start(|| ()).and_then(Thread::name), Some("resilience-test"));
        }
        assert_eq!(ASKED.load(Ordering::Relaxed), 3);
    }
}
