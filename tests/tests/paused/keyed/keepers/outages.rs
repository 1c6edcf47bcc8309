//! Calls with a key whose store answers too late, or goes away while another call runs.

use resilience_runtime::monitor::IdempotencyResult;
use resilience_runtime::{RejectionKind, testing};
use tokio::time::{Instant, sleep};

use super::{counted, goes_on, is_up, kind, one, plain, stored, told};
use crate::keyed::idempotency_store::{Mood, Shaky};
use crate::script::{Answer, ms, secs, slow};

#[tokio::test(start_paused = true)]
async fn a_deadline_too_short_for_the_store_says_nothing_about_the_store() {
    testing::isolated(async {
        plain("deadline = '20ms'\nidempotency.lease = '30s'");
        let (store, script) = (Shaky::new(), one(Answer(1)));
        assert_eq!(stored("well", &store, &script).await, Ok(1));
        store.is(Mood::Late(ms(15)));
        for key in ["a", "b", "c"] {
            assert_eq!(kind(stored(key, &store, &script).await), RejectionKind::DeadlineExceeded);
            sleep(secs(1)).await;
        }
        assert_eq!((script.asked().len(), is_up(), told("store_away")), (1, true, 0));
        assert_eq!(counted(IdempotencyResult::StoreUnavailable), 0);
        // Who goes on without the store does so with the other half of its time.
        assert_eq!((goes_on("d", &store, &script).await, is_up()), (Ok(1), true));
        // A time that is enough for a store does say something.
        plain("deadline = '600ms'");
        store.is(Mood::Hangs);
        assert_eq!(kind(stored("e", &store, &script).await), RejectionKind::IdempotencyStoreUnavailable);
        assert_eq!((is_up(), told("store_away")), (false, 1));
        store.is(Mood::Well);
        sleep(secs(20)).await;
        assert_eq!(store.keepers(), 0);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn whoever_was_told_that_another_runs_does_not_run_beside_it_when_the_store_goes() {
    testing::isolated(async {
        plain("deadline = '60s'\nattempt_timeout = 'off'\nidempotency.lease = '10s'");
        // Away at 1 s, and back at 5 s or never.
        for (back, expected) in [(Some(secs(4)), (Ok(1), false)), (None, (Ok(2), true))] {
            let (store, first, second) =
                (Shaky::new(), one(slow(3_000, Answer(1))), one(slow(10, Answer(2))));
            let begun = Instant::now();
            let (outcome, waited, ()) = tokio::join!(
                goes_on("a", &store, &first),
                async {
                    sleep(ms(100)).await;
                    let outcome = goes_on("a", &store, &second).await;
                    (outcome, begun.elapsed())
                },
                async {
                    sleep(ms(1_000)).await;
                    store.is(Mood::Away);
                    let Some(back) = back else { return };
                    sleep(back).await;
                    store.is(Mood::Well);
                }
            );
            assert_eq!((outcome, (waited.0, !second.asked().is_empty())), (Ok(1), expected), "{back:?}");
            if back.is_none() {
                // The rest of the lease as it was last told, before which the first may run.
                assert!((secs(10)..secs(11)).contains(&waited.1), "{:?}", waited.1);
                assert_eq!(counted(IdempotencyResult::RanWithoutStore), 1);
            }
            store.is(Mood::Well);
            sleep(secs(70)).await;
        }
        // Who may not wait for so long is told that the other runs.
        plain("deadline = '60s'\nattempt_timeout = 'off'\nidempotency = { lease = '10s', wait = '2s' }");
        let (store, script) = (Shaky::new(), one(slow(3_000, Answer(1))));
        let (_, refused, ()) =
            tokio::join!(goes_on("b", &store, &script), goes_on("b", &store, &script), async {
                sleep(ms(1_000)).await;
                store.is(Mood::Away);
            });
        assert_eq!((kind(refused), script.asked().len()), (RejectionKind::IdempotencyInProgress, 1));
    })
    .await;
}
