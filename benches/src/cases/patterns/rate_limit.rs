//! A rate limit that is never reached alone around a body that succeeds at once.

use std::hint::black_box;
use std::sync::Arc;

use crate::case::case;
use crate::cases::ours;
use crate::ops::{OpError, ready};
use crate::peers::{by_hand, tower, tower_resilience};
use crate::setting::PER_SECOND;
use crate::{Case, Outcome as _};

const GROUP: &str = "rate limit";

pub(super) fn cases() -> Vec<Case> {
    vec![
        case!(GROUP, "ours", "1e9/s, GCRA; statistics", || (), |(), value| ours::rate_limit(value)),
        case!(
            GROUP,
            "governor",
            "1e9/s, GCRA",
            || Arc::new(by_hand::limiter(PER_SECOND)),
            |limiter, value| async {
                if limiter.check().is_err() {
                    return Err(OpError::Rejected);
                }
                ready(value).await
            }
        ),
        // It cannot be cloned, so each batch makes one of its own.
        Case::new(GROUP, "tower", "1e9 in a fixed window of 1 s, not shared", |_, calls| {
            Box::pin(async move {
                let mut service = tower::rate_limit(ready, u64::from(PER_SECOND));
                for round in 0..calls {
                    tower::call(&mut service, black_box(round)).await.must_succeed();
                }
            })
        }),
        case!(
            GROUP,
            "tower-resilience",
            "1e9 in a fixed window of 1 s",
            || tower_resilience::rate_limit(ready, PER_SECOND as usize),
            |mut service, value| tower::call(&mut service, value)
        ),
    ]
}
