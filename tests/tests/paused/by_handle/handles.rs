//! Handles: what is set once, what is set per call, how errors are classified, and how much is kept of names that come
//! from outside.

use std::collections::HashSet;
use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use resilience_runtime::config::limits::{MAX_NAMES_AT_RUN_TIME, MAX_SETTINGS_OF_A_PLACE};
use resilience_runtime::config::{Finding, FindingKind};
use resilience_runtime::{
    Patch, Priority, Recovery, Rejection, RejectionKind, Resilient, Service, ServiceKind, call,
    current_priority, inventory, registry, resilient_call, resilient_call_with, testing, with_deadline,
    with_priority,
};

use crate::script::{Answer, Fail, Fault, Hang, Script, configure, ms, rejected, secs, service, slow, stats};

type Boxed = Box<dyn std::error::Error + Send + Sync>;

#[derive(Debug)]
struct Stranger;

impl From<Rejection> for Stranger {
    fn from(_: Rejection) -> Self {
        Self
    }
}

/// How often a body runs that fails with the error that `error` makes.
macro_rules! attempts {
    ($call:expr, |$body:ident| $error:expr) => {{
        let mut asked = 0;
        let $body = || {
            asked += 1;
            async { Err::<(), _>($error) }
        };
        assert!($call.await.is_err());
        asked
    }};
}

