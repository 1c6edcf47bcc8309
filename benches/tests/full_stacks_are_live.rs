//! The full stacks of the peers do what they are configured with, all of it at once.

use std::sync::Arc;
use std::time::Duration;

use ::execution_policy::BreakerState;
use benches::ops::{Answer, OpError, always_fails, fails_twice, hangs};
use benches::peers::by_hand::ByHand;
use benches::peers::{execution_policy, seatbelt, tower, tower_resilience};
use benches::setting::CONCURRENT;
use layered::Service as _;
use tokio::task::JoinSet;
use tokio::time::timeout;

const REJECTED: Answer = Err(OpError::Rejected);

/// Far above what anything of ours takes, far below what is waited for.
const SOON: Duration = Duration::from_millis(100);

#[tokio::test]
async fn the_full_stacks_have_permits_for_so_many() {
    let (by_hand, mut resilience, mut tower) =
        (ByHand::lean(), tower_resilience::full(hangs), tower::full(hangs));
    let mut running = JoinSet::new();
    for value in 0..CONCURRENT as u64 {
        let (by_hand, mut resilience, mut tower) = (Arc::clone(&by_hand), resilience.clone(), tower.clone());
        running.spawn(async move { by_hand.call(hangs, value).await.is_ok() });
        running.spawn(async move { tower::call(&mut resilience, value).await.is_ok() });
        running.spawn(async move { tower::call(&mut tower, value).await.is_ok() });
    }
    // Until each of them has its permit.
    tokio::time::sleep(SOON).await;
    assert_eq!(timeout(SOON, by_hand.call(hangs, 1)).await, Ok(REJECTED));
    let next = timeout(SOON, tower::call(&mut resilience, 1)).await;
    assert!(next.is_ok_and(|result| result.is_err()), "tower-resilience does not reject");
    let ready = std::future::poll_fn(|context| ::tower::Service::poll_ready(&mut tower, context));
    assert!(timeout(SOON, ready).await.is_err(), "tower has a permit left");
    running.shutdown().await;
}

#[tokio::test]
async fn the_full_stacks_retry() {
    assert_eq!(seatbelt::full(fails_twice).execute(7).await, Ok(7));
    assert_eq!(ByHand::lean().call(fails_twice, 7).await, Ok(7));
    assert_eq!(ByHand::limited().call(fails_twice, 7).await, Ok(7));
    assert!(matches!(tower::call(&mut tower::full(fails_twice), 7).await, Ok(7)));
    assert!(matches!(tower::call(&mut tower_resilience::full(fails_twice), 7).await, Ok(7)));
    assert!(matches!(execution_policy::call(execution_policy::full(), fails_twice, 7).await, Ok(7)));
}

#[tokio::test]
async fn the_full_stacks_open_their_breakers() {
    let (by_hand, limited, seatbelt, resilience) = (
        ByHand::lean(),
        ByHand::limited(),
        seatbelt::full(always_fails),
        tower_resilience::full(always_fails),
    );
    let mut failing = JoinSet::new();
    for value in 0..150 {
        let (by_hand, limited, seatbelt, mut resilience) =
            (Arc::clone(&by_hand), Arc::clone(&limited), Arc::clone(&seatbelt), resilience.clone());
        failing.spawn(async move { by_hand.call(always_fails, value).await.is_err() });
        failing.spawn(async move { limited.call(always_fails, value).await.is_err() });
        failing.spawn(async move { seatbelt.execute(value).await.is_err() });
        failing.spawn(async move { tower::call(&mut resilience, value).await.is_err() });
    }
    assert!(failing.join_all().await.into_iter().all(|failed| failed));
    assert_eq!(by_hand.call(always_fails, 1).await, REJECTED);
    assert_eq!(limited.call(always_fails, 1).await, REJECTED);
    assert_eq!(seatbelt.execute(1).await, REJECTED);
    let error = tower::call(&mut resilience.clone(), 1).await.expect_err("the breaker is open");
    assert!(format!("{error:?}").contains("Open"), "{error:?}");

    // Not that of execution-policy: a call that its budget has ended is no vote there, and with an empty budget all are.
    // That it opens without one is shown above.
    assert_eq!(execution_policy::full().circuit_state(), Some(BreakerState::Closed));
}
