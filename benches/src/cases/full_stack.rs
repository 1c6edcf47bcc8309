//! Everything at once around a body that succeeds: ready at once, and pending once so that a timer is armed.

use super::lanes;
use crate::case::case;
use crate::ops::{pending_once, ready, repolled};
use crate::peers::by_hand::ByHand;
use crate::peers::{execution_policy, seatbelt, tower, tower_resilience};
use crate::{Case, LANES};

const READY: &str = "full stack, ready";
const PENDING: &str = "full stack, pending once";

const OURS: &str = "retry, breaker, budget, bulkhead, timeout, deadline; counters and histogram";
const LEAN: &str = "backon, recloser, tokio timeout, semaphore; no budget, no statistics";
const LIMITED: &str = "backon, recloser, governor, tokio timeout, semaphore; no budget, no statistics";
const SEATBELT: &str = "retry, breaker, timeout; no bulkhead, no budget, telemetry off";
const EXECUTION_POLICY: &str =
    "retry, budget, breaker (one vote a call), both timeouts, concurrency limit; no statistics";
const TOWER: &str = "retry, budget, timeout, concurrency limit; no breaker, no statistics";
const TOWER_RESILIENCE: &str = "retry, budget, breaker, timeout, bulkhead; telemetry off";

pub(super) fn cases() -> Vec<Case> {
    around_ready().into_iter().chain(around_pending()).collect()
}

/// The same with a service of ours for each lane, which only contention is measured with: 128 functions that the
/// other programs need not be built with.
pub(super) fn cases_with_lanes() -> Vec<Case> {
    let mut cases = cases();
    for case in cases.iter_mut().filter(|case| case.is_ours()) {
        let lanes = if case.group == READY { &lanes::READY } else { &lanes::PENDING };
        *case = Case::new(case.group, "ours", OURS, |lane, calls| lanes[lane % LANES](calls));
    }
    cases
}

fn around_ready() -> Vec<Case> {
    vec![
        Case::new(READY, "ours", OURS, |_, calls| lanes::s00::ready(calls)),
        case!(READY, "by hand", LEAN, || ByHand::lean(), |stack, value| stack.call(ready, value)),
        case!(READY, "by hand with governor", LIMITED, || ByHand::limited(), |stack, value| {
            stack.call(ready, value)
        }),
        case!(READY, "seatbelt", SEATBELT, || seatbelt::full(ready), |service, value| {
            layered::Service::execute(&service, value)
        }),
        case!(READY, "tower", TOWER, || tower::full(ready), |mut service, value| {
            tower::call(&mut service, value)
        }),
        case!(READY, "execution-policy", EXECUTION_POLICY, || execution_policy::full(), |policy, value| {
            execution_policy::call(policy, ready, value)
        }),
        case!(
            READY,
            "tower-resilience",
            TOWER_RESILIENCE,
            || tower_resilience::full(ready),
            |mut service, value| tower::call(&mut service, value)
        ),
    ]
}

fn around_pending() -> Vec<Case> {
    vec![
        Case::new(PENDING, "ours", OURS, |_, calls| lanes::s00::pending(calls)),
        case!(PENDING, "by hand", LEAN, || ByHand::lean(), |stack, value| {
            repolled(stack.call(pending_once, value))
        }),
        case!(PENDING, "by hand with governor", LIMITED, || ByHand::limited(), |stack, value| {
            repolled(stack.call(pending_once, value))
        }),
        case!(PENDING, "seatbelt", SEATBELT, || seatbelt::full(pending_once), |service, value| {
            repolled(layered::Service::execute(&service, value))
        }),
        case!(PENDING, "tower", TOWER, || tower::full(pending_once), |mut service, value| {
            repolled(tower::call(&mut service, value))
        }),
        case!(PENDING, "execution-policy", EXECUTION_POLICY, || execution_policy::full(), |policy, value| {
            repolled(execution_policy::call(policy, pending_once, value))
        }),
        case!(
            PENDING,
            "tower-resilience",
            TOWER_RESILIENCE,
            || tower_resilience::full(pending_once),
            |mut service, value| repolled(tower::call(&mut service, value))
        ),
    ]
}
