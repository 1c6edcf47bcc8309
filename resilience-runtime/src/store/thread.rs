//! Runs the thread that talks to stores. In: work. Out: what comes of it, also when whoever asked for it is gone.
//!
//! A connection of the client lives on the runtime that made it and dies with that. Runtimes of callers come and go, may
//! be busy, and stop their clocks in tests; leases must be prolonged all the same.

use std::cell::Cell;
use std::future::{Future, pending};
use std::io;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::runtime::{self, Handle};
use tokio::time::sleep;

#[cfg(feature = "redis")]
use super::in_place::InPlace;
use crate::late_thread::Unwaited;
use crate::sync::lock;
use crate::thread::{self, start_task};

/// Carries out work on the thread of stores, to its end. What it asks of stores that have their connections there as well
/// changes between no threads.
///
/// # Errors
///
/// When the system has no thread to give.
pub(crate) fn start(work: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
    drop(used()?.spawn(work));
    Ok(())
}

/// Carries out work on the thread of stores, to its end, and waits for its result; `None` if there is no such thread, or
/// the work panics.
///
/// Whoever asks on that thread carries it out himself, as keepers do.
#[cfg(feature = "redis")]
pub(crate) async fn run<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> Option<T> {
    let handle = used().ok()?;
    if IS_OURS.get() { InPlace::new(handle, work).await } else { handle.spawn(work).await.ok() }
}

thread_local! {
    /// Whether this is the thread of stores.
    static IS_OURS: Cell<bool> = const { Cell::new(false) };
}

/// A timer that is always pending while stores are in use.
///
/// tokio wakes its own thread, by a call of the system, for each timer that ends before all others. So does every operation
/// on a thread that waits for nothing else, and twice or three times: for its command, its claim, and the renewal of its
/// lease. Beside this timer, which ends before any of these, none does.
struct Beat {
    is_used: AtomicBool,
    is_going: AtomicBool,
}

static BEAT: Beat = Beat { is_used: AtomicBool::new(false), is_going: AtomicBool::new(false) };

/// Shorter than any time that an operation is given.
const PAUSE: Duration = Duration::from_millis(100);
/// After which nobody is thought to use stores: a thread that is not needed does not wake up.
const UNUSED: u32 = 10;

impl Beat {
    /// Stores are used.
    fn goes_on(&'static self, handle: &Handle) {
        // Mostly set already, and then not written: callers on other processors read it too.
        if !self.is_used.load(Ordering::Relaxed) {
            self.is_used.store(true, Ordering::Relaxed);
        }
        if !self.is_going.load(Ordering::Relaxed) && !self.is_going.swap(true, Ordering::Relaxed) {
            drop(start_task(handle, Box::pin(self.go())));
        }
    }

    async fn go(&self) {
        let mut unused = 0;
        while unused < UNUSED {
            sleep(PAUSE).await;
            unused = if self.is_used.swap(false, Ordering::Relaxed) { 0 } else { unused + 1 };
        }
        self.is_going.store(false, Ordering::Relaxed);
    }
}

/// The runtime of that thread, for work that is about to be given to it.
fn used() -> io::Result<Handle> {
    let handle = handle()?;
    BEAT.goes_on(&handle);
    Ok(handle)
}

/// One for all stores of the process. If the system cannot start it, the next caller tries again.
fn handle() -> io::Result<Handle> {
    static HANDLE: Mutex<Option<Handle>> = Mutex::new(None);
    let mut handle = lock(&HANDLE);
    if let Some(handle) = &*handle {
        return Ok(handle.clone());
    }
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let started = runtime.handle().clone();
    let runtime = Unwaited::new(runtime);
    let run = move || {
        IS_OURS.set(true);
        runtime.run(pending::<()>());
    };
    thread::start("resilience-stores", Box::new(run))?;
    Ok(handle.insert(started).clone())
}

#[cfg(all(test, feature = "redis"))]
mod tests {
    use std::time::Duration;

    use tokio::sync::oneshot;
    use tokio::task;
    use tokio::time::timeout;

    use super::*;

    #[test]
    fn work_goes_on_when_the_runtime_of_the_caller_is_dropped() {
        let (sender, receiver) = std::sync::mpsc::channel();
        let caller = runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        caller.block_on(async move {
            let work = run(async move {
                sleep(Duration::from_millis(20)).await;
                sender.send(std::thread::current().name().map(str::to_owned)).expect("somebody listens");
            });
            let _ = timeout(Duration::from_millis(1), work).await;
        });
        drop(caller);
        let thread = receiver.recv_timeout(Duration::from_secs(10)).expect("carried out");
        assert_eq!(thread.as_deref(), Some("resilience-stores"));
    }

    #[tokio::test]
    async fn work_that_panics_is_no_result_and_the_thread_goes_on() {
        assert_eq!(run(async { panic!("on purpose") }).await, None::<()>);
        assert_eq!(run(async { 7 }).await, Some(7));
        let within = run(async { (run(async { panic!("on purpose") }).await, run(async { 7 }).await) });
        assert_eq!(within.await, Some((None::<()>, Some(7))));
    }

    #[tokio::test]
    async fn work_that_is_asked_for_on_that_thread_is_no_task_of_its_own() {
        let tasks = run(async { [Some(task::id()), run(async { task::id() }).await] }).await;
        let [outer, inner] = tasks.expect("carried out");
        assert_eq!(outer, inner);
    }

    #[tokio::test]
    async fn work_that_was_begun_in_place_goes_on_when_whoever_asked_is_gone() {
        let (sender, receiver) = oneshot::channel();
        let work = async move {
            sleep(Duration::from_millis(20)).await;
            sender.send(std::thread::current().name().map(str::to_owned)).expect("somebody listens");
        };
        let asked = run(timeout(Duration::from_millis(1), run(work)));
        assert!(asked.await.expect("no panic").is_err());
        let thread = timeout(Duration::from_secs(10), receiver).await.expect("carried out").expect("sent");
        assert_eq!(thread.as_deref(), Some("resilience-stores"));
    }
}
