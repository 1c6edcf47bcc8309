//! Which answers a store keeps, and for how long.

use super::*;

fn settings(ttl: u64, stale_for: u64) -> CacheSettings {
    settings!(CacheSettings {
        ttl: Duration::from_nanos(ttl),
        stale_for: Duration::from_nanos(stale_for),
        ..CacheSettings::default()
    })
}

fn put(store: &Store<u32, u32>, key: u32, at: u64) {
    store.put(key.into(), key, Arc::new(Kept::new(key * 10, Tick(at))));
}

fn get(store: &Store<u32, u32>, key: u32, now: u64, settings: &CacheSettings) -> Option<(u32, Freshness)> {
    store.get(key.into(), &key, Tick(now), settings).map(|(kept, freshness)| (kept.value, freshness))
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
    let store = Store::new(10);
    store.put(0, 1, Arc::new(Kept::new('a', Tick(0))));
    store.put(0, 2, Arc::new(Kept::new('b', Tick(0))));
    let value = |key| store.get(0, &key, Tick(0), &CacheSettings::default()).map(|it| it.0.value);
    assert_eq!([value(1), value(2), value(3)], [Some('a'), Some('b'), None]);
}

#[test]
fn an_expired_answer_leaves_the_cache_when_it_is_asked_for() {
    let store = Store::new(10);
    put(&store, 1, 0);
    assert_eq!(get(&store, 1, 100, &settings(10, 5)), None);
    // Also with a longer time to live: the answer was removed, not hidden.
    assert_eq!(get(&store, 1, 100, &settings(1_000, 0)), None);
}

#[test]
fn a_full_cache_takes_new_answers_and_stays_within_its_capacity() {
    let store = Store::new(3);
    for key in 0..100 {
        put(&store, key, u64::from(key));
    }
    let kept: Vec<_> = (0..100).filter(|&key| get(&store, key, 100, &settings(1_000, 0)).is_some()).collect();
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

#[test]
fn what_is_used_stays_and_what_is_replaced_counts_once() {
    let store = Store::new(3);
    for key in [1, 2, 3] {
        put(&store, key, 0);
    }
    assert!(get(&store, 1, 0, &settings(10, 0)).is_some());
    put(&store, 2, 5);
    put(&store, 4, 5);
    let kept: Vec<_> = (1..5).filter(|&key| get(&store, key, 5, &settings(100, 0)).is_some()).collect();
    assert_eq!(kept, [1, 2, 4]);
    assert_eq!(store.lock().by_use.len(), 3);
}
