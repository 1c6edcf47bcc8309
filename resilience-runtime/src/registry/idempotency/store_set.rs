//! Data: some of the stores of a registry, a bit for each. In: stores that a service asks, and stores that are in trouble. Out:
//! whether a store is both: a service is not to be marked for the store of another.

use std::sync::atomic::{AtomicU16, Ordering};

/// Some of the stores of a registry, a bit for each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct StoreSet(u16);

/// The stores that a service has asked so far.
#[derive(Debug, Default)]
pub(crate) struct AskedStores(AtomicU16);

impl StoreSet {
    /// How many stores can be told apart.
    pub(super) const MOST: usize = u16::BITS as usize;

    /// The store with that number, below [`MOST`](Self::MOST).
    pub(super) fn alone(number: usize) -> Self {
        Self(1 << number)
    }

    /// All of these.
    pub(crate) fn of(stores: impl IntoIterator<Item = Self>) -> Self {
        Self(stores.into_iter().fold(0, |all, store| all | store.0))
    }

    /// Whether a store is in both.
    pub(crate) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl AskedStores {
    /// It asks this one.
    pub(crate) fn add(&self, store: StoreSet) {
        if !self.get().meets(store) {
            self.0.fetch_or(store.0, Ordering::Relaxed);
        }
    }

    pub(crate) fn get(&self) -> StoreSet {
        StoreSet(self.0.load(Ordering::Relaxed))
    }
}
