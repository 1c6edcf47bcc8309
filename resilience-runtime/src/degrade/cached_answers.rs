//! Decides how long a stored answer may be used, by its age (fresh, then stale, then expired), and which is evicted. In: answers by
//! key, with the time of the registry's clock. Out: answers that have not expired. A bounded map with least-recently-used eviction;
//! what has expired is removed when looked up, or evicted when room is needed.
//!
//! Not by frequency of use, which rejects newcomers: a cache read only after a failure would keep its first answers for
//! ever. A table of our own: published ones run the user's `Hash`, `Eq` and `Drop` under locks, or use another clock.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use resilience_settings::policy::CacheSettings;

use super::buckets::{Buckets, HasBuckets, find_or};
use crate::clock::Tick;
use crate::sync::{Mutex, MutexGuard, lock};

/// An answer and when it was given.
#[derive(Debug)]
pub(crate) struct Kept<T> {
    pub(crate) value: T,
    at: Tick,
}

impl<T> Kept<T> {
    pub(crate) fn new(value: T, at: Tick) -> Self {
        Self { value, at }
    }
}

/// How an answer may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Freshness {
    Fresh,
    Stale,
    Expired,
}

/// The rule of age: fresh before `ttl`, then stale for `stale_for`, then expired.
pub(super) fn freshness(age: Duration, settings: &CacheSettings) -> Freshness {
    if age < settings.ttl {
        Freshness::Fresh
    } else if age < settings.ttl.saturating_add(settings.stale_for) {
        Freshness::Stale
    } else {
        Freshness::Expired
    }
}

/// An answer with its key.
struct Entry<K, T> {
    hash: u64,
    key: K,
    kept: Arc<Kept<T>>,
    /// Its position in the order of use; changed under the lock only.
    used: AtomicU64,
}

/// The kept answers of one call site.
pub(super) struct Store<K, T> {
    entries: Mutex<Entries<K, T>>,
}

struct Entries<K, T> {
    by_hash: Buckets<Entry<K, T>>,
    /// The least recently used entry comes first.
    by_use: BTreeMap<u64, Arc<Entry<K, T>>>,
    uses: u64,
    capacity: usize,
}

impl<K, T> HasBuckets<Entry<K, T>> for Entries<K, T> {
    fn buckets(&self) -> &Buckets<Entry<K, T>> {
        &self.by_hash
    }
}

impl<K: Eq, T> Store<K, T> {
    pub(super) fn new(capacity: u32) -> Self {
        let entries = Entries {
            by_hash: Buckets::default(),
            by_use: BTreeMap::new(),
            uses: 0,
            capacity: places(capacity),
        };
        Self { entries: Mutex::new(entries) }
    }

    /// An answer that has not expired.
    pub(super) fn get(
        &self,
        hash: u64,
        key: &K,
        now: Tick,
        settings: &CacheSettings,
    ) -> Option<(Arc<Kept<T>>, Freshness)> {
        let entry = self.find_or(hash, key, drop).ok()?;
        let freshness = freshness(now.since(entry.kept.at), settings);
        if freshness == Freshness::Expired {
            // Removes only this entry: a newer answer may have replaced it meanwhile.
            let removed = self.lock().remove(&entry);
            drop(removed);
            return None;
        }
        self.lock().touch(&entry);
        Some((Arc::clone(&entry.kept), freshness))
    }

    pub(super) fn put(&self, hash: u64, key: K, kept: Arc<Kept<T>>) {
        let new = Arc::new(Entry { hash, key, kept, used: AtomicU64::new(0) });
        // What is removed is dropped here, after the lock.
        let insert = |mut entries: MutexGuard<'_, Entries<K, T>>, old: Option<&Arc<Entry<K, T>>>| {
            let replaced = old.and_then(|old| entries.remove(old));
            entries.insert(&new);
            (replaced, entries.evict())
        };
        match self.find_or(hash, &new.key, |entries| insert(entries, None)) {
            Ok(old) => drop(insert(self.lock(), Some(&old))),
            Err(removed) => drop(removed),
        }
    }

    /// The entry of a key. If there is none, what `otherwise` makes of the locked entries, while the lock guarantees
    /// that.
    fn find_or<'a, R>(
        &'a self,
        hash: u64,
        key: &K,
        otherwise: impl FnOnce(MutexGuard<'a, Entries<K, T>>) -> R,
    ) -> Result<Arc<Entry<K, T>>, R> {
        find_or(|| self.lock(), hash, |entry: &Entry<K, T>| entry.key == *key, otherwise)
    }
}

impl<K, T> Store<K, T> {
    /// Changes the capacity; the most recently used answers stay.
    pub(super) fn resize(&self, capacity: u32) {
        let mut entries = self.lock();
        entries.capacity = places(capacity);
        let evicted = entries.evict();
        drop(entries);
        drop(evicted);
    }

    /// No foreign code runs under the lock: keys are compared, and removed entries dropped, outside of it.
    fn lock(&self) -> MutexGuard<'_, Entries<K, T>> {
        lock(&self.entries)
    }
}

impl<K, T> Entries<K, T> {
    fn insert(&mut self, entry: &Arc<Entry<K, T>>) {
        self.by_hash.push(entry.hash, Arc::clone(entry));
        self.use_now(entry);
    }

    /// Marks an entry as used now, if it is still in.
    fn touch(&mut self, entry: &Arc<Entry<K, T>>) {
        let used = entry.used.load(Ordering::Relaxed);
        if used != self.uses && self.is_in(entry, used) {
            self.by_use.remove(&used);
            self.use_now(entry);
        }
    }

    fn use_now(&mut self, entry: &Arc<Entry<K, T>>) {
        self.uses += 1;
        entry.used.store(self.uses, Ordering::Relaxed);
        self.by_use.insert(self.uses, Arc::clone(entry));
    }

    /// Removes an entry, if it is still in; the caller drops it outside of the lock.
    fn remove(&mut self, entry: &Arc<Entry<K, T>>) -> Option<Arc<Entry<K, T>>> {
        let used = entry.used.load(Ordering::Relaxed);
        if !self.is_in(entry, used) {
            return None;
        }
        self.by_use.remove(&used);
        self.by_hash.remove(entry.hash, entry)
    }

    fn is_in(&self, entry: &Arc<Entry<K, T>>, used: u64) -> bool {
        self.by_use.get(&used).is_some_and(|there| Arc::ptr_eq(there, entry))
    }

    /// Removes entries beyond the capacity; the caller drops them outside of the lock.
    fn evict(&mut self) -> Vec<Arc<Entry<K, T>>> {
        let mut evicted = Vec::new();
        while self.by_use.len() > self.capacity {
            let Some((_, oldest)) = self.by_use.pop_first() else { break };
            self.by_hash.remove(oldest.hash, &oldest);
            evicted.push(oldest);
        }
        evicted
    }
}

fn places(capacity: u32) -> usize {
    usize::try_from(capacity).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests;
