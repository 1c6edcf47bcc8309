//! What somebody writes by hand from the fastest parts: backon around recloser around tokio's timeout, behind a
//! semaphore, with or without governor. No budget and no statistics.

use std::num::NonZeroU32;
use std::sync::Arc;

use backon::{ExponentialBuilder, Retryable as _};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use recloser::AsyncRecloser;
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::breakers::{recloser, through_recloser};
use crate::ops::{Answer, Body, OpError};
use crate::setting::{ATTEMPTS, BASE_DELAY, CONCURRENT, PER_SECOND, TIMEOUT};

/// backon's settings: the same delays as everybody's.
pub fn backoff() -> ExponentialBuilder {
    ExponentialBuilder::default()
        .with_jitter()
        .with_min_delay(BASE_DELAY)
        .with_max_times(ATTEMPTS as usize - 1)
}

/// Which errors backon retries.
pub fn is_transient(error: &OpError) -> bool {
    *error == OpError::Transient
}

/// governor's limiter of so many calls a second.
///
/// # Panics
///
/// With zero.
pub fn limiter(per_second: u32) -> DefaultDirectRateLimiter {
    RateLimiter::direct(Quota::per_second(NonZeroU32::new(per_second).expect("more than zero")))
}

/// The composition.
#[derive(Debug)]
pub struct ByHand {
    permits: Semaphore,
    breaker: AsyncRecloser,
    limiter: Option<DefaultDirectRateLimiter>,
}

impl ByHand {
    /// backon, recloser, timeout, semaphore.
    pub fn lean() -> Arc<Self> {
        Arc::new(Self { permits: Semaphore::new(CONCURRENT), breaker: recloser(), limiter: None })
    }

    /// The same with governor.
    pub fn limited() -> Arc<Self> {
        let limiter = Some(limiter(PER_SECOND));
        Arc::new(Self { permits: Semaphore::new(CONCURRENT), breaker: recloser(), limiter })
    }

    /// One call.
    ///
    /// # Errors
    ///
    /// The body's last, or `Rejected`.
    #[inline]
    pub async fn call<B: Body>(&self, body: B, value: u64) -> Answer {
        let Ok(_permit) = self.permits.try_acquire() else { return Err(OpError::Rejected) };
        (|| async {
            if self.limiter.as_ref().is_some_and(|limiter| limiter.check().is_err()) {
                return Err(OpError::Rejected);
            }
            let timed = async { timeout(TIMEOUT, body(value)).await.unwrap_or(Err(OpError::Rejected)) };
            through_recloser(&self.breaker, timed).await
        })
        .retry(backoff())
        .when(is_transient)
        .await
    }
}
