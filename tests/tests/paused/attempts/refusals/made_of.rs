//! Errors that are made of a rejection: by a known type, and by a fallback that fails after some time.

use std::cell::{Cell, RefCell};

use resilience_runtime::{Classify, Rejection, comprehensive_retry};

use super::{Body, Kept, Opaque, named, with_rejections};
use crate::script::{Fault, ms};

/// A known error type, made of a rejection without keeping it.
#[derive(Debug, Classify)]
enum Known {
    #[retry]
    Unavailable,
}

impl From<Rejection> for Known {
    fn from(_: Rejection) -> Self {
        Self::Unavailable
    }
}

scene!(a_known_error_that_was_made_of_a_rejection_speaks_for_itself "scene22": Known, runs 3, is_open,
[breaker(consecutive_failures = 3)]; body!(Known, kept, {
    #[comprehensive_retry("known", max_attempts = 1, rate_limit(per_second = 1, burst = 1))]
    async fn known() -> Result<u32, Known> {
        Ok(1)
    }
    drop(known().await);
    known().await
}));

async fn late(error: &Opaque) -> Result<u32, Opaque> {
    tokio::time::sleep(ms(5)).await;
    Err(error.clone())
}

#[comprehensive_retry("blank", max_attempts = 1, fallback = late)]
async fn with_a_fallback() -> Result<u32, Opaque> {
    Ok(2)
}

fn first(error: Rejection) -> Opaque {
    Opaque(Some(Fault::Rejected(error)))
}

#[comprehensive_retry("blank", max_attempts = 1, fallback = late, on_rejection = first)]
async fn with_a_fallback_and_all() -> Result<u32, Opaque> {
    Ok(2)
}

scene!(a_fallback_that_takes_its_time_and_fails_leaves_the_rejection "scene23": Opaque, runs 1, is_closed,
    [breaker(consecutive_failures = 1)]; body!(Opaque, kept, with_a_fallback().await));

scene!(nor_does_it_lose_one_that_is_held "scene24": Opaque, runs 1, is_closed,
    [breaker(consecutive_failures = 1)]; body!(Opaque, kept, with_a_fallback_and_all().await));

scene!(what_is_left_of_a_late_rejection_and_dropped_is_gone "scene25": Opaque, runs 3, is_open,
[breaker(consecutive_failures = 3)]; body!(Opaque, kept, {
    with_a_fallback_and_all().await.map_err(|_| Opaque::default())
}));
