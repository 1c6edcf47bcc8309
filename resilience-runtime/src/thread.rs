//! Starts and ends threads of our own. In: a name and what to run, which rests between its rounds. Out: the thread, and the guard
//! that wakes it from its rest for the last time. Tasks of our own on the runtime of somebody else start here as well.
//!
//! What runs is boxed, and the end is one flag and not a channel: the standard library compiles the start of a thread anew
//! for each closure, and a channel for each type that is sent, both at some length; and so does tokio that of a task.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{Builder, JoinHandle, current, park_timeout};
use std::time::{Duration, Instant};
use std::{fmt, io};

use tokio::runtime::Handle;
use tokio::task::AbortHandle;

/// Starts a thread with that name.
pub(crate) fn start(name: &'static str, run: Box<dyn FnOnce() + Send>) -> io::Result<JoinHandle<()>> {
    Builder::new().name(name.to_owned()).spawn(run)
}

/// Starts a task on a runtime.
pub(crate) fn start_task(runtime: &Handle, run: Pin<Box<dyn Future<Output = ()> + Send>>) -> AbortHandle {
    runtime.spawn(run).abort_handle()
}

/// A thread that runs until it is told to end, by [`end`](Self::end) or by dropping this.
pub(crate) struct Stoppable {
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// What a thread has that may be told to end.
pub(crate) struct Rest(Arc<AtomicBool>);

impl Stoppable {
    /// Starts it; the error says which thread it is.
    pub(crate) fn start(name: &'static str, run: Box<dyn FnOnce(&Rest) + Send>) -> io::Result<Self> {
        let is_over = Arc::new(AtomicBool::new(false));
        let rest = Rest(Arc::clone(&is_over));
        let started = start(name, Box::new(move || run(&rest)));
        let thread = started.map_err(|error| {
            io::Error::new(error.kind(), format!("the thread `{name}` cannot be started: {error}"))
        })?;
        Ok(Self { is_over, thread: Some(thread) })
    }

    /// Tells the thread to end. What to wait for, unless that would be the current thread itself, or was given out before.
    pub(crate) fn end(&mut self) -> Option<JoinHandle<()>> {
        let thread = self.thread.take()?;
        self.is_over.store(true, Ordering::Release);
        thread.thread().unpark();
        (thread.thread().id() != current().id()).then_some(thread)
    }
}

impl Drop for Stoppable {
    fn drop(&mut self) {
        drop(self.end());
    }
}

impl fmt::Debug for Stoppable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stoppable").field("is_over", &self.is_over).finish_non_exhaustive()
    }
}

impl Rest {
    /// Lets a span go by; `false` as soon as the thread has been told to end.
    pub(crate) fn lasts(&self, span: Duration) -> bool {
        let start = Instant::now();
        // Asked before each park: what ran before may have used up the wake.
        while !self.0.load(Ordering::Acquire) {
            let left = span.saturating_sub(start.elapsed());
            if left.is_zero() {
                return true;
            }
            park_timeout(left);
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU32;

    use super::*;

    const LONG: Duration = Duration::from_hours(1);

    #[test]
    fn a_rest_ends_at_once_when_the_thread_is_told_to_end_and_not_before() {
        let began = Instant::now();
        let span = Duration::from_millis(20);
        let run = move |rest: &Rest| {
            assert!(rest.lasts(span) && began.elapsed() >= span);
            assert!(!rest.lasts(LONG));
        };
        let mut thread = Stoppable::start("rests", Box::new(run)).expect("a thread");
        std::thread::sleep(3 * span);
        thread.end().expect("another thread").join().expect("it has rested as long as it should");
        assert!(thread.end().is_none() && began.elapsed() < LONG);
    }

    #[test]
    fn it_ends_when_what_ran_has_used_up_the_wake() {
        let rounds = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&rounds);
        let run = move |rest: &Rest| {
            counted.fetch_add(1, Ordering::SeqCst);
            // Returns by the wake that the end gives.
            park_timeout(LONG);
            assert!(!rest.lasts(LONG));
        };
        let mut thread = Stoppable::start("uses_wakes", Box::new(run)).expect("a thread");
        while rounds.load(Ordering::SeqCst) == 0 {
            std::thread::yield_now();
        }
        thread.end().expect("another thread").join().expect("it has seen the end");
    }

    #[test]
    fn a_thread_that_ends_itself_is_not_waited_for() {
        let slot = Arc::new(std::sync::Mutex::new(None::<Stoppable>));
        let own = Arc::clone(&slot);
        let (sender, ended) = std::sync::mpsc::channel();
        let mut held = slot.lock().expect("nobody panicked");
        let run = move |rest: &Rest| {
            let itself = own.lock().expect("nobody panicked").take();
            let is_own = itself.is_some_and(|mut itself| itself.end().is_none());
            let _ = sender.send(is_own && !rest.lasts(LONG));
        };
        *held = Some(Stoppable::start("ends_itself", Box::new(run)).expect("a thread"));
        drop(held);
        assert_eq!(ended.recv_timeout(Duration::from_secs(10)), Ok(true));
    }
}
