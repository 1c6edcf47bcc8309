//! Knows which stores of idempotency records answer, and tells when that changes. In: how their operations have gone. Out: which of
//! them answer, and an event when that changes.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use super::shared_state::StoreState;
use super::store_set::StoreSet;
use crate::events::{Event, Rare, emit};
use crate::registry::shared::Shared;
use crate::store::{MemoryLimits, Records, SharedValue, StoreError};
use crate::sync::lock;
use crate::wakers::shielded;

/// There are few stores in a program; names that are made up in great numbers share the last place.
const MOST_STORES: usize = StoreSet::MOST;

impl Shared {
    /// The results that are kept in memory.
    pub(crate) fn results(&self) -> &Records<SharedValue> {
        self.idempotency.results.get_or_init(|| Records::new(MemoryLimits::default()))
    }

    /// Tells of results that were removed before their time, once.
    pub(crate) fn tell_of_early_results(&self) {
        if self.results().early() > 0 && !self.idempotency.was_told_of_early.swap(true, Ordering::Relaxed) {
            shielded(|| emit(&Event::Rare(Rare::ResultsEvicted), &self.history));
        }
    }

    /// How many results were removed from memory before their time.
    pub(crate) fn early_results(&self) -> u64 {
        self.idempotency.results.get().map_or(0, Records::early)
    }

    /// What is known of the store with that name.
    pub(crate) fn store_state(&'static self, name: &str) -> &'static StoreState {
        let mut stores = lock(&self.idempotency.stores);
        if let Some(state) = stores.iter().find(|state| state.name == name) {
            return state;
        }
        if let (MOST_STORES.., Some(last)) = (stores.len(), stores.last()) {
            return last;
        }
        let name = String::leak(name.to_owned());
        let state: &'static StoreState = Box::leak(Box::new(StoreState {
            name,
            alone: StoreSet::alone(stores.len()),
            is_away: AtomicBool::new(false),
            warnings: Mutex::default(),
        }));
        stores.push(state);
        state
    }

    /// Every store that was asked.
    pub(crate) fn stores(&self) -> Vec<&'static StoreState> {
        lock(&self.idempotency.stores).clone()
    }

    /// Notes how an operation of a store has gone.
    pub(crate) fn note_store(&self, state: &StoreState, error: Option<&StoreError>) {
        if state.is_away.swap(error.is_some(), Ordering::Relaxed) == error.is_some() {
            return;
        }
        let store = state.name;
        shielded(|| {
            let what = match error {
                Some(error) => Rare::StoreAway { store, reason: error.name() },
                None => Rare::StoreBack { store },
            };
            emit(&Event::Rare(what), &self.history);
        });
    }
}

impl StoreState {
    /// Whether it answers.
    pub(crate) fn is_up(&self) -> bool {
        !self.is_away.load(Ordering::Relaxed)
    }

    /// What is amiss with it, as it said last.
    pub(crate) fn warnings(&self) -> Vec<String> {
        lock(&self.warnings).clone()
    }

    /// Notes what the store says of itself.
    pub(crate) fn note_warnings(&self, warnings: Vec<String>) {
        *lock(&self.warnings) = warnings;
    }
}
