//! Bodies that fail: twice and then succeed, or always, with three attempts and delays of zero.

use std::future::{Ready, ready};
use std::time::Duration;

use backon::{ConstantBuilder, Retryable as _};

use super::ours;
use crate::Case;
use crate::case::case;
use crate::ops::{always_fails, fails_twice};
use crate::peers::by_hand::{backoff, is_transient};
use crate::peers::{execution_policy, seatbelt, tower, tower_resilience};

const TWICE: &str = "error path, fails twice";
const ALWAYS: &str = "error path, always fails";

pub(super) fn cases() -> Vec<Case> {
    twice().into_iter().chain(always()).collect()
}

/// backon's own sleeper would wait for a tick of tokio's timer.
fn no_sleep(_delay: Duration) -> Ready<()> {
    ready(())
}

fn twice() -> Vec<Case> {
    vec![
        case!(TWICE, "ours", "retry alone, delay 0; statistics", || (), |(), value| ours::retry_at_once(
            value
        )),
        case!(TWICE, "ours, whole engine", "as the full stack, delay 0; statistics", || (), |(), value| {
            ours::full_at_once(value)
        }),
        case!(TWICE, "backon", "a sleeper that is ready at once", || backoff(), |backoff, value| {
            (|| fails_twice(value)).retry(backoff).sleep(no_sleep).when(is_transient)
        }),
        case!(
            TWICE,
            "seatbelt",
            "constant delay 0; telemetry off",
            || seatbelt::retry_at_once(fails_twice),
            |service, value| layered::Service::execute(&service, value)
        ),
        case!(
            TWICE,
            "execution-policy",
            "fixed delay 0",
            || execution_policy::retry_at_once(),
            |policy, value| execution_policy::call(policy, fails_twice, value)
        ),
        case!(
            TWICE,
            "tower",
            "a delay that is ready at once",
            || tower::retry_at_once(fails_twice),
            |mut service, value| tower::call(&mut service, value)
        ),
        case!(
            TWICE,
            "backon, tokio sleep",
            "constant delay 0: waits for a tick of tokio's timer each time",
            || ConstantBuilder::default().with_delay(Duration::ZERO).with_max_times(2),
            |backoff, value| (|| fails_twice(value)).retry(backoff).when(is_transient)
        )
        .sleeping(),
        case!(
            TWICE,
            "tower-resilience",
            "fixed delay 0: waits for a tick of tokio's timer each time",
            || tower_resilience::retry_at_once(fails_twice),
            |mut service, value| tower::call(&mut service, value)
        )
        .sleeping(),
    ]
}

fn always() -> Vec<Case> {
    vec![
        case!(ALWAYS, "ours", "retry alone, delay 0; statistics", || (), |(), value| fails
            ours::retry_in_vain(value)),
        case!(ALWAYS, "backon", "a sleeper that is ready at once", || backoff(), |backoff, value| fails(
            || always_fails(value)
        )
        .retry(backoff)
        .sleep(no_sleep)
        .when(is_transient)),
        case!(
            ALWAYS,
            "seatbelt",
            "constant delay 0; telemetry off",
            || seatbelt::retry_at_once(always_fails),
            |service, value| fails layered::Service::execute(&service, value)
        ),
        case!(
            ALWAYS,
            "execution-policy",
            "fixed delay 0",
            || execution_policy::retry_at_once(),
            |policy, value| fails execution_policy::call(policy, always_fails, value)
        ),
        case!(
            ALWAYS,
            "tower",
            "a delay that is ready at once",
            || tower::retry_at_once(always_fails),
            |mut service, value| fails tower::call(&mut service, value)
        ),
    ]
}