#[tokio::test(start_paused = true)]
async fn errors_are_judged_by_their_type_by_hand_or_as_attributes_judge_them() {
    testing::isolated(async {
        configure("max_attempts = 3\nbase_delay = 0\nbudget = 'off'\nbreaker = 'off'");
        let handle = Resilient::service("svc").build();
        let missing = || io::Error::from(io::ErrorKind::NotFound);

        assert_eq!(attempts!(handle.call(body), |body| missing()), 1);
        assert_eq!(attempts!(handle.call(body), |body| Boxed::from(missing())), 1);
        assert_eq!(attempts!(handle.call(body), |body| String::from("gone")), 3);
        assert_eq!(attempts!(handle.call(body), |body| "gone"), 3);
        assert_eq!(attempts!(handle.call(body), |body| Fault::Wrong), 1);

        let refused = async || Err::<(), _>(Fault::Wrong);
        assert_eq!(
            handle.call(refused).await,
            Err(Fault::Wrong),
            "an `async` closure is one that makes futures"
        );

        // The type of `error` is inferred, a method of it is called.
        let by_kind = |error: io::ErrorKind| {
            if error == io::ErrorKind::NotFound { Recovery::retry() } else { Recovery::never() }
        };
        assert_eq!(attempts!(handle.call_with(body, |error| by_kind(error.kind())), |body| missing()), 3);
        assert_eq!(attempts!(handle.call_with(body, |_| Recovery::never()), |body| Stranger), 1);
        let by_name = || "svc".to_owned();
        let kind = ServiceKind::Generic;
        let short = attempts!(
            resilient_call_with(by_name(), kind, body, |error| Recovery::from_error(error)),
            |body| missing()
        );
        assert_eq!(short, 1);

        assert_eq!(attempts!(call!(handle, body), |body| missing()), 1);
        assert_eq!(attempts!(call!(handle, body), |body| anyhow::Error::from(missing())), 1);
        assert_eq!(attempts!(call!(handle, body), |body| Stranger), 3);
        registry().update_service("svc", &Patch::new().retryable_status_codes(vec![404])).unwrap();
        assert_eq!(attempts!(call!(handle, body), |body| Fault::Status(404)), 3, "the status counts");
        assert_eq!(attempts!(handle.call(body), |body| Fault::Status(404)), 3);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn what_is_said_at_a_call_holds_for_it_alone_and_is_not_kept() {
    testing::isolated(async {
        configure("max_attempts = 1\ndeadline = '10s'\nattempt_timeout = 'off'");
        let handle = Resilient::service("svc").build();
        let ask = || handle.call(|| async { Ok::<_, Fault>(current_priority()) });
        assert_eq!(ask().await, Ok(Priority::Normal));
        let kept = (inventory().len(), registry().interned_policies());

        assert_eq!(ask().priority(Priority::Critical).await, Ok(Priority::Critical));
        assert_eq!(ask().await, Ok(Priority::Normal));
        let around =
            with_priority(Priority::Low, async { (ask().await, ask().priority(Priority::High).await) });
        assert_eq!(around.await, (Ok(Priority::Low), Ok(Priority::High)));

        let hang = Script::new([Hang]);
        for (said, taken) in [(ms(70), ms(70)), (ms(71), ms(71)), (secs(60), secs(10))] {
            let began = tokio::time::Instant::now();
            let outcome = handle.call(|| hang.step()).deadline(said).await;
            assert!(rejected(&outcome).is_some_and(RejectionKind::is_timeout), "{outcome:?}");
            assert_eq!(began.elapsed(), taken);
        }
        let at = tokio::time::Instant::now() + ms(30);
        assert!(handle.call(|| hang.step()).deadline(at).await.is_err());
        assert_eq!(tokio::time::Instant::now(), at);
        let passed = Script::new([Answer(1)]);
        assert!(
            handle.call(|| passed.step()).deadline(Instant::now().checked_sub(ms(1)).unwrap()).await.is_err()
        );
        assert_eq!(passed.asked().len(), 0, "there was no time left");
        // A deadline beyond the range of the clock.
        assert!(ask().deadline(std::time::Duration::MAX).await.is_ok());
        assert_eq!((inventory().len(), registry().interned_policies()), kept);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_deadline_around_calls_ends_their_waits_and_cannot_be_put_off_inside() {
    testing::isolated(async {
        configure("max_attempts = 5\nbase_delay = '100ms'\nstrategy = 'fixed'\njitter = 0.0\nattempt_timeout = 'off'");
        let handle = Resilient::service("svc").build();
        let began = tokio::time::Instant::now();
        let script = Script::new([Fail(Fault::Down)]);
        let outcome = with_deadline(ms(250), handle.call(|| script.step()));
        assert_eq!(outcome.await, Err(Fault::Down));
        assert_eq!(script.asked(), [ms(0), ms(100), ms(200)], "it sleeps no further");

        let inner = Script::new([Hang]);
        let outcome = with_deadline(ms(50), with_deadline(secs(9), handle.call(|| inner.step()))).await;
        assert!(rejected(&outcome).is_some_and(RejectionKind::is_timeout));
        let hang = Script::new([Hang]);
        let outcome = with_deadline(secs(9), with_deadline(ms(50), handle.call(|| hang.step()))).await;
        assert!(rejected(&outcome).is_some_and(RejectionKind::is_timeout));
        assert_eq!(began.elapsed(), ms(200) + ms(50) + ms(50));

        // The future itself continues.
        let value = with_deadline(ms(10), async {
            tokio::time::sleep(ms(100)).await;
            7
        });
        assert_eq!(value.await, 7);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn each_partition_of_a_handle_has_a_breaker_of_its_own() {
    testing::isolated(async {
        configure("max_attempts = 1\nbreaker.consecutive_failures = 2\nattempt_timeout = 'off'");
        let handle = Resilient::service("svc").build();
        let down = || async { Err::<u32, _>(Fault::Down) };
        for _ in 0..2 {
            assert_eq!(handle.call(down).partition("one").await, Err(Fault::Down));
        }
        let ready = || async { Ok::<_, Fault>(1) };
        assert!(rejected(&handle.call(ready).partition("one").deadline(secs(1)).await).is_some());
        assert_eq!(handle.call(ready).partition("two").await, Ok(1));
        assert_eq!(handle.call(ready).await, Ok(1));
        assert_eq!(service().partitions(), 2);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn clones_and_builds_of_one_place_share_one_site_and_the_future_may_be_spawned() {
    testing::isolated(async {
        configure("max_attempts = 2\nbase_delay = 0");
        let before = inventory().len();
        let build = || Resilient::service("svc").max_attempts(2).build();
        for _ in 0..3 {
            let handle = build();
            let clone = handle.clone();
            assert_eq!(handle.call(|| async { Ok::<_, Fault>(1) }).await, Ok(1));
            let script = Script::new([Fail(Fault::Down), Answer(2)]);
            let spawned = tokio::spawn(testing::inherit(async move { clone.call(|| script.step()).await }));
            assert_eq!(spawned.await.unwrap(), Ok(2));
        }
        assert_eq!(inventory().len(), before + 1);
        assert_eq!((stats().started(), stats().retries()), (6, 3));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_is_cancelled_and_one_that_is_never_polled_is_none() {
    testing::isolated(async {
        configure("max_attempts = 1\nattempt_timeout = 'off'");
        let handle = Resilient::service("svc").build();
        drop(handle.call(|| async { Ok::<_, Fault>(1) }).partition("x").deadline(secs(1)));
        assert_eq!(handle.call(|| async { Ok::<_, Fault>(1) }).await, Ok(1));
        let script = Script::new([slow(1_000, Answer(1))]);
        assert!(tokio::time::timeout(ms(10), handle.call(|| script.step())).await.is_err());
        let ended = stats().calls(resilience_runtime::monitor::CallOutcome::Cancelled);
        assert_eq!((stats().started(), ended, stats().in_flight()), (2, 1, 0));
    })
    .await;
}

fn too_many(findings: &[Finding]) -> Vec<&Finding> {
    findings.iter().filter(|finding| finding.kind() == FindingKind::TooMany).collect()
}

#[tokio::test(start_paused = true)]
async fn names_from_outside_are_bounded_and_those_that_somebody_wrote_are_not() {
    testing::isolated(async {
        let listed: Vec<_> = (0..50).map(|n| format!("[services.listed_{n}]\nmax_attempts = 1\n")).collect();
        registry().load_config(&listed.concat(), "test.toml").unwrap();
        let known = registry().services().len();
        let ask = async |name: String| {
            let outcome = resilient_call(name, ServiceKind::Generic, || async { Ok::<_, Fault>(1) }).await;
            assert_eq!(outcome, Ok(1));
        };
        for n in 0..MAX_NAMES_AT_RUN_TIME {
            ask(format!("outside_{n}")).await;
        }
        assert!(too_many(&registry().findings()).is_empty());
        let (sites, policies) = (inventory().len(), registry().interned_policies());
        for n in 0..2_000 {
            ask(format!("more_{n}")).await;
            let handle = Resilient::service(format!("by_handle_{n}")).build();
            assert_eq!(handle.call(|| async { Ok::<_, Fault>(1) }).await, Ok(1));
        }
        ask("x".repeat(100_000)).await;
        assert!(inventory().len() <= sites + 3, "one for each place");
        assert!(registry().interned_policies() <= policies + 3);
        for n in 0..50 {
            ask(format!("listed_{n}")).await;
            ask(format!("outside_{n}")).await;
        }
        let names: HashSet<_> = registry().services().into_iter().map(Service::name).collect();
        assert_eq!(names.len(), known + MAX_NAMES_AT_RUN_TIME + 1, "and one for all others");
        let findings = registry().findings();
        let found = too_many(&findings);
        assert!((1..=3).contains(&found.len()), "{found:?}");
        assert!(
            found[0].message().contains("handles.rs") && found[0].message().contains("partition"),
            "{}",
            found[0]
        );
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_place_that_makes_ever_new_settings_goes_on_with_its_first() {
    testing::isolated(async {
        configure("base_delay = 0\nbudget = 'off'\nbreaker = 'off'");
        let before = inventory().len();
        let attempts = Mutex::new(Vec::new());
        for n in 1..=500 {
            let handle = Resilient::service("svc").max_attempts(n).build();
            let script = Script::new([Fail(Fault::Down)]);
            let _ = handle.call(|| script.step()).await;
            attempts.lock().unwrap_or_else(PoisonError::into_inner).push(script.asked().len());
        }
        let attempts = attempts.into_inner().unwrap_or_else(PoisonError::into_inner);
        assert_eq!(attempts[..3], [1, 2, 3]);
        assert_eq!(attempts[MAX_SETTINGS_OF_A_PLACE..].iter().max(), Some(&1));
        assert_eq!(inventory().len(), before + MAX_SETTINGS_OF_A_PLACE);
        let findings = registry().findings();
        let [finding] = too_many(&findings)[..] else { panic!("{findings:?}") };
        assert_eq!(finding.service(), "svc");
        assert!(finding.message().contains("Make a handle once"), "{finding}");
    })
    .await;
}
