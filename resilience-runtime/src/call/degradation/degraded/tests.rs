//! The settings of degradation, and what holds within a source.

use std::future::pending;
use std::ops::ControlFlow;
use std::time::Duration;

use resilience_settings::Priority;

use resilience_settings::policy::CallPolicy;

use tokio::time::Instant;

use super::*;
use crate::registry::{CallPath, Site, registry};
use crate::rejection::Rejection;
use crate::{answered_by, support, testing};

static SITE: Site = Site::new("svc", "tests", "asked", &[]);

const SECOND: Duration = Duration::from_secs(1);

/// The expansion of `redirect = source` on a function whose body takes that long to fail.
async fn ask(
    takes: Duration,
    source: impl Future<Output = Result<u32, Rejection>>,
) -> Result<u32, Rejection> {
    let mut call = SITE.enter();
    let body = async {
        tokio::time::sleep(takes).await;
        Err(Rejection::new(crate::RejectionKind::Shed, "elsewhere"))
    };
    let ControlFlow::Break(outcome) =
        call.attempt(body, |error| support::classify!(error), support::KeepErrors, support::convert).await
    else {
        panic!("one attempt is all there is");
    };
    match call.degrade(outcome) {
        ControlFlow::Break(outcome) => outcome,
        ControlFlow::Continue(degraded) => {
            let answer = degraded.within(source).await;
            match degraded.offer(Source::Redirect, answer) {
                Some(value) => Ok(value),
                None => degraded.finish(),
            }
        }
    }
}

fn set(change: impl FnOnce(&mut CallPolicy)) {
    registry().set_call_policy(&SITE, |policy| {
        policy.max_attempts = 1;
        policy.attempt_timeout = None;
        policy.deadline = None;
        change(policy);
    });
}

#[tokio::test(start_paused = true)]
async fn degradation_that_is_switched_off_lets_the_outcome_through() {
    testing::isolated(async {
        set(|policy| policy.degradation_enabled = false);
        let (outcome, answered) = answered_by(ask(SECOND, async { Ok(1) })).await;
        assert_eq!((outcome.is_err(), answered), (true, Answered::Call));
        set(|policy| policy.degradation_enabled = true);
        assert_eq!(ask(SECOND, async { Ok(1) }).await, Ok(1));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_source_has_the_longer_of_degrade_timeout_and_what_is_left() {
    testing::isolated(async {
        for (deadline, degrade_timeout, fails_after, ends_after) in
            [(10, 3, 1, 10), (10, 3, 9, 12), (10, 3, 20, 13)]
        {
            set(|policy| {
                policy.deadline = Some(deadline * SECOND);
                policy.degrade_timeout = Some(degrade_timeout * SECOND);
                policy.attempt_timeout = Some(SECOND * 30);
            });
            let start = Instant::now();
            assert!(ask(fails_after * SECOND, pending()).await.is_err());
            let (took, expected) = (start.elapsed(), ends_after * SECOND);
            assert!((expected..expected + SECOND / 100).contains(&took), "{fails_after} {took:?}");
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn calls_within_a_source_have_its_deadline_and_the_importance_of_the_call() {
    testing::isolated(async {
        set(|policy| {
            policy.priority = Some(Priority::Critical);
            policy.deadline = Some(5 * SECOND);
        });
        let context = async {
            let context = Context::current();
            assert_eq!(context.importance.priority(), Priority::Critical);
            assert_ne!(context.degrading, CallPath::ROOT);
            assert_eq!(context.call_path, CallPath::ROOT, "the call itself has ended");
            Ok(u32::try_from(context.deadline.since(registry().service("svc").unwrap().now()).as_secs())
                .unwrap())
        };
        assert_eq!(ask(SECOND, context).await, Ok(5), "patience is the deadline where nothing else is set");
        assert_eq!(Context::current().degrading, CallPath::ROOT);
    })
    .await;
}
