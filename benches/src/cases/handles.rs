//! Ours by handles, beside the attributes of the same settings: each case is one more row of an attribute's group.

use std::time::Duration;

use resilience_runtime::policy::{Strategy, Window};
use resilience_runtime::{Resilient, ResilientBuilder, comprehensive_retry, with_deadline};

use super::ours;
use crate::Case;
use crate::case::case;
use crate::ops::{Answer, always_fails, fails_twice, pending_once, ready, repolled};
use crate::setting::{ATTEMPTS, BASE_DELAY, FAILURE_RATE, MIN_CALLS, TIMEOUT, WINDOW};

const NAME: &str = "ours, by handle";

fn alone(service: &str) -> ResilientBuilder {
    Resilient::service(service)
        .max_attempts(ATTEMPTS)
        .breaker(false)
        .budget(false)
        .attempt_timeout(None)
        .deadline(None)
}

fn at_once() -> Resilient {
    alone("bench_at_once_handle").strategy(Strategy::Fixed).base_delay(Duration::ZERO).build()
}

fn full(service: &str) -> Resilient {
    Resilient::service(service)
        .max_attempts(ATTEMPTS)
        .base_delay(BASE_DELAY)
        .attempt_timeout(TIMEOUT)
        .breaker_window(Window::Time(WINDOW))
        .breaker_min_calls(MIN_CALLS)
        .breaker_failure_rate(FAILURE_RATE.into())
        .budget_ratio(0.1)
        .budget_min_per_second(10.0)
        .budget_burst_capacity(100)
        .bulkhead_max_concurrent(1024)
        .bulkhead_max_queue(0)
        .build()
}

/// As the attribute, with a deadline around each call: a function that two cases call is inlined in neither.
#[comprehensive_retry(
    "bench_retry_each",
    max_attempts = 3,
    base_delay = "10ms",
    breaker = off,
    budget = off,
    attempt_timeout = off,
    deadline = off
)]
async fn retry_each(value: u64) -> Answer {
    ready(value).await
}

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(
            "retry",
            NAME,
            "as the attribute",
            || alone("bench_retry_handle").base_delay(BASE_DELAY).build(),
            |handle, value| handle.call(|| ready(value))
        ),
        case!("retry", "ours, with a deadline", "as ours, and a deadline of 3 s", || (), |(), value| {
            ours::retry_until(value)
        }),
        case!(
            "retry",
            "ours, each with its deadline",
            "as ours, and another deadline around each call",
            || (),
            |(), value| with_deadline(Duration::from_nanos(3_000_000_000 + value), retry_each(value))
        ),
        case!(
            "retry",
            "ours, by handle, each with its deadline",
            "as the attribute, and another deadline for each call",
            || alone("bench_deadline_handle").base_delay(BASE_DELAY).build(),
            |handle, value| handle
                .call(|| ready(value))
                .deadline(Duration::from_nanos(3_000_000_000 + value))
        ),
        case!(
            "full stack, ready",
            NAME,
            "as the attribute",
            || full("bench_full_handle"),
            |handle, value| handle.call(|| ready(value))
        ),
        case!(
            "full stack, pending once",
            NAME,
            "as the attribute",
            || full("bench_pending_handle"),
            |handle, value| repolled(handle.call(|| pending_once(value)))
        ),
        case!("error path, fails twice", NAME, "as the attribute", || at_once(), |handle, value| {
            handle.call(|| fails_twice(value))
        }),
        case!("error path, always fails", NAME, "as the attribute", || at_once(), |handle, value| fails
            handle.call(|| always_fails(value))),
    ]
}
