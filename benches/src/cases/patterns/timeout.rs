//! A timeout of one second alone, around a body that is ready and around one that has to wait once, so that a timer
//! is armed and cancelled.

use crate::Case;
use crate::case::case;
use crate::cases::ours;
use crate::ops::{pending_once, ready, repolled};
use crate::peers::{execution_policy, seatbelt, tower, tower_resilience};
use crate::setting::TIMEOUT;

const READY: &str = "timeout, ready";
const PENDING: &str = "timeout, pending once";

pub(super) fn cases() -> Vec<Case> {
    around_ready().into_iter().chain(around_pending()).collect()
}

fn around_ready() -> Vec<Case> {
    vec![
        case!(READY, "ours", "1 s; statistics", || (), |(), value| ours::timeout(value)),
        case!(READY, "tokio", "1 s", || (), |(), value| tokio::time::timeout(TIMEOUT, ready(value))),
        case!(READY, "tower", "1 s", || tower::timeout(ready), |mut service, value| {
            tower::call(&mut service, value)
        }),
        case!(READY, "seatbelt", "1 s; telemetry off", || seatbelt::timeout(ready), |service, value| {
            layered::Service::execute(&service, value)
        }),
        case!(READY, "execution-policy", "1 s", || execution_policy::timeout(), |policy, value| {
            execution_policy::call(policy, ready, value)
        }),
        case!(READY, "tower-resilience", "1 s", || tower_resilience::timeout(ready), |mut service, value| {
            tower::call(&mut service, value)
        }),
    ]
}

fn around_pending() -> Vec<Case> {
    vec![
        case!(PENDING, "ours", "1 s; statistics", || (), |(), value| repolled(ours::timeout_pending(value))),
        case!(PENDING, "tokio", "1 s", || (), |(), value| {
            repolled(tokio::time::timeout(TIMEOUT, pending_once(value)))
        }),
        case!(PENDING, "tower", "1 s", || tower::timeout(pending_once), |mut service, value| {
            repolled(tower::call(&mut service, value))
        }),
        case!(
            PENDING,
            "seatbelt",
            "1 s; telemetry off",
            || seatbelt::timeout(pending_once),
            |service, value| { repolled(layered::Service::execute(&service, value)) }
        ),
        case!(PENDING, "execution-policy", "1 s", || execution_policy::timeout(), |policy, value| repolled(
            execution_policy::call(policy, pending_once, value)
        )),
        case!(
            PENDING,
            "tower-resilience",
            "1 s",
            || tower_resilience::timeout(pending_once),
            |mut service, value| repolled(tower::call(&mut service, value))
        ),
    ]
}
