//! Calls with a key in the memory of this process: those that are not polled, leases that are lost, and results that make room.

use std::pin::pin;

use resilience_runtime::monitor::IdempotencyResult;
use resilience_runtime::{Rejection, comprehensive_retry, monitor, registry, testing};
use tokio::time::{Instant, sleep};

use super::idempotency_store::Shaky;
use crate::script::{Answer, Fail, Fault, Script, configure, ms, secs, slow};

#[comprehensive_retry("remembers", idempotency(key = key))]
async fn stored(key: &str, script: &Script) -> Result<u32, Fault> {
    script.step().await
}

fn plain(more: &str) {
    configure(&format!("[services.remembers]\nmax_attempts = 1\nattempt_timeout = 'off'\n{more}"));
}

fn counted(result: IdempotencyResult) -> u64 {
    registry().service("remembers").unwrap().stats().idempotency(result)
}

#[tokio::test(start_paused = true)]
async fn a_key_that_the_waiter_that_was_called_does_not_come_for_is_the_next_one_s_after_100_ms() {
    testing::isolated(async {
        for deadline in ["30s", "off"] {
            plain(&format!("deadline = '{deadline}'\nidempotency.lease = '30s'"));
            let leader = Script::new([slow(20, Fail(Fault::Wrong))]);
            let (first, second, third) = (
                Script::new([Answer(1)]),
                Script::new([slow(50, Fail(Fault::Wrong))]),
                Script::new([Answer(3)]),
            );
            let mut holds = pin!(stored("a", &leader));
            assert!(futures::poll!(holds.as_mut()).is_pending());
            let mut unpolled = Box::pin(stored("a", &first));
            assert!(futures::poll!(unpolled.as_mut()).is_pending());
            let (holds, second_outcome, third_outcome) = tokio::join!(holds, stored("a", &second), async {
                sleep(ms(5)).await;
                stored("a", &third).await
            });
            assert_eq!((holds, second_outcome, third_outcome), (Err(Fault::Wrong), Err(Fault::Wrong), Ok(3)));
            assert_eq!(second.asked(), [ms(120)], "100 ms after the key came free, {deadline}");
            assert_eq!(third.asked(), [ms(170)], "the next is called at once");
            assert_eq!((unpolled.await, first.asked().len()), (Ok(3), 0));
            assert_eq!(stored("a", &first).await, Ok(3));
            sleep(secs(100_000)).await;
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn whoever_was_called_and_comes_in_time_is_not_overtaken() {
    testing::isolated(async {
        plain("deadline = '30s'");
        let scripts =
            [Script::new([slow(95, Fail(Fault::Wrong))]), Script::new([Answer(1)]), Script::new([Answer(2)])];
        let mut calls: Vec<_> = scripts.iter().map(|script| Box::pin(stored("a", script))).collect();
        for call in &mut calls {
            assert!(futures::poll!(call.as_mut()).is_pending());
        }
        let mut calls = calls.into_iter();
        let [holds, called, waits] = [(); 3].map(|()| calls.next().expect("three"));
        let (holds, called, waits) = tokio::join!(
            holds,
            async {
                sleep(ms(190)).await;
                called.await
            },
            waits
        );
        assert_eq!((holds, called, waits), (Err(Fault::Wrong), Ok(1), Ok(1)));
        assert_eq!((scripts[1].asked(), scripts[2].asked().len()), (vec![ms(190)], 0));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_result_whose_lease_another_has_by_now_is_its_caller_s_alone_and_counted() {
    testing::isolated(async {
        plain("deadline = '5s'\nidempotency.lease = '1s'");
        let (late, next) = (Script::new([slow(10, Answer(1))]), Script::new([slow(100, Answer(2))]));
        let began = Instant::now();
        let mut loses = pin!(stored("a", &late));
        assert!(futures::poll!(loses.as_mut()).is_pending());
        sleep(secs(7)).await;
        let (next_outcome, late_outcome) = tokio::join!(stored("a", &next), async {
            sleep(ms(50)).await;
            loses.await
        });
        assert_eq!((late_outcome, next_outcome), (Ok(1), Ok(2)), "{:?}", began.elapsed());
        assert_eq!(counted(IdempotencyResult::LeaseLost), 1);
        assert_eq!(stored("a", &late).await, Ok(2));
    })
    .await;
}

/// A result of which 16 fit into a part of the memory for results, of which there are 64.
#[derive(Clone)]
struct Large([u8; 256 << 10]);

#[expect(clippy::large_stack_arrays, reason = "what is known of the size of a result is that of its type")]
fn result() -> Large {
    Large([1; 256 << 10])
}

#[comprehensive_retry("remembers", idempotency(key = key))]
async fn large(key: u32) -> Result<Large, Rejection> {
    Ok(result())
}

#[comprehensive_retry("remembers_elsewhere", idempotency(key = key, store = store.clone()))]
async fn elsewhere(key: &str, store: &Shaky) -> Result<u32, Rejection> {
    Ok(1)
}

async fn results_that_make_room() {
    let seen = || {
        let health = monitor().health("remembers").expect("known").reasons.join(", ");
        let told = monitor().events().iter().filter(|event| event.kind == "results_evicted").count();
        (health.contains("idempotency results removed before their time"), told)
    };
    plain("deadline = '5s'");
    for key in 0..16 {
        assert!(Box::pin(large(key)).await.is_ok_and(|large| large.0[0] == 1));
    }
    assert_eq!(seen(), (false, 0));
    for key in 16..900 {
        assert!(Box::pin(large(key)).await.is_ok());
    }
    assert_eq!(seen(), (true, 1), "told once");
    assert_eq!(elsewhere("a", &Shaky::new()).await.ok(), Some(1));
    let of_other = monitor().health("remembers_elsewhere").expect("known").reasons.join(", ");
    assert!(!of_other.contains("removed before their time"), "its results are in a store: {of_other}");
    assert_eq!(counted(IdempotencyResult::Executed), 900);
}

#[test]
fn results_that_are_removed_before_their_time_are_told_of_once_and_a_reason_of_health() {
    // A result goes through many hands, each of which has room for it on the stack.
    let thread = std::thread::Builder::new().stack_size(256 << 20).spawn(|| {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_all().start_paused(true).build().expect("a runtime");
        runtime.block_on(testing::isolated(results_that_make_room()));
    });
    thread.expect("a thread").join().expect("no panic");
}
