//! Calls that an open breaker rejects. The breakers were opened by failures, and stay open for longer than any
//! measurement.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use tokio::task::unconstrained;

use super::ours;
use crate::Case;
use crate::case::case;
use crate::ops::{Answer, OpError, always_fails};
use crate::peers::breakers::{failsafe, recloser, through_failsafe, through_recloser};
use crate::peers::{execution_policy, seatbelt, tower, tower_resilience};

const GROUP: &str = "open breaker";

const REJECTED: Answer = Err(OpError::Rejected);

/// More than any window needs.
const FAILURES: u64 = 300;

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(
            GROUP,
            "ours",
            "breaker alone; statistics",
            || opened(async || ours::open(1).await == REJECTED),
            |(), value| fails ours::open(value)
        ),
        case!(
            GROUP,
            "ours, whole engine",
            "as the full stack; statistics",
            || opened(async || ours::full_open(1).await == REJECTED),
            |(), value| fails ours::full_open(value)
        ),
        case!(
            GROUP,
            "recloser",
            "opened by 100 failures",
            || {
                let breaker = Arc::new(recloser());
                opened(async || through_recloser(&breaker, always_fails(1)).await == REJECTED);
                breaker
            },
            |breaker, value| fails through_recloser(&breaker, always_fails(value))
        ),
        case!(
            GROUP,
            "failsafe",
            "opened by 5 failures in a row",
            || {
                let breaker = failsafe();
                opened(async || through_failsafe(&breaker, always_fails(1)).await == REJECTED);
                breaker
            },
            |breaker, value| fails through_failsafe(&breaker, always_fails(value))
        ),
        case!(
            GROUP,
            "seatbelt",
            "opened by 100 failures; telemetry off",
            || {
                let service = seatbelt::breaker(always_fails);
                opened(async || layered::Service::execute(&service, 1).await == REJECTED);
                service
            },
            |service, value| fails layered::Service::execute(&service, value)
        ),
        case!(
            GROUP,
            "execution-policy",
            "opened by 100 failures",
            || {
                let policy = execution_policy::breaker();
                opened(async || {
                    let result = execution_policy::call(policy, always_fails, 1).await;
                    result.is_err_and(|error| error.is_circuit_open())
                });
                policy
            },
            |policy, value| fails execution_policy::call(policy, always_fails, value)
        ),
        case!(
            GROUP,
            "tower-resilience",
            "opened by 100 failures",
            || {
                let mut service = tower_resilience::breaker(always_fails);
                opened(async || {
                    let result = tower::call(&mut service, 1).await;
                    result.is_err_and(|error| error.is_circuit_open())
                });
                service
            },
            |mut service, value| fails tower::call(&mut service, value)
        ),
    ]
}

/// Makes enough failing calls to open any breaker, of which the last says that it was rejected. None of them ever
/// waits, so no executor is needed.
fn opened(mut is_rejected: impl AsyncFnMut() -> bool) {
    let mut last = Poll::Ready(false);
    for _ in 0..FAILURES {
        // tokio's cooperative budget would make some of them wait.
        let mut running = pin!(unconstrained(is_rejected()));
        last = running.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    }
    assert_eq!(last, Poll::Ready(true), "the breaker has not opened");
}
