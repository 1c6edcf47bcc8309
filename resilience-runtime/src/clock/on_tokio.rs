//! A clock that goes by tokio's. In: a registry that a test has made, or has switched over. Out: readings that stand still,
//! leap and run as `tokio::time::pause` and `advance` have it.

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use super::tick::{Tick, nanos};

tokio::task_local! {
    static HERE: ();
}

/// Whether the program's own registry has been switched over.
static IS_SWITCHED: AtomicBool = AtomicBool::new(false);

/// Where the clock of an isolated registry begins. The same for each, so that the slices of windows begin at the same
/// moments of each run. Well above zero: tokio's clock may have been paused before the registry was made, and a reading
/// below zero would stand still.
pub(super) const BEGIN: Tick = Tick(nanos(Duration::from_hours(24)));

/// A moment on both clocks.
#[derive(Clone, Copy, Debug)]
pub(super) struct OnTokio {
    instant: Instant,
    tick: Tick,
}

impl OnTokio {
    /// Goes on from there.
    pub(super) fn from(tick: Tick) -> Self {
        Self { instant: Instant::now(), tick }
    }

    #[inline]
    pub(super) fn now(&self) -> Tick {
        let now = Instant::now();
        if let Some(since) = now.checked_duration_since(self.instant) {
            return self.tick.plus(since);
        }
        // Another runtime, whose clock was paused earlier.
        Tick(self.tick.0.saturating_sub(nanos(self.instant.duration_since(now))))
    }
}

/// Whether what is made here and belongs to no registry goes by tokio's clock.
pub(super) fn is_virtual_here() -> bool {
    HERE.try_with(|()| ()).is_ok() || IS_SWITCHED.load(Ordering::Relaxed)
}

/// From now on it does so everywhere.
pub(super) fn switch_everywhere() {
    IS_SWITCHED.store(true, Ordering::Relaxed);
}

/// Runs a future where clocks that belong to no registry go by tokio's.
pub(crate) fn scope<F: Future>(future: F) -> impl Future<Output = F::Output> {
    HERE.scope((), future)
}

/// The same for a closure.
pub(crate) fn sync_scope<R>(run: impl FnOnce() -> R) -> R {
    HERE.sync_scope((), run)
}
