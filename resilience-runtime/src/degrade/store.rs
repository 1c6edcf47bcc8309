//! Kept answers by key: a bounded cache of `moka`, where our own clock decides how old an answer is.
//!
//! `moka` could expire entries by itself, but by a clock that no test can pause, and with a time to live
//! that no reload can change. What is expired here goes when it is looked at, or when newer answers need
//! the room: eviction is by age of use, because under `TinyLFU` a newcomer has to be asked for more often than
//! what it replaces, and a cache that is read only after a failure would keep its first answers for ever.

use std::hash::Hash;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use moka::policy::EvictionPolicy;
use moka::sync::Cache;

use crate::clock::Tick;
use crate::policy::CacheSettings;

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

/// The rule of age: fresh before `ttl`, stale for `stale_for` after it.
pub(super) fn freshness(age: Duration, settings: &CacheSettings) -> Freshness {
    if age < settings.ttl {
        Freshness::Fresh
    } else if age < settings.ttl.saturating_add(settings.stale_for) {
        Freshness::Stale
    } else {
        Freshness::Expired
    }
}

/// One `moka` cache and the capacity that it was made with.
struct Sized<K, T> {
    capacity: u32,
    entries: Cache<K, Arc<Kept<T>>>,
}

/// The kept answers of one call site.
pub(super) struct Store<K, T> {
    /// The lock is held to copy the pointer, never while a key is compared or an answer copied.
    sized: RwLock<Arc<Sized<K, T>>>,
}

