//! Retry with a budget around a body that succeeds at once: what the deposits cost. A budget without a retry is
//! nothing, so compare with the group `retry`.

use crate::Case;
use crate::case::case;
use crate::cases::ours;
use crate::ops::ready;
use crate::peers::{execution_policy, tower, tower_resilience};

const GROUP: &str = "retry with budget";

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(GROUP, "ours", "a tenth of the calls, 10/s, 100 at most; statistics", || (), |(), value| {
            ours::budget(value)
        }),
        case!(
            GROUP,
            "tower",
            "TpsBudget: a tenth of the calls over 10 s, 10/s",
            || tower::retry_with_budget(ready),
            |mut service, value| tower::call(&mut service, value)
        ),
        case!(
            GROUP,
            "execution-policy",
            "a tenth of the calls, 100 at most",
            || execution_policy::retry_with_budget(),
            |policy, value| execution_policy::call(policy, ready, value)
        ),
        case!(
            GROUP,
            "tower-resilience",
            "token bucket: 10/s, 100 at most",
            || tower_resilience::retry_with_budget(ready),
            |mut service, value| tower::call(&mut service, value)
        ),
    ]
}
