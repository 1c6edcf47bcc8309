//! tower: retry, budget, timeout and limits as its own layers. It has no breaker and no fallback.

use std::future::Ready;
use std::sync::Arc;
use std::time::Duration;

use tower::retry::budget::{Budget as _, TpsBudget};
use tower::retry::{Policy, Retry};
use tower::{BoxError, Service, ServiceBuilder, service_fn};

use crate::ops::{Body, OpError};
use crate::setting::{ATTEMPTS, BASE_DELAY, CONCURRENT, TIMEOUT};

/// Retries any error, from a budget when there is one. tower leaves the policy to its users; this one doubles the
/// delay and has no jitter, which only a retry would notice.
#[derive(Clone, Debug)]
pub struct Patient {
    failures: u32,
    budget: Option<Arc<TpsBudget>>,
}

impl Patient {
    fn new(budget: Option<Arc<TpsBudget>>) -> Self {
        Self { failures: 0, budget }
    }
}

impl<E> Policy<u64, u64, E> for Patient {
    type Future = tokio::time::Sleep;

    fn retry(&mut self, _: &mut u64, result: &mut Result<u64, E>) -> Option<Self::Future> {
        if result.is_ok() {
            if let Some(budget) = &self.budget {
                budget.deposit();
            }
            return None;
        }
        self.failures += 1;
        if self.failures == ATTEMPTS || self.budget.as_ref().is_some_and(|budget| !budget.withdraw()) {
            return None;
        }
        Some(tokio::time::sleep(BASE_DELAY * (1 << (self.failures - 1))))
    }

    fn clone_request(&mut self, request: &u64) -> Option<u64> {
        Some(*request)
    }
}

/// Retries any error at once: the delay is a future that is ready.
#[derive(Clone, Debug, Default)]
pub struct AtOnce {
    failures: u32,
}

impl<E> Policy<u64, u64, E> for AtOnce {
    type Future = Ready<()>;

    fn retry(&mut self, _: &mut u64, result: &mut Result<u64, E>) -> Option<Self::Future> {
        if result.is_ok() {
            return None;
        }
        self.failures += 1;
        (self.failures < ATTEMPTS).then(|| std::future::ready(()))
    }

    fn clone_request(&mut self, request: &u64) -> Option<u64> {
        Some(*request)
    }
}

/// A tenth of the calls and ten per second, over ten seconds.
fn budget() -> Arc<TpsBudget> {
    Arc::new(TpsBudget::new(Duration::from_secs(10), 10, 0.1))
}

/// Retry alone.
pub fn retry<B: Body>(body: B) -> impl Service<u64, Response = u64, Error = OpError, Future: Send> + Shared {
    Retry::new(Patient::new(None), service_fn(body))
}

/// Retry that a budget pays for.
pub fn retry_with_budget<B: Body>(
    body: B,
) -> impl Service<u64, Response = u64, Error = OpError, Future: Send> + Shared {
    Retry::new(Patient::new(Some(budget())), service_fn(body))
}

/// Retry alone, without a delay.
pub fn retry_at_once<B: Body>(
    body: B,
) -> impl Service<u64, Response = u64, Error = OpError, Future: Send> + Shared {
    Retry::new(AtOnce::default(), service_fn(body))
}

/// Timeout alone.
pub fn timeout<B: Body>(
    body: B,
) -> impl Service<u64, Response = u64, Error = BoxError, Future: Send> + Shared {
    ServiceBuilder::new().timeout(TIMEOUT).service(service_fn(body))
}

/// Concurrency limit alone. Who finds it full waits.
pub fn bulkhead<B: Body>(
    body: B,
    most: usize,
) -> impl Service<u64, Response = u64, Error = OpError, Future: Send> + Shared {
    ServiceBuilder::new().concurrency_limit(most).service(service_fn(body))
}

/// Rate limit alone: a fixed window, and not shared, for it cannot be cloned. Who finds it used up waits.
pub fn rate_limit<B: Body>(
    body: B,
    most: u64,
) -> impl Service<u64, Response = u64, Error = OpError, Future: Send> + Send + 'static {
    ServiceBuilder::new().rate_limit(most, Duration::from_secs(1)).service(service_fn(body))
}

/// Concurrency limit, retry with budget, timeout.
pub fn full<B: Body>(body: B) -> impl Service<u64, Response = u64, Error = BoxError, Future: Send> + Shared {
    ServiceBuilder::new()
        .concurrency_limit(CONCURRENT)
        .retry(Patient::new(Some(budget())))
        .timeout(TIMEOUT)
        .service(service_fn(body))
}

/// What tasks can have clones of.
pub trait Shared: Clone + Send + Sync + 'static {}

impl<S: Clone + Send + Sync + 'static> Shared for S {}

/// One call: ready, then called, as tower's services want it.
///
/// # Errors
///
/// Those of the service.
#[inline]
pub async fn call<S: Service<u64>>(service: &mut S, value: u64) -> Result<S::Response, S::Error> {
    std::future::poll_fn(|context| service.poll_ready(context)).await?;
    service.call(value).await
}
