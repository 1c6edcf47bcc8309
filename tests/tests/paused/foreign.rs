//! Foreign code that panics, wherever the library calls it: nothing is lost, and nothing is done twice.
//!
//! Each scene is played repeatedly. The first time, the first call into foreign code panics; the next time, the second;
//! and so on until a run completes without a panic. So every place panics once.

#[cfg(feature = "otel")]
mod collecting;
mod errors;
mod keys;
mod subscribers;
mod wakers;

use std::cell::Cell;
use std::future::Future;

use resilience_runtime::monitor::CallOutcome;
use resilience_runtime::{registry, testing};

use crate::script::{Answer, ask, configure, service, stats};

thread_local! {
    static FUSE: Cell<u32> = const { Cell::new(0) };
    /// Whether the fuse is paused: the running code is tokio's, which need not survive a panic.
    static IS_WET: Cell<bool> = const { Cell::new(false) };
}

/// Runs something during which foreign code does not panic.
pub(crate) async fn behaving<F: Future>(future: F) -> F::Output {
    IS_WET.set(true);
    let output = future.await;
    IS_WET.set(false);
    output
}

/// The foreign code itself: panics when its turn has come. Not while another panic unwinds: a second one aborts the
/// process, which would be the fault of the panicking destructor.
pub(crate) fn burn() {
    #[cfg(feature = "otel")]
    collecting::collect();
    let left = FUSE.get();
    if left > 0 && !IS_WET.get() && !std::thread::panicking() {
        FUSE.set(left - 1);
        assert!(left > 1, "foreign code panics");
    }
}

/// Whether the fuse has blown; resets it.
pub(crate) fn has_blown(length: u32) -> bool {
    let left = FUSE.replace(0);
    length > 0 && left == 0
}

/// Runs a future in a task of its own; returns whether it panicked.
pub(crate) async fn panics(future: impl Future<Output = ()> + Send + 'static) -> bool {
    tokio::spawn(testing::inherit(future)).await.is_err_and(|error| error.is_panic())
}

/// Plays a scene until every place of foreign code in it has panicked once. The scene returns how many of its calls
/// panicked.
pub(crate) async fn play<F: Future<Output = u64>>(what: &str, settings: &str, scene: impl Fn() -> F) {
    #[cfg(feature = "otel")]
    collecting::play(what, settings, &scene).await;
    for length in 1..2_000 {
        let blown = testing::isolated(async {
            configure(settings);
            assert_eq!(ask(Answer(0)).await, Ok(0));
            FUSE.set(length);
            let panicked = scene().await;
            let blown = has_blown(length);
            is_quiescent(&format!("{what}, place {length}, {settings}"), panicked).await;
            blown
        })
        .await;
        if !blown {
            assert!(length > 1, "{what}: no foreign code was called");
            return;
        }
    }
    panic!("{what}: it never went through");
}

/// All permits have been returned, everything that began has ended, and that many calls have panicked.
async fn is_quiescent(at: &str, panicked: u64) {
    let (of, seen) = (service(), stats());
    assert_eq!(seen.in_flight(), 0, "{at}");
    assert_eq!(of.bulkhead_in_flight().unwrap_or(0), 0, "{at}: permits");
    assert_eq!(of.bulkhead_queue_depth().unwrap_or(0), 0, "{at}: queue");
    assert_eq!(registry().concurrent_retries(), 0, "{at}: places under the cap");
    assert_eq!(seen.started(), seen.ended(), "{at}");
    assert_eq!(seen.calls(CallOutcome::Panicked), panicked, "{at}: {seen:?}");
    if of.breaker_state().is_half_open() {
        // With one trial at a time, a lost one would keep all calls out.
        let outcome = ask(Answer(1)).await;
        assert_eq!(outcome, Ok(1), "{at}: the trial is lost");
    }
}
