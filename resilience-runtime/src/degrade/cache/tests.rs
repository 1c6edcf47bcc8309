//! Flights across threads: no caller waits for ever, and nothing is left behind.

use std::future::poll_fn;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use resilience_settings::policy::CacheMode;

use super::*;

fn settings() -> CacheSettings {
    settings!(CacheSettings {
        ttl: Duration::from_secs(1),
        stale_for: Duration::ZERO,
        capacity: 100,
        mode: CacheMode::ReadThrough,
    })
}

const LIMIT: LeadLimit = LeadLimit { deadline: Tick::MAX, nanos: 1_000_000_000 };

fn clock() -> &'static Clock {
    Box::leak(Box::new(Clock::new()))
}

fn leaked() -> &'static ResponseCache<u32, u32> {
    Box::leak(Box::new(ResponseCache::new(100)))
}

async fn find(cache: &'static ResponseCache<u32, u32>, key: u32) -> Told<u32, u32> {
    find_at(cache, key, Tick(0)).await
}

async fn find_at(cache: &'static ResponseCache<u32, u32>, key: u32, now: Tick) -> Told<u32, u32> {
    match cache.ahead(&key, now, &settings(), clock(), LIMIT) {
        Ahead::Hit(kept, _) => Told::Answer(kept),
        Ahead::Lead(lead) => Told::Lead(lead),
        Ahead::Wait(mut waiter) => poll_fn(|cx| waiter.poll(cx.waker())).await,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_callers_on_four_threads_share_one_execution() {
    for round in 0..20 {
        let cache = leaked();
        let executions = Arc::new(AtomicU32::new(0));
        let callers: Vec<_> = (0..1_000)
            .map(|_| {
                let executions = Arc::clone(&executions);
                tokio::spawn(async move {
                    match find(cache, round).await {
                        Told::Answer(kept) => kept.value,
                        Told::Lead(lead) => {
                            executions.fetch_add(1, Ordering::Relaxed);
                            tokio::task::yield_now().await;
                            lead.land(Arc::new(Kept::new(7, Tick(0))));
                            7
                        }
                    }
                })
            })
            .collect();
        for caller in callers {
            assert_eq!(caller.await.unwrap(), 7);
        }
        assert_eq!(executions.load(Ordering::Relaxed), 1);
        assert!(cache.flights.is_empty());
    }
}

/// A time at which every answer of these tests has expired.
const LATER: Tick = Tick(u64::MAX);

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn leaders_that_fail_panic_or_vanish_leave_nobody_waiting() {
    let cache = leaked();
    let callers: Vec<_> = (0..4_000_u32)
        .map(|number| {
            tokio::spawn(async move {
                let key = number % 3;
                let limit = Duration::from_micros(u64::from(number % 7) * 50);
                if number % 5 == 0 {
                    // Dropped midway, in the queue or as a leader.
                    let _ = tokio::time::timeout(limit, async {
                        let found = find_at(cache, key, LATER).await;
                        tokio::time::sleep(Duration::from_secs(1)).await;
                        drop(found);
                    })
                    .await;
                } else if let Told::Lead(lead) = find_at(cache, key, LATER).await {
                    tokio::task::yield_now().await;
                    match number % 11 {
                        0 => panic!("a leader may"),
                        1..=8 => lead.fail(),
                        9 => drop(lead),
                        // An answer that has expired for later callers: flights go on.
                        _ => lead.land(Arc::new(Kept::new(1, Tick(0)))),
                    }
                }
            })
        })
        .collect();
    let all = async {
        for (number, caller) in callers.into_iter().enumerate() {
            assert!(caller.await.is_ok() || number % 11 == 0);
        }
    };
    tokio::time::timeout(Duration::from_mins(1), all).await.expect("somebody waits for ever");
    assert!(cache.flights.is_empty());
}
