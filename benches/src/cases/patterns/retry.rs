//! Retry alone around a body that succeeds at once.

use backon::Retryable as _;

use crate::Case;
use crate::case::case;
use crate::cases::ours;
use crate::ops::ready;
use crate::peers::by_hand::{backoff, is_transient};
use crate::peers::{execution_policy, seatbelt, tower, tower_resilience};

const GROUP: &str = "retry";

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(GROUP, "ours", "3 attempts, exponential from 10 ms, jitter; statistics", || (), |(), value| {
            ours::retry(value)
        }),
        case!(
            GROUP,
            "backon",
            "2 retries, exponential from 10 ms, jitter",
            || backoff(),
            |backoff, value| { (|| ready(value)).retry(backoff).when(is_transient) }
        ),
        case!(GROUP, "tower", "2 retries, doubling sleep", || tower::retry(ready), |mut service, value| {
            tower::call(&mut service, value)
        }),
        case!(
            GROUP,
            "seatbelt",
            "2 retries, exponential from 10 ms, jitter; telemetry off",
            || seatbelt::retry(ready),
            |service, value| layered::Service::execute(&service, value)
        ),
        case!(
            GROUP,
            "execution-policy",
            "3 attempts, exponential from 10 ms, full jitter",
            || execution_policy::retry(),
            |policy, value| execution_policy::call(policy, ready, value)
        ),
        case!(
            GROUP,
            "tower-resilience",
            "3 attempts, exponential from 10 ms",
            || tower_resilience::retry(ready),
            |mut service, value| tower::call(&mut service, value)
        ),
    ]
}
