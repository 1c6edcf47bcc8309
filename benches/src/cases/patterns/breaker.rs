//! A closed breaker alone around a body that succeeds at once.

use crate::Case;
use crate::case::case;
use crate::cases::ours;
use crate::ops::ready;
use crate::peers::breakers::{failsafe, failsafe_in_a_row, recloser, through_failsafe, through_recloser};
use crate::peers::{execution_policy, seatbelt, tower, tower_resilience};

const GROUP: &str = "breaker";

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(GROUP, "ours", "half of at least 100 results in 30 s; statistics", || (), |(), value| {
            ours::breaker(value)
        }),
        case!(
            GROUP,
            "ours, count window",
            "half of exactly the last 100 results; statistics",
            || (),
            |(), value| { ours::breaker_by_count(value) }
        ),
        case!(
            GROUP,
            "recloser",
            "half of the last 100 results",
            || std::sync::Arc::new(recloser()),
            |breaker, value| through_recloser(&breaker, ready(value))
        ),
        case!(
            GROUP,
            "failsafe",
            "success rate 0.8 over 30 s, or 5 failures in a row (its default)",
            || failsafe(),
            |breaker, value| through_failsafe(&breaker, ready(value))
        ),
        case!(
            GROUP,
            "failsafe, in a row",
            "5 failures in a row and nothing else",
            || failsafe_in_a_row(),
            |breaker, value| through_failsafe(&breaker, ready(value))
        ),
        case!(
            GROUP,
            "seatbelt",
            "half of at least 100 results in 30 s; telemetry off",
            || seatbelt::breaker(ready),
            |service, value| layered::Service::execute(&service, value)
        ),
        case!(
            GROUP,
            "execution-policy",
            "half of at least 100 results in 30 s",
            || execution_policy::breaker(),
            |policy, value| execution_policy::call(policy, ready, value)
        ),
        case!(
            GROUP,
            "tower-resilience",
            "half of at least 100 results; its window never evicts",
            || tower_resilience::breaker(ready),
            |mut service, value| tower::call(&mut service, value)
        ),
    ]
}
