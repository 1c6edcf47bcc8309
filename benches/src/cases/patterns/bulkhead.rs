//! A bulkhead with free permits alone around a body that succeeds at once.

use std::sync::Arc;

use tokio::sync::Semaphore;

use crate::Case;
use crate::case::case;
use crate::cases::ours;
use crate::ops::{OpError, ready};
use crate::peers::{execution_policy, tower, tower_resilience};
use crate::setting::CONCURRENT;

const GROUP: &str = "bulkhead";

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(GROUP, "ours", "1024 at once, no queue; statistics", || (), |(), value| ours::bulkhead(value)),
        case!(
            GROUP,
            "tokio semaphore",
            "1024 permits, try_acquire",
            || Arc::new(Semaphore::new(CONCURRENT)),
            |permits, value| async {
                let Ok(_permit) = permits.try_acquire() else { return Err(OpError::Rejected) };
                ready(value).await
            }
        ),
        case!(
            GROUP,
            "tower",
            "ConcurrencyLimit of 1024",
            || tower::bulkhead(ready, CONCURRENT),
            |mut service, value| tower::call(&mut service, value)
        ),
        case!(
            GROUP,
            "execution-policy",
            "1024 at once, rejects when full",
            || execution_policy::bulkhead(CONCURRENT),
            |policy, value| execution_policy::call(policy, ready, value)
        ),
        case!(
            GROUP,
            "tower-resilience",
            "1024 at once, rejects when full",
            || tower_resilience::bulkhead(ready, CONCURRENT),
            |mut service, value| tower::call(&mut service, value)
        ),
    ]
}
