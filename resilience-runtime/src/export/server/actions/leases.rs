//! Ends operator actions when their time is up. In: actions with their lifetimes. Out: each ends when its time is up, on a thread
//! that runs for as long as anything holds, so that a server that is stopped leaves no breaker forced for ever.

use std::fmt;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Instant;

use super::lease::Lease;
use crate::registry::Registry;
use crate::sync::{lock, unpoisoned};
use crate::thread;
use crate::wakers::shielded;

/// The actions that hold.
pub(in crate::export::server) struct Leases {
    registry: &'static Registry,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    leases: Vec<Lease>,
    /// Whether an action is being performed: what it changes is not in the list yet, or not any more.
    is_busy: bool,
    is_running: bool,
}

/// The exclusive right to perform an action: each one depends on what the one before has left.
#[derive(Debug)]
pub(super) struct Acting<'a>(&'a Arc<Leases>);

impl Leases {
    pub(in crate::export::server) fn new(registry: &'static Registry) -> Arc<Self> {
        Arc::new(Self { registry, state: Mutex::default(), changed: Condvar::new() })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    fn wait<'a>(&'a self, state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        unpoisoned(self.changed.wait(state))
    }

    /// Waits until no other action is performed. An action runs foreign code, such as wakers of calls, so it cannot
    /// run under the lock.
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

    /// Ends actions when they are due, for as long as any holds.
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
                state = unpoisoned(waited).0;
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
    /// Makes sure that the thread runs that will end the next action. Before the action begins, since afterwards
    /// nothing would end it.
    pub(super) fn prepare(&self) -> io::Result<()> {
        let mut state = self.0.lock();
        if !state.is_running {
            let leases = Arc::clone(self.0);
            thread::start("resilience-lease", Box::new(move || leases.run()))?;
            state.is_running = true;
        }
        Ok(())
    }

    /// Removes the action of one kind that holds for a service.
    pub(super) fn take(&self, is_it: impl Fn(&Lease) -> bool) -> Option<Lease> {
        let mut state = self.0.lock();
        let at = state.leases.iter().position(is_it)?;
        Some(state.leases.swap_remove(at))
    }

    /// Adds an action, which replaces an earlier one of its kind.
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
