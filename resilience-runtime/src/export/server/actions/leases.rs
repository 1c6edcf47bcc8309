//! Actions go in with how long they hold, and end when their time is up: on a thread of its own, which is there for as long as
//! anything holds, so that a server that is stopped leaves no breaker forced for ever.

use std::fmt;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Instant;

use super::lease::Lease;
use crate::registry::Registry;
use crate::wakers::shielded;

/// What holds.
pub(in crate::export::server) struct Leases {
    registry: &'static Registry,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    leases: Vec<Lease>,
    /// An action is under way: what it changes is not in the list, or not any more.
    is_busy: bool,
    is_running: bool,
}

/// The right to act. One at a time: each looks at what the one before has left.
#[derive(Debug)]
pub(super) struct Acting<'a>(&'a Arc<Leases>);

impl Leases {
    pub(in crate::export::server) fn new(registry: &'static Registry) -> Arc<Self> {
        Arc::new(Self { registry, state: Mutex::default(), changed: Condvar::new() })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&'a self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        self.changed.wait(state).unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until nobody else acts. An action runs foreign code, wakers of calls, so it cannot be done under the lock.
    pub(super) fn act(self: &Arc<Self>) -> Acting<'_> {
        self.begin();
        Acting(self)
    }

    fn begin(&self) {
        let mut state = self.lock();
        while state.is_busy {
            state = self.wait(state);
        }
        state.is_busy = true;
    }

    fn finish(&self) {
        self.lock().is_busy = false;
        self.changed.notify_all();
    }

    /// Ends what is due for as long as anything holds.
    fn run(&self) {
        let mut state = self.lock();
        loop {
            let now = Instant::now();
            let Some(next) = state.leases.iter().map(|lease| lease.until).min() else {
                if state.is_busy {
                    state = self.wait(state);
                    continue;
                }
                state.is_running = false;
                return;
            };
            if state.is_busy {
                state = self.wait(state);
            } else if next > now {
                let waited = self.changed.wait_timeout(state, next - now);
                state = waited.unwrap_or_else(PoisonError::into_inner).0;
            } else {
                state.is_busy = true;
                let due: Vec<Lease> = state.leases.extract_if(.., |lease| lease.until <= now).collect();
                drop(state);
                for lease in due {
                    // Wakers and subscribers are foreign.
                    shielded(|| lease.end(self.registry));
                }
                self.finish();
                state = self.lock();
            }
        }
    }
}

impl Acting<'_> {
    /// Has the thread run that will end what is about to begin: before it begins, as afterwards nothing would.
    pub(super) fn prepare(&self) -> io::Result<()> {
        let mut state = self.0.lock();
        if !state.is_running {
            let leases = Arc::clone(self.0);
            thread::Builder::new().name("resilience-lease".to_owned()).spawn(move || leases.run())?;
            state.is_running = true;
        }
        Ok(())
    }

    /// Takes out what holds for a service, of one sort.
    pub(super) fn take(&self, is_it: impl Fn(&Lease) -> bool) -> Option<Lease> {
        let mut state = self.0.lock();
        let at = state.leases.iter().position(is_it)?;
        Some(state.leases.swap_remove(at))
    }

    /// Has it end when its time is up, in place of an earlier one.
    pub(super) fn hold(&self, lease: Lease) {
        let mut state = self.0.lock();
        state.leases.retain(|other| !other.is_same_sort(&lease));
        state.leases.push(lease);
    }
}

impl Drop for Acting<'_> {
    fn drop(&mut self) {
        self.0.finish();
    }
}

impl fmt::Debug for Leases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Leases").finish_non_exhaustive()
    }
}
