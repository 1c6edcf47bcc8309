//! Counts the guards of `monitor().start()`, and decides whether the one background thread has to start or stop. In: guards that
//! are made and dropped. Out: whether the one background thread has to start or to stop. The last guard waits until the thread has
//! ended, so that its port is free then.

use crate::sync::{lock, unpoisoned};
use std::sync::{Condvar, Mutex, MutexGuard};
use std::thread::{self, Thread};
use std::time::Duration;

/// How long to wait for the thread to end: a server needs two seconds at most to stop.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);

/// The guards of one registry, and the state of its thread.
#[derive(Debug, Default)]
pub(crate) struct Keeping {
    state: Mutex<State>,
    has_ended: Condvar,
}

#[derive(Debug, Default)]
struct State {
    users: usize,
    phase: Phase,
    keeper: Option<Thread>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Phase {
    /// There is no thread.
    #[default]
    Idle,
    Running,
    /// The last guard is gone, and the thread has not noticed.
    Stopping,
}

impl Keeping {
    /// Adds a guard. Whether the caller has to start the thread: then it reports [`begun`](Self::begun) or
    /// [`ended`](Self::ended).
    pub(crate) fn join(&self) -> bool {
        // The port of the thread before has to be free.
        let mut state = self.wait(self.lock());
        state.users += 1;
        let begins = state.phase == Phase::Idle;
        if begins {
            state.phase = Phase::Running;
        }
        begins
    }

    /// This thread has started.
    pub(crate) fn begun(&self, keeper: &Thread) {
        self.lock().keeper = Some(keeper.clone());
    }

    /// Removes a guard; for the last one, waits for the thread to end.
    pub(crate) fn leave(&self) {
        let mut state = self.lock();
        state.users = state.users.saturating_sub(1);
        if state.users > 0 {
            return;
        }
        if state.phase == Phase::Running {
            state.phase = Phase::Stopping;
            if let Some(keeper) = &state.keeper {
                keeper.unpark();
            }
        }
        drop(self.wait(state));
    }

    /// Whether the thread has to end.
    pub(crate) fn is_stopping(&self) -> bool {
        self.lock().phase == Phase::Stopping
    }

    /// The thread has ended.
    pub(crate) fn ended(&self) {
        let mut state = self.lock();
        (state.phase, state.keeper) = (Phase::Idle, None);
        drop(state);
        self.has_ended.notify_all();
    }

    /// Settings have changed: wakes the thread to read them.
    #[cfg(any(test, feature = "config"))]
    pub(crate) fn look(&self) {
        if let Some(keeper) = &self.lock().keeper {
            keeper.unpark();
        }
    }

    /// Waits while the thread stops. The thread itself does not wait: it would wait for its own end.
    fn wait<'a>(&self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        let own = thread::current().id();
        let stops = |state: &mut State| {
            let is_keeper = state.keeper.as_ref().is_some_and(|keeper| keeper.id() == own);
            state.phase == Phase::Stopping && !is_keeper
        };
        unpoisoned(self.has_ended.wait_timeout_while(state, STOP_TIMEOUT, stops)).0
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[test]
    fn the_first_begins_and_the_last_waits_for_the_end() {
        let keeping = Keeping::default();
        let is_over = AtomicBool::new(false);
        assert!(keeping.join());
        thread::scope(|scope| {
            let keeper = scope.spawn(|| {
                while !keeping.is_stopping() {
                    thread::park_timeout(Duration::from_millis(5));
                }
                thread::sleep(Duration::from_millis(30));
                is_over.store(true, Ordering::Release);
                keeping.ended();
            });
            keeping.begun(keeper.thread());
            assert!(!keeping.join(), "it goes");
            keeping.leave();
            assert!(!keeping.is_stopping(), "another wants it");
            keeping.leave();
            assert!(is_over.load(Ordering::Acquire));
        });
        assert!(keeping.join(), "from the beginning again");
    }

    #[test]
    fn what_could_not_begin_is_begun_by_the_next() {
        let keeping = Keeping::default();
        assert!(keeping.join());
        keeping.ended();
        assert!(keeping.join());
        keeping.leave();
        keeping.ended();
        assert!(keeping.join(), "the users that are left do not keep it");
    }
}
