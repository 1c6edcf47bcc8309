//! What an attempt that waits tells load shedding.

use std::ops::ControlFlow;

use tokio::time::sleep;

use super::*;
use crate::policy::Patch;
use crate::priority::Priority;
use crate::registry::{Site, registry};
use crate::{Rejection, RejectionKind, support, testing, with_priority};

static SITE: Site = Site::new("svc", "tests", "busy", &[]);

const MS: Duration = Duration::from_millis(1);

/// The expansion on a function whose body takes that long.
async fn busy(takes: Duration) -> Result<(), Rejection> {
    let mut call = SITE.enter();
    let body = async {
        sleep(takes).await;
        Ok(())
    };
    let attempt = call.attempt(body, |error| support::classify!(error), support::KeepErrors, support::carry);
    let ControlFlow::Break(outcome) = attempt.await else { panic!("one attempt is all there is") };
    outcome
}

#[tokio::test(start_paused = true)]
async fn who_waits_in_vain_is_seen_as_well_as_who_gets_a_seat() {
    testing::isolated(async {
        let bulkhead = Patch::new().bulkhead(true).bulkhead_max_concurrent(1).bulkhead_max_wait(50 * MS);
        registry().update_service("svc", &bulkhead).expect("a valid patch");
        let (first, critical, low) = tokio::join!(
            busy(20 * MS),
            with_priority(Priority::Critical, busy(100 * MS)),
            with_priority(Priority::Low, busy(MS)),
        );
        assert_eq!((first, critical), (Ok(()), Ok(())));
        assert_eq!(low.map_err(|no| no.kind()), Err(RejectionKind::BulkheadFull));
        // The Critical one waited for 20 ms.
        let waited = registry().queues().take();
        assert!((50 * MS..52 * MS).contains(&waited), "{waited:?}");

        let (first, second) = tokio::join!(busy(20 * MS), busy(MS));
        assert_eq!((first, second), (Ok(()), Ok(())));
        let waited = registry().queues().take();
        assert!((20 * MS..22 * MS).contains(&waited), "{waited:?}");
    })
    .await;
}
