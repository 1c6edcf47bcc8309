//! Calls with an idempotency key and a store that is away, slow, or loses what it had.

mod shaky;

use std::time::Duration;

use resilience_runtime::monitor::IdempotencyResult;
use resilience_runtime::store::{Fingerprint, IdempotencyStore, Owner};
use resilience_runtime::{
    Rejection, RejectionKind, comprehensive_retry, idempotency_key, monitor, registry, testing,
};
use tokio::time::{Instant, sleep, timeout};

pub(crate) use self::shaky::{Mood, Shaky, steal};
use crate::script::{Answer, Fail, Fault, Hang, Script, Step, configure, ms, secs};

#[comprehensive_retry("idem", idempotency(key = key, store = store.clone()))]
async fn stored(key: &str, store: &Shaky, script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[comprehensive_retry("idem", idempotency(key = key, store = store.clone(), on_unavailable = Run))]
async fn goes_on(key: &str, store: &Shaky, script: &Script) -> Result<String, Fault> {
    script.step().await?;
    Ok(idempotency_key().expect("it has one all the same"))
}

#[comprehensive_retry("idem", idempotency(key = key, store = store.clone()))]
async fn large(key: &str, store: &Shaky, bytes: usize) -> Result<String, Fault> {
    Ok("x".repeat(bytes))
}

/// The same key and scope, another type: as after an update of the program.
#[comprehensive_retry("idem", idempotency(key = key, store = store.clone(), scope = "typed"))]
async fn number(key: &str, store: &Shaky) -> Result<u32, Fault> {
    Ok(1)
}

fn after(time: Duration, step: Step) -> Step {
    Step::After(time, Box::new(step))
}

fn one(step: Step) -> Script {
    Script::new([step])
}

fn counted(result: IdempotencyResult) -> u64 {
    registry().service("idem").unwrap().stats().idempotency(result)
}

fn rejected<T>(outcome: Result<T, Fault>) -> Rejection {
    match outcome {
        Err(Fault::Rejected(rejection)) => rejection,
        Err(other) => panic!("no rejection, but {other}"),
        Ok(_) => panic!("no rejection, but a result"),
    }
}

fn plain(more: &str) {
    configure(&format!("[services.idem]\nmax_attempts = 1\n{more}"));
}

#[tokio::test(start_paused = true)]
async fn a_result_in_a_store_is_given_again_and_others_ask_for_it_from_25_ms_on() {
    testing::isolated(async {
        plain("");
        let (store, script) = (Shaky::new(), one(after(ms(600), Answer(1))));
        let begun = Instant::now();
        let (first, second) = tokio::join!(stored("a", &store, &script), async {
            let outcome = stored("a", &store, &script).await;
            (outcome, begun.elapsed())
        });
        assert_eq!((first, second.0, script.asked().len()), (Ok(1), Ok(1), 1));
        // 25 + 50 + 100 + 200 + 400.
        assert!((ms(775)..=ms(785)).contains(&second.1), "{:?}", second.1);
        assert_eq!(stored("a", &store, &script).await, Ok(1));
        assert_eq!(stored("a", &store, &one(Answer(9))).await, Ok(1));
        assert_eq!(store.asked("release"), 0);
        let up = monitor().dashboard_data().process.stores;
        assert_eq!(up.iter().map(|store| (store.store, store.up)).collect::<Vec<_>>(), [("shaky", true)]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn how_a_call_ends_decides_what_becomes_of_its_record() {
    testing::isolated(async {
        plain("attempt_timeout = '5s'\nidempotency = { wait = 'off', lease = '30s' }");
        let store = Shaky::new();
        assert_eq!(stored("own", &store, &one(Fail(Fault::Wrong))).await, Err(Fault::Wrong));
        sleep(ms(10)).await;
        assert_eq!(stored("own", &store, &one(Answer(1))).await, Ok(1));
        let begun = Instant::now();
        assert_eq!(rejected(stored("cut", &store, &one(Hang)).await).kind(), RejectionKind::AttemptTimeout);
        let refused = rejected(stored("cut", &store, &one(Answer(2))).await);
        assert_eq!(refused.kind(), RejectionKind::IdempotencyInProgress);
        assert!(refused.retry_after().is_some_and(|rest| rest <= secs(25)), "{refused:?}");
        sleep(secs(26)).await;
        assert_eq!(stored("cut", &store, &one(Answer(2))).await, Ok(2));
        assert!(begun.elapsed() < secs(32));
        // Dropped while it asks: no body has started, so the key is free once the store answers.
        store.is(Mood::Late(secs(1)));
        assert!(timeout(ms(100), stored("dropped", &store, &one(Answer(3)))).await.is_err());
        store.is(Mood::Well);
        sleep(secs(2)).await;
        assert_eq!(stored("dropped", &store, &one(Answer(3))).await, Ok(3));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_lease_is_renewed_while_its_call_lives() {
    testing::isolated(async {
        plain("attempt_timeout = 'off'\ndeadline = '200s'\nidempotency = { wait = 'off', lease = '30s' }");
        let (store, script) = (Shaky::new(), one(after(secs(95), Answer(1))));
        let (first, ()) = tokio::join!(stored("a", &store, &script), async {
            for at in (1..95).step_by(7) {
                sleep(secs(if at == 1 { 1 } else { 7 })).await;
                let refused = rejected(stored("a", &store, &script).await);
                assert_eq!(refused.kind(), RejectionKind::IdempotencyInProgress, "at {at} s");
            }
        });
        assert_eq!((first, store.asked("renew"), script.asked().len()), (Ok(1), 9, 1));
        assert!(timeout(secs(45), stored("b", &store, &one(Hang))).await.is_err());
        assert_eq!(store.asked("renew"), 9 + 4);
        sleep(secs(100)).await;
        assert_eq!(store.asked("renew"), 9 + 4, "nobody renews it any more");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn without_its_store_a_call_is_rejected_or_runs_and_its_result_is_stored_later() {
    testing::isolated(async {
        plain("deadline = '10s'");
        let store = Shaky::new();
        store.is(Mood::Away);
        let script = one(Answer(1));
        let begun = Instant::now();
        let refused = rejected(stored("a", &store, &script).await);
        assert_eq!(refused.kind(), RejectionKind::IdempotencyStoreUnavailable);
        assert_eq!((script.asked().len(), begun.elapsed()), (0, Duration::ZERO));
        store.is(Mood::Hangs);
        let refused = rejected(stored("a", &store, &script).await);
        assert_eq!((refused.kind(), script.asked().len()), (RejectionKind::IdempotencyStoreUnavailable, 0));
        assert!((secs(5)..=ms(5_010)).contains(&begun.elapsed()), "half of what the deadline leaves");
        assert!(!monitor().dashboard_data().process.stores[0].up);
        assert_eq!(counted(IdempotencyResult::StoreUnavailable), 2);

        store.is(Mood::Away);
        let key = goes_on("a", &store, &script).await.unwrap();
        assert_eq!((key.len(), script.asked().len()), (64, 1));
        assert_eq!(counted(IdempotencyResult::RanWithoutStore), 1);
        sleep(secs(3)).await;
        store.is(Mood::Well);
        sleep(secs(10)).await;
        assert_eq!(goes_on("a", &store, &script).await, Ok(key), "it is stored by now");
        assert_eq!(script.asked().len(), 1);
        assert!(monitor().dashboard_data().process.stores[0].up);
        assert_eq!(counted(IdempotencyResult::NotStored), 0);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_store_that_may_lose_records_is_a_reason_of_health_until_it_is_mended() {
    testing::isolated(async {
        plain("");
        let store = Shaky::new();
        let seen = || {
            let health = monitor().health("idem").expect("known").reasons.join(", ");
            (
                health.contains("may lose records"),
                monitor().dashboard_data().process.stores[0].warnings.clone(),
            )
        };
        for (key, amiss) in [("a", vec![]), ("b", vec!["no log".to_owned()]), ("c", vec![])] {
            store.warns(&amiss);
            assert_eq!(stored(key, &store, &one(Answer(1))).await, Ok(1));
            assert_eq!(seen(), (!amiss.is_empty(), amiss));
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn whoever_has_an_ok_gets_it_and_the_store_is_offered_it_for_a_minute() {
    testing::isolated(async {
        plain("deadline = '10s'\nidempotency.lease = '30s'");
        let store = Shaky::new();
        let goes = async |key: &'static str, mood| {
            let script = one(after(secs(1), Answer(1)));
            let (outcome, ()) = tokio::join!(stored(key, &store, &script), async {
                sleep(ms(500)).await;
                store.is(mood);
            });
            assert_eq!(outcome, Ok(1));
        };
        goes("back", Mood::Away).await;
        sleep(secs(40)).await;
        assert!(store.asked("renew") > 0, "the lease is renewed meanwhile");
        store.is(Mood::Well);
        sleep(secs(10)).await;
        assert_eq!(stored("back", &store, &one(Answer(9))).await, Ok(1));
        let begun = Instant::now();
        goes("hangs", Mood::Hangs).await;
        assert!(begun.elapsed() < secs(7), "half of what the deadline leaves: {:?}", begun.elapsed());
        store.is(Mood::Away);
        assert_eq!(counted(IdempotencyResult::NotStored), 0);
        sleep(secs(70)).await;
        assert_eq!(counted(IdempotencyResult::NotStored), 1);
        let asked = store.asked("complete");
        sleep(secs(70)).await;
        assert_eq!(store.asked("complete"), asked);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_lost_lease_is_kept_unless_another_has_it() {
    testing::isolated(async {
        plain("attempt_timeout = 'off'\nidempotency = { lease = '30s', wait = 'off' }");
        let store = Shaky::new();
        let script = one(after(secs(1), Answer(1)));
        let (outcome, ()) = tokio::join!(stored("empty", &store, &script), async {
            sleep(ms(500)).await;
            store.forgets();
        });
        assert_eq!((outcome, stored("empty", &store, &script).await), (Ok(1), Ok(1)));
        assert_eq!(script.asked().len(), 1);
        let (outcome, ()) = tokio::join!(stored("stolen", &store, &script), async {
            sleep(ms(500)).await;
            store.forgets();
            steal(&store, store.record()).await;
        });
        assert_eq!((outcome, counted(IdempotencyResult::LeaseLost)), (Ok(1), 1));
        let refused = rejected(stored("stolen", &store, &script).await);
        assert_eq!(refused.kind(), RejectionKind::IdempotencyInProgress, "the other's record stands");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_result_above_256_kib_is_done_without_its_value_and_never_runs_again() {
    testing::isolated(async {
        plain("");
        let store = Shaky::new();
        // The quotes of JSON are two more.
        let most = 256 * 1024 - 2;
        for again in 0..2 {
            assert_eq!(large("fits", &store, most).await.map(|it| it.len()), Ok(most), "{again}");
        }
        assert_eq!(large("more", &store, most + 1).await.map(|it| it.len()), Ok(most + 1));
        let refused = rejected(large("more", &store, most + 1).await);
        assert_eq!(refused.kind(), RejectionKind::IdempotencyResultUnavailable);
        assert_eq!(number("a", &store).await, Ok(1));
        let record = store.record();
        let text = store.store();
        text.release(record, Owner::random()).await.unwrap();
        store.forgets();
        let other = Some(&b"\"text\""[..]);
        store.store().complete(record, Owner::random(), Fingerprint::NONE, secs(90), other).await.unwrap();
        let refused = rejected(number("a", &store).await);
        assert_eq!(refused.kind(), RejectionKind::IdempotencyResultUnavailable, "it no longer decodes");
    })
    .await;
}
