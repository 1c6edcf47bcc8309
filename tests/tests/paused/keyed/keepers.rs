//! What remains of a call with a key in a store: however it ends, nobody keeps its key, or a task, for longer than that needs.

mod outages;

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use futures::FutureExt;
use resilience_runtime::monitor::IdempotencyResult;
use resilience_runtime::{Rejection, RejectionKind, comprehensive_retry, monitor, registry, testing};
use tokio::time::{advance, sleep, timeout};

use crate::keyed::idempotency_store::{Mood, Shaky};
use crate::script::{Answer, Fail, Fault, Hang, Script, Step, configure, ms, secs, slow};

#[comprehensive_retry("keepers", idempotency(key = key, store = store.clone()))]
async fn stored(key: &str, store: &Shaky, script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[comprehensive_retry("keepers", idempotency(key = key, store = store.clone(), on_unavailable = Run))]
async fn goes_on(key: &str, store: &Shaky, script: &Script) -> Result<u32, Fault> {
    script.step().await
}

/// A call inside of one of its own service, which passes through.
#[comprehensive_retry("keepers")]
async fn around(key: &str, store: &Shaky, script: &Script) -> Result<u32, Fault> {
    stored(key, store, script).await
}

fn one(step: Step) -> Script {
    Script::new([step])
}

fn plain(more: &str) {
    configure(&format!("[services.keepers]\nmax_attempts = 1\nbreaker = 'off'\n{more}"));
}

fn counted(result: IdempotencyResult) -> u64 {
    registry().service("keepers").map_or(0, |service| service.stats().idempotency(result))
}

fn told(kind: &str) -> usize {
    monitor().events().iter().filter(|event| event.kind == kind).count()
}

fn is_up() -> bool {
    monitor().dashboard_data().process.stores.iter().all(|store| store.up)
}

#[track_caller]
fn kind(outcome: Result<u32, Fault>) -> RejectionKind {
    match outcome {
        Err(Fault::Rejected(rejection)) => Rejection::kind(&rejection),
        other => panic!("no rejection, but {other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_key_whose_claim_was_answered_too_late_is_free_once_its_call_is_rejected() {
    testing::isolated(async {
        for deadline in ["10s", "off"] {
            plain(&format!("deadline = '{deadline}'\nidempotency = {{ wait = 'off', lease = '30s' }}"));
            let store = Shaky::new();
            store.is(Mood::Late(secs(7)));
            let refused = kind(stored("a", &store, &one(Answer(1))).await);
            assert_eq!(refused, RejectionKind::IdempotencyStoreUnavailable);
            store.is(Mood::Well);
            sleep(ms(1)).await;
            assert_eq!(stored("a", &store, &one(Answer(2))).await, Ok(2), "{deadline}");
            sleep(secs(10)).await;
            assert_eq!((store.keepers(), store.asked("renew")), (0, 0));
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn rejections_leave_no_keeper_behind() {
    testing::isolated(async {
        plain("deadline = '300ms'");
        let store = Shaky::new();
        for (calls, mood) in [(10_000, Mood::Away), (1_000, Mood::Full), (10, Mood::Hangs)] {
            store.is(mood);
            for _ in 0..calls {
                let _ = kind(stored("a", &store, &one(Answer(1))).await);
            }
            assert!(mood != Mood::Away || store.keepers() < 10, "{} keepers", store.keepers());
            sleep(secs(30)).await;
            assert_eq!(store.keepers(), 0, "{mood:?}");
        }
        assert_eq!(store.asked("renew"), 0);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_is_granted_after_its_call_was_rejected_is_given_up_and_never_renewed() {
    testing::isolated(async {
        plain("deadline = 'off'\nidempotency = { wait = 'off', lease = '30s' }");
        let (store, script) = (Shaky::new(), one(Answer(1)));
        store.is(Mood::Late(secs(1)));
        let mut call = pin!(stored("a", &store, &script));
        assert!(futures::poll!(call.as_mut()).is_pending());
        // Its keeper begins only now, so that it is told later than its call has waited.
        advance(ms(5_002)).await;
        assert_eq!(kind(call.await), RejectionKind::IdempotencyStoreUnavailable);
        sleep(ms(2_010)).await;
        assert_eq!((store.asked("claim"), store.asked("release"), store.keepers()), (1, 1, 0));
        store.is(Mood::Well);
        assert_eq!(stored("a", &store, &one(Answer(2))).await, Ok(2));
        sleep(secs(300)).await;
        assert_eq!(store.asked("renew"), 0);
    })
    .await;
}

/// Lets a call run that long, and drops it.
async fn cut<T>(after: Duration, call: impl Future<Output = T>) -> bool {
    let call = std::panic::AssertUnwindSafe(call).catch_unwind();
    !matches!(timeout(after, call).await, Ok(Ok(_)))
}

#[tokio::test(start_paused = true)]
async fn wherever_a_call_is_dropped_its_keeper_ends() {
    testing::isolated(async {
        plain("deadline = '20s'\nidempotency.lease = '3s'");
        let mut number = 0;
        for mood in [Mood::Well, Mood::Late(ms(30)), Mood::Away, Mood::Full, Mood::Hangs] {
            for step in [Answer(1), Fail(Fault::Wrong), Hang, Step::Panic] {
                let store = Shaky::new();
                store.is(mood);
                for at in [0, 1, 20, 31, 40, 65, 90, 120, 500, 5_001, 21_000] {
                    number += 1;
                    let (key, script) = (number.to_string(), one(slow(50, step.clone())));
                    // One that holds its key, and one that waits for it.
                    let both =
                        futures::future::join(stored(&key, &store, &script), goes_on(&key, &store, &script));
                    let _ = cut(ms(at), both).await;
                    sleep(secs(4)).await;
                }
                store.is(Mood::Well);
                sleep(secs(70)).await;
                assert_eq!(store.keepers(), 0, "{mood:?} {step:?}");
                let renewed = store.asked("renew");
                sleep(secs(70)).await;
                assert_eq!(store.asked("renew"), renewed);
                assert_eq!(
                    stored(&number.to_string(), &store, &one(Answer(1))).await,
                    Ok(1),
                    "{mood:?} {step:?}"
                );
            }
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_result_that_the_store_has_no_room_for_holds_its_key_however_short_the_lease_is() {
    testing::isolated(async {
        for (lease, room_after) in [(1, 2_500), (1, 5_000), (2, 3_700), (2, 5_000), (30, 5_000)] {
            plain(&format!("idempotency.lease = '{lease}s'"));
            let (store, script) = (Shaky::new(), one(slow(100, Answer(1))));
            let (outcome, ()) = tokio::join!(stored("a", &store, &script), async {
                sleep(ms(50)).await;
                store.is(Mood::Full);
            });
            assert_eq!(outcome, Ok(1));
            sleep(ms(room_after)).await;
            store.is(Mood::Well);
            let script = one(Answer(2));
            assert_eq!(stored("a", &store, &script).await, Ok(1), "{lease} s, room after {room_after} ms");
            assert_eq!((script.asked().len(), counted(IdempotencyResult::NotStored)), (0, 0));
            // A store that hangs in one offer is asked to prolong the lease all the same.
            let script = one(slow(100, Answer(3)));
            let renewed = store.asked("renew");
            let (outcome, ()) = tokio::join!(stored("b", &store, &script), async {
                sleep(ms(50)).await;
                store.is(Mood::Hangs);
                sleep(secs(4)).await;
                store.is(Mood::Well);
            });
            assert_eq!((outcome, store.asked("renew") > renewed), (Ok(3), lease < 10), "{lease} s");
            sleep(secs(70)).await;
            assert_eq!(store.keepers(), 0);
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn what_becomes_of_a_result_is_counted_and_told_for_calls_that_pass_through_too() {
    testing::isolated(async {
        plain("deadline = '10s'\nidempotency.lease = '30s'");
        let (store, mut not_stored) = (Shaky::new(), 0);
        for is_nested in [false, true] {
            let script = one(slow(1_000, Answer(1)));
            let call = async |key| {
                if is_nested {
                    around(key, &store, &script).await
                } else {
                    stored(key, &store, &script).await
                }
            };
            let lost = counted(IdempotencyResult::LeaseLost);
            let key = if is_nested { "a nested" } else { "a" };
            let (outcome, ()) = tokio::join!(call(key), async {
                sleep(ms(500)).await;
                let record = store.record();
                store.forgets();
                crate::keyed::idempotency_store::steal(&store, record).await;
            });
            assert_eq!((outcome, counted(IdempotencyResult::LeaseLost)), (Ok(1), lost + 1), "{is_nested}");
            let key = if is_nested { "b nested" } else { "b" };
            let (outcome, ()) = tokio::join!(call(key), async {
                sleep(ms(500)).await;
                store.is(Mood::Away);
            });
            sleep(secs(70)).await;
            not_stored += 1;
            assert_eq!((outcome, counted(IdempotencyResult::NotStored)), (Ok(1), not_stored));
            assert_eq!(told("result_not_stored"), usize::try_from(not_stored).unwrap());
            store.is(Mood::Well);
        }
    })
    .await;
}
