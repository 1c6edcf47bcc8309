//! With feature `testing` in the build: the program's own registry is as without it, also in a runtime whose clock is paused.

use std::time::{Duration, Instant};

use resilience_runtime::{
    Rejection, RejectionKind, comprehensive_retry, registry, start_load_shedding, testing,
};

#[derive(Debug)]
struct Fault(Option<RejectionKind>);

impl From<Rejection> for Fault {
    fn from(rejection: Rejection) -> Self {
        Self(Some(rejection.kind()))
    }
}

#[comprehensive_retry(
    "broken",
    max_attempts = 1,
    breaker(consecutive_failures = 1, open_for = "1h", max_open_for = "1h")
)]
async fn broken() -> Result<(), Fault> {
    Err(Fault(None))
}

async fn is_open_after_two_hours() -> bool {
    let _ = broken().await;
    assert_eq!(broken().await.unwrap_err().0, Some(RejectionKind::CircuitOpen));
    tokio::time::sleep(Duration::from_hours(2)).await;
    broken().await.unwrap_err().0 == Some(RejectionKind::CircuitOpen)
}

#[tokio::test(start_paused = true)]
async fn breaks_go_by_the_counter_unless_the_registry_is_isolated() {
    assert!(is_open_after_two_hours().await);
    assert!(!testing::isolated(is_open_after_two_hours()).await);
    assert!(is_open_after_two_hours().await, "the one beside has changed nothing");
}

#[tokio::test]
async fn the_machine_is_measured_unless_the_registry_is_isolated() {
    let pressure = async || {
        let _shedding = start_load_shedding().expect("a thread");
        let started = Instant::now();
        while registry().pressure() == 0.0 && started.elapsed() < Duration::from_secs(2) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        registry().pressure()
    };
    assert_eq!(testing::isolated(pressure()).await.to_bits(), 0.0_f64.to_bits());
    if cfg!(target_os = "linux") {
        assert!(pressure().await > 0.0, "memory is in use on any machine");
    }
}

#[comprehensive_retry("hangs", max_attempts = 1, attempt_timeout = "50ms")]
async fn hangs() -> Result<(), Fault> {
    std::future::pending().await
}

#[tokio::test(start_paused = true)]
async fn timeouts_have_a_thread_of_their_own_unless_the_registry_is_isolated() {
    let took = async || {
        let started = tokio::time::Instant::now();
        assert_eq!(hangs().await.unwrap_err().0, Some(RejectionKind::AttemptTimeout));
        started.elapsed()
    };
    assert_eq!(testing::isolated(took()).await, Duration::from_millis(50));
    // Nothing waits for tokio's clock, which stands still.
    assert_eq!(took().await, Duration::ZERO);
}
