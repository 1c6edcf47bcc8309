//! What an attempt that waits tells load shedding, and when a retry has its place under the cap.

use std::ops::ControlFlow;
use std::pin::{Pin, pin};
use std::task::{Poll, Waker};

use resilience_settings::Priority;

use resilience_settings::policy::Patch;

use tokio::time::sleep;

use super::*;
use crate::call::Call;
use crate::registry::{Site, registry};
use crate::{Rejection, RejectionKind, support, testing, with_priority};

static SITE: Site = Site::new("svc", "tests", "busy", &[]);

const MS: Duration = Duration::from_millis(1);

/// Nobody can update what no linked site and no file names.
fn known() {
    registry().bind(&SITE);
}

/// The expansion on a function whose body takes that long.
async fn busy(takes: Duration) -> Result<(), Rejection> {
    let mut call = SITE.enter();
    let body = async {
        sleep(takes).await;
        Ok(())
    };
    let attempt =
        call.attempt(body, |error| support::classify!(error), support::KeepErrors, support::convert);
    let ControlFlow::Break(outcome) = attempt.await else { panic!("one attempt is all there is") };
    outcome
}

#[tokio::test(start_paused = true)]
async fn who_waits_in_vain_is_seen_as_well_as_who_gets_a_permit() {
    testing::isolated(async {
        let bulkhead = Patch::new().bulkhead(true).bulkhead_max_concurrent(1).bulkhead_max_wait(50 * MS);
        known();
        registry().update_service("svc", &bulkhead).expect("a valid patch");
        let (first, critical, low) = tokio::join!(
            busy(20 * MS),
            with_priority(Priority::Critical, busy(100 * MS)),
            with_priority(Priority::Low, busy(MS)),
        );
        assert_eq!((first, critical), (Ok(()), Ok(())));
        assert_eq!(low.map_err(|no| no.kind()), Err(RejectionKind::BulkheadFull));
        // The Critical one waited for 20 ms.
        let waited = registry().shared.queues().take();
        assert!((50 * MS..52 * MS).contains(&waited), "{waited:?}");

        let (first, second) = tokio::join!(busy(20 * MS), busy(MS));
        assert_eq!((first, second), (Ok(()), Ok(())));
        let waited = registry().shared.queues().take();
        assert!((20 * MS..22 * MS).contains(&waited), "{waited:?}");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn who_goes_before_others_does_not_hide_how_long_they_wait() {
    testing::isolated(async {
        let bulkhead = Patch::new().bulkhead(true).bulkhead_max_concurrent(1).bulkhead_max_wait(50 * MS);
        known();
        registry().update_service("svc", &bulkhead).expect("a valid patch");
        let after = |time, takes| async move {
            sleep(time).await;
            busy(takes).await
        };
        let lost = |outcome: Result<(), Rejection>| outcome.map_err(|no| no.kind());
        let outcomes = tokio::join!(busy(60 * MS), busy(MS), after(30 * MS, MS), after(55 * MS, MS),);
        assert_eq!((outcomes.0, lost(outcomes.1)), (Ok(()), Err(RejectionKind::BulkheadFull)));
        assert_eq!((outcomes.2, outcomes.3), (Ok(()), Ok(())));
        // The newest has waited for 5 ms.
        let waited = registry().shared.queues().take();
        assert!((50 * MS..52 * MS).contains(&waited), "{waited:?}");
    })
    .await;
}

/// An attempt of a call whose body fails.
async fn failing(call: &mut Call<Rejection>) -> ControlFlow<Result<(), Rejection>> {
    let body = async { Err(Rejection::new(RejectionKind::AttemptTimeout, "svc")) };
    let classify = |_: &Rejection| crate::classify::Facts::new(crate::Recovery::retry(), None);
    call.attempt(body, classify, support::KeepErrors, support::convert).await
}

#[tokio::test(start_paused = true)]
async fn a_retry_that_is_due_at_once_has_its_place_under_the_cap_at_once_and_no_other_has() {
    for (base_delay, kept) in [(Duration::ZERO, 1), (MS, 0)] {
        testing::isolated(async {
            let patch = Patch::new().base_delay(base_delay).max_attempts(4).budget(false);
            known();
            registry().update_service("svc", &patch).expect("a valid patch");
            let in_flight = || registry().concurrent_retries();
            // The first call of a thread makes room for what it counts.
            assert_eq!(busy(Duration::ZERO).await, Ok(()));

            let mut dropped = SITE.enter();
            assert!(failing(&mut dropped).await.is_continue());
            assert_eq!(in_flight(), kept);
            assert!(failing(&mut dropped).await.is_continue());
            assert_eq!(in_flight(), kept, "that of the attempt before");
            drop(dropped);
            assert_eq!(in_flight(), 0);

            let mut ended = SITE.enter();
            for _ in 2..=4 {
                assert!(failing(&mut ended).await.is_continue());
                assert_eq!(in_flight(), kept);
            }
            assert!(failing(&mut ended).await.is_break());
            assert_eq!(in_flight(), 0);
        })
        .await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_retry_that_has_to_queue_keeps_no_place_under_the_cap() {
    testing::isolated(async {
        let patch = Patch::new().base_delay(Duration::ZERO).max_attempts(4).budget(false);
        let patch = patch.bulkhead(true).bulkhead_max_concurrent(1).bulkhead_max_wait(50 * MS);
        known();
        registry().update_service("svc", &patch).expect("a valid patch");
        assert_eq!(busy(Duration::ZERO).await, Ok(()));
        let mut call = SITE.enter();
        for _ in 0..2 {
            assert!(failing(&mut call).await.is_continue());
        }
        let (other, retry) = tokio::join!(biased; busy(20 * MS), async {
            let mut retry = pin!(failing(&mut call));
            assert!(poll_once(retry.as_mut()).is_pending(), "the permit is taken");
            assert_eq!(registry().concurrent_retries(), 0);
            retry.await
        });
        assert_eq!((other, retry.is_continue()), (Ok(()), true));
        drop(call);
        assert_eq!(registry().concurrent_retries(), 0);
    })
    .await;
}

/// Polls a future once, for nobody.
fn poll_once<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut TaskContext::from_waker(Waker::noop()))
}
