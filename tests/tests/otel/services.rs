//! Services by name, for tests that each have their own.

use std::time::Duration;

use resilience_runtime::monitor::snapshot::ServiceSnapshot;
use resilience_runtime::{Classify, Recovery, Rejection, Resilient, ServiceKind, monitor};

/// What goes wrong.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Fault {
    Down,
    Rejected,
}

impl Classify for Fault {
    fn classify(&self) -> Recovery {
        match self {
            Self::Down => Recovery::retry(),
            Self::Rejected => Recovery::never(),
        }
    }
}

impl From<Rejection> for Fault {
    fn from(_: Rejection) -> Self {
        Self::Rejected
    }
}

/// A handle under which nothing waits and nothing opens.
pub(crate) fn calm(name: &str) -> Resilient {
    Resilient::service(name)
        .kind(ServiceKind::Generic)
        .max_attempts(2)
        .base_delay(Duration::ZERO)
        .circuit_breaker_enabled(false)
        .build()
}

pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

pub(crate) fn snapshot(name: &str) -> ServiceSnapshot {
    monitor().service(name).expect("it has been called")
}

/// One that succeeds, and one that fails at every attempt.
pub(crate) async fn call_well_and_ill(service: &Resilient) {
    assert_eq!(service.call(|| async { Ok::<_, Fault>(1) }).await, Ok(1));
    assert_eq!(service.call(|| async { Err::<u32, _>(Fault::Down) }).await, Err(Fault::Down));
}