impl<K, T> Store<K, T>
where
    K: Hash + Eq + Clone + Send + Sync + 'static,
    T: Send + Sync + 'static,
{
    pub(super) fn new(capacity: u32) -> Self {
        Self { sized: RwLock::new(Arc::new(Sized::new(capacity))) }
    }

    /// An answer that is not expired.
    pub(super) fn get(
        &self,
        key: &K,
        now: Tick,
        settings: &CacheSettings,
    ) -> Option<(Arc<Kept<T>>, Freshness)> {
        let sized = self.current();
        let kept = sized.entries.get(key)?;
        match freshness(now.since(kept.at), settings) {
            Freshness::Expired => {
                // Only this one: a newer answer may have been put in its place by now.
                let expired = Arc::clone(&kept);
                let _ = sized.entries.entry_by_ref(key).and_compute_with(|entry| match entry {
                    Some(entry) if Arc::ptr_eq(entry.value(), &expired) => moka::ops::compute::Op::Remove,
                    _ => moka::ops::compute::Op::Nop,
                });
                None
            }
            usable => Some((kept, usable)),
        }
    }

    pub(super) fn put(&self, key: K, kept: Arc<Kept<T>>) {
        let sized = self.current();
        sized.entries.insert(key, kept);
        // `moka` evicts by a clock of its own, some time after; tests must not depend on when.
        #[cfg(feature = "testing")]
        sized.entries.run_pending_tasks();
    }

    /// Makes room for another number of answers. `moka` cannot: a new cache takes over the newest answers. An
    /// answer that is put in at that very moment may be lost.
    pub(super) fn resize(&self, capacity: u32) {
        let old = self.current();
        if old.capacity == capacity {
            return;
        }
        let new = Sized::new(capacity);
        let mut entries: Vec<_> = old.entries.iter().collect();
        entries.sort_by_key(|(_, kept)| std::cmp::Reverse(kept.at));
        entries.truncate(usize::try_from(capacity).unwrap_or(usize::MAX));
        // The newest last, so that it is the last to be evicted.
        for (key, kept) in entries.into_iter().rev() {
            new.entries.insert(K::clone(&key), kept);
        }
        let mut sized = self.sized.write().unwrap_or_else(PoisonError::into_inner);
        if Arc::ptr_eq(&sized, &old) {
            *sized = Arc::new(new);
        }
    }

    fn current(&self) -> Arc<Sized<K, T>> {
        Arc::clone(&self.sized.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<K, T> Sized<K, T>
where
    K: Hash + Eq + Send + Sync + 'static,
    T: Send + Sync + 'static,
{
    fn new(capacity: u32) -> Self {
        Self {
            capacity,
            entries: Cache::builder()
                .max_capacity(u64::from(capacity))
                .eviction_policy(EvictionPolicy::lru())
                .build(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(ttl: u64, stale_for: u64) -> CacheSettings {
        CacheSettings {
            ttl: Duration::from_nanos(ttl),
            stale_for: Duration::from_nanos(stale_for),
            ..CacheSettings::default()
        }
    }

    fn put(store: &Store<u32, u32>, key: u32, at: u64) {
        store.put(key, Arc::new(Kept::new(key * 10, Tick(at))));
        store.current().entries.run_pending_tasks();
    }

    fn get(
        store: &Store<u32, u32>,
        key: u32,
        now: u64,
        settings: &CacheSettings,
    ) -> Option<(u32, Freshness)> {
        store.get(&key, Tick(now), settings).map(|(kept, freshness)| (kept.value, freshness))
    }

    #[test]
    fn an_answer_is_fresh_then_stale_then_gone() {
        for (ttl, stale_for, age, expected) in [
            (10, 5, 0, Freshness::Fresh),
            (10, 5, 9, Freshness::Fresh),
            (10, 5, 10, Freshness::Stale),
            (10, 5, 14, Freshness::Stale),
            (10, 5, 15, Freshness::Expired),
            (10, 0, 10, Freshness::Expired),
            (0, 5, 0, Freshness::Stale),
            (u64::MAX, u64::MAX, u64::MAX, Freshness::Stale),
        ] {
            let age = Duration::from_nanos(age);
            assert_eq!(freshness(age, &settings(ttl, stale_for)), expected, "{ttl} {stale_for} {age:?}");
        }
    }

    #[test]
    fn keys_are_compared_and_not_only_hashed() {
        #[derive(Clone, PartialEq, Eq)]
        struct Collides(u32);
        impl Hash for Collides {
            fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
                state.write_u8(0);
            }
        }
        let store = Store::new(10);
        store.put(Collides(1), Arc::new(Kept::new('a', Tick(0))));
        store.put(Collides(2), Arc::new(Kept::new('b', Tick(0))));
        let value = |key| store.get(&Collides(key), Tick(0), &CacheSettings::default()).map(|it| it.0.value);
        assert_eq!([value(1), value(2), value(3)], [Some('a'), Some('b'), None]);
    }

    #[test]
    fn an_expired_answer_leaves_the_cache_when_it_is_asked_for() {
        let store = Store::new(10);
        put(&store, 1, 0);
        assert_eq!(get(&store, 1, 100, &settings(10, 5)), None);
        // Also under a longer time to live: it is gone, not hidden.
        assert_eq!(get(&store, 1, 100, &settings(1_000, 0)), None);
    }

    #[test]
    fn a_full_cache_takes_new_answers_and_stays_within_its_capacity() {
        let store = Store::new(3);
        for key in 0..100 {
            put(&store, key, u64::from(key));
        }
        let kept: Vec<_> =
            (0..100).filter(|&key| get(&store, key, 100, &settings(1_000, 0)).is_some()).collect();
        assert_eq!(kept, [97, 98, 99]);
    }

    #[test]
    fn another_capacity_keeps_the_newest_answers() {
        let store = Store::new(10);
        for key in 0..10 {
            put(&store, key, u64::from(key));
        }
        store.resize(4);
        let kept = |store: &Store<u32, u32>| -> Vec<u32> {
            (0..12).filter(|&key| get(store, key, 20, &settings(1_000, 0)).is_some()).collect()
        };
        assert_eq!(kept(&store), [6, 7, 8, 9]);
        store.resize(6);
        put(&store, 10, 10);
        put(&store, 11, 11);
        assert_eq!(kept(&store), [6, 7, 8, 9, 10, 11]);
    }
}
