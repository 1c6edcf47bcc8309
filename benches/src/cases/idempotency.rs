//! A call with an idempotency key and results in memory: one that runs, one that is given an earlier result, and the same
//! function without a key.

use std::sync::atomic::{AtomicU64, Ordering};

use resilience_runtime::comprehensive_retry;

use crate::Case;
use crate::case::case;
use crate::ops::{Answer, ready};

const GROUP: &str = "idempotency";

#[comprehensive_retry(
    "bench_idempotency_replayed",
    max_attempts = 3,
    base_delay = "10ms",
    breaker = off,
    budget = off,
    attempt_timeout = off,
    deadline = off,
    idempotency(key = key)
)]
async fn replayed(key: &str, value: u64) -> Answer {
    ready(value).await
}

/// Its result is over when the next call comes, so that each of them runs and no table grows.
#[comprehensive_retry(
    "bench_idempotency_executed",
    max_attempts = 3,
    base_delay = "10ms",
    breaker = off,
    budget = off,
    attempt_timeout = off,
    deadline = off,
    idempotency(key = key, ttl = "1ns")
)]
async fn executed(key: &str, value: u64) -> Answer {
    ready(value).await
}

/// Each with a key of its own, so that results become more and more.
#[comprehensive_retry(
    "bench_idempotency_new",
    max_attempts = 3,
    base_delay = "10ms",
    breaker = off,
    budget = off,
    attempt_timeout = off,
    deadline = off,
    idempotency(key = key)
)]
async fn executed_anew(key: u64, value: u64) -> Answer {
    ready(value).await
}

const KEY: &str = "order-0123456789-0123456789-0123456789";

/// What does not depend on how many results there are.
pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(GROUP, "ours, replayed", "results in memory; statistics", || (), |(), value| replayed(
            KEY, value
        )),
        case!(GROUP, "ours, executed", "results in memory; statistics", || (), |(), value| executed(
            KEY, value
        )),
    ]
}

/// What grows with each call, up to a million results.
pub(super) fn growing() -> Vec<Case> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    vec![case!(GROUP, "ours, each key new", "results in memory; statistics", || (), |(), value| {
        executed_anew(NEXT.fetch_add(1, Ordering::Relaxed), value)
    })]
}
