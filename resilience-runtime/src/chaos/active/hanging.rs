//! Holds the attempts that hang or wait by a rule, until it lets them go. In: their wakers. Out: all of them go on, once what holds
//! them is disarmed.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};

use crate::sync::lock;
use crate::wakers::{Wakers, discard};

/// What holds attempts, until it lets all of them go.
#[derive(Default)]
pub(crate) struct HangingAttempts(Mutex<State>);

#[derive(Default)]
struct State {
    is_released: bool,
    last_place: u64,
    waiting: BTreeMap<u64, Waker>,
}

/// One attempt that hangs.
#[derive(Debug)]
pub(crate) struct HangingAttempt {
    held: Arc<HangingAttempts>,
    place: u64,
}

impl HangingAttempts {
    /// All go on, also those that come later.
    pub(crate) fn release(&self) {
        let mut wakers = Wakers::none();
        let mut state = lock(&self.0);
        state.is_released = true;
        for (_, waker) in std::mem::take(&mut state.waiting) {
            wakers.push(Some(waker));
        }
        drop(state);
        wakers.wake();
    }

    /// Whether there are attempts that they hold.
    pub(crate) fn hold_some(self: &Arc<Self>) -> bool {
        // One is the rule's own.
        Arc::strong_count(self) > 1
    }

    /// Whether all were let go.
    pub(crate) fn are_released(&self) -> bool {
        lock(&self.0).is_released
    }
}

impl HangingAttempt {
    pub(crate) fn new(held: &Arc<HangingAttempts>) -> Self {
        let mut state = lock(&held.0);
        state.last_place += 1;
        let place = state.last_place;
        drop(state);
        Self { held: Arc::clone(held), place }
    }

    /// Whether the attempt goes on; it is woken when it does.
    pub(crate) fn is_released(&self, cx: &Context<'_>) -> bool {
        // Wakers are foreign: cloned and dropped outside of the lock.
        let waker = cx.waker().clone();
        let mut state = lock(&self.held.0);
        let is_released = state.is_released;
        let unused = if is_released { Some(waker) } else { state.waiting.insert(self.place, waker) };
        drop(state);
        discard(unused);
        is_released
    }
}

impl Drop for HangingAttempt {
    fn drop(&mut self) {
        let waker = lock(&self.held.0).waiting.remove(&self.place);
        discard(waker);
    }
}

impl fmt::Debug for HangingAttempts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HangingAttempts").finish_non_exhaustive()
    }
}
