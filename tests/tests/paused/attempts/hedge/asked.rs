//! A server's request to any copy, such as a wait, applies to the whole attempt.

use std::time::Duration;

use resilience_runtime::monitor::AttemptOutcome;
use resilience_runtime::{Ending, comprehensive_retry, registry, testing};
use tokio::time::Instant;

use super::hedged;
use crate::script::{
    Answer, Fail, Fault, Hang, Script, Step, call, configure, ms, secs, service, slow, stats,
};

const TWO_TRIES: &str = "max_attempts = 2\nattempt_timeout = '1s'\nbase_delay = '10ms'\nstrategy = 'fixed'\njitter = 0.0\n\
    max_retry_after = '5s'\n";

fn busy(wait: Duration) -> Step {
    Fail(Fault::Busy { wait: Some(wait) })
}

#[tokio::test(start_paused = true)]
async fn the_longest_hint_of_all_copies_is_the_floor_of_the_next_attempt() {
    for (steps, least) in [
        // The copy that was asked to wait fails first, and the last failure has no such hint.
        ([slow(100, busy(secs(3))), slow(200, Fail(Fault::Down)), Answer(7)], ms(3_100)),
        // The second hint is shorter, but later.
        ([slow(100, busy(secs(3))), slow(200, busy(secs(1))), Answer(7)], ms(3_100)),
        ([slow(100, busy(secs(1))), slow(200, busy(secs(3))), Answer(7)], ms(3_250)),
        // The other copy times out, 50 ms after the first began and a second.
        ([slow(100, busy(secs(3))), Hang, Answer(7)], ms(3_100)),
    ] {
        testing::isolated(async {
            configure(TWO_TRIES);
            let (start, script) = (Instant::now(), Script::new(steps.clone()));
            assert_eq!(hedged(&script).await, Ok(7));
            let took = start.elapsed();
            assert!((least..least + ms(20)).contains(&took), "{steps:?}: {took:?}");
            assert_eq!(script.asked().len(), 3);
        })
        .await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_hint_above_the_most_ends_the_call_whatever_the_other_copies_do() {
    for other in [slow(200, Fail(Fault::Down)), Hang, slow(400, Answer(1))] {
        testing::isolated(async {
            configure(TWO_TRIES);
            let (start, script) =
                (Instant::now(), Script::new([slow(100, busy(secs(60))), other, Answer(7)]));
            assert_eq!(hedged(&script).await, Err(Fault::Busy { wait: Some(secs(60)) }));
            assert_eq!((script.asked().len(), start.elapsed()), (2, ms(100)));
            assert_eq!(stats().endings(Ending::RetryAfterTooLong), 1);
            assert_eq!(stats().attempts(AttemptOutcome::Abandoned), 1);
        })
        .await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_hint_of_one_copy_stops_further_copies() {
    testing::isolated(async {
        configure(&format!("{TWO_TRIES}hedge.max = 3"));
        // The second copy starts at 50 ms; at 70 ms the first is asked to wait, and none starts at 100 ms.
        let script = Script::new([slow(70, busy(secs(2))), slow(500, Answer(1)), Answer(2)]);
        assert_eq!(hedged(&script).await, Ok(1), "what runs goes on");
        assert_eq!(script.asked(), [ms(0), ms(50)]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_failure_without_a_hint_stops_none() {
    testing::isolated(async {
        configure(&format!("{TWO_TRIES}hedge.max = 3"));
        let script = Script::new([slow(70, Fail(Fault::Down)), slow(500, Answer(1)), Answer(2)]);
        assert_eq!(hedged(&script).await, Ok(2));
        assert_eq!(script.asked(), [ms(0), ms(50), ms(100)]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn never_from_one_copy_ends_the_call() {
    testing::isolated(async {
        configure(&format!("{TWO_TRIES}hedge.max = 3"));
        let script = Script::new([slow(70, Fail(Fault::Wrong)), slow(500, Answer(1)), Answer(2)]);
        assert_eq!(hedged(&script).await, Err(Fault::Wrong));
        assert_eq!(script.asked(), [ms(0), ms(50)]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_retry_costs_more_when_any_copy_was_asked_to_slow_down() {
    let (busy, down) = (Fail(Fault::Busy { wait: None }), Fail(Fault::Down));
    for (steps, costs_more) in [
        ([slow(100, busy.clone()), slow(200, down.clone()), Answer(7)], true),
        ([slow(200, busy.clone()), slow(100, down.clone()), Answer(7)], true),
        ([slow(100, busy.clone()), Hang, Answer(7)], true),
        ([Hang, slow(100, busy.clone()), Answer(7)], true),
        ([slow(100, busy.clone()), slow(200, busy), Answer(7)], true),
        ([slow(100, down.clone()), slow(200, down.clone()), Answer(7)], false),
        ([slow(100, down), Hang, Answer(7)], false),
    ] {
        testing::isolated(async {
            configure(&format!(
                "{TWO_TRIES}breaker = 'off'\nhedge.max = 1\n\
                 budget = {{ ratio = 0.0, burst_capacity = 10, min_per_second = 0, throttled_cost = 5 }}"
            ));
            let script = Script::new(steps.clone());
            assert_eq!(hedged(&script).await, Ok(7));
            // A token for the copy, and the retry.
            let left = if costs_more { 4.0 } else { 8.0 };
            assert_eq!((script.asked().len(), service().budget_tokens()), (3, Some(left)), "{steps:?}");
        })
        .await;
    }
}

#[comprehensive_retry(
    "modest_copies",
    idempotent = true,
    hedge(after = "50ms", max = 1),
    max_attempts = 2,
    base_delay = 0,
    attempt_timeout = "1s",
    breaker = off,
    nested_retries = Suppress
)]
async fn modest(inner: &Script, own: &Script) -> Result<u32, Fault> {
    // What the retried call inside has told is dropped.
    let _ = call(inner).await;
    own.step().await
}

#[tokio::test(start_paused = true)]
async fn retries_that_any_copy_has_used_up_below_are_not_repeated() {
    let (down, late) = (Fail(Fault::Down), slow(200, Fail(Fault::Down)));
    for (inner, own) in [
        // The first copy has exhausted the call inside and hangs; the other comes to its end, before and after.
        ([down.clone(), down.clone(), Answer(1)], [Hang, slow(2_000, Answer(7))]),
        ([down.clone(), down.clone(), Answer(1)], [Hang, late.clone()]),
        ([down.clone(), down.clone(), Answer(1)], [late.clone(), Hang]),
        ([Answer(1), down.clone(), down.clone()], [late, Hang]),
    ] {
        testing::isolated(async {
            configure("max_attempts = 2\nbase_delay = 0\nbreaker = 'off'");
            let (inner, own) = (Script::new(inner.clone()), Script::new(own.clone()));
            assert!(modest(&inner, &own).await.is_err());
            let ended = registry().service("modest_copies").unwrap().stats();
            assert_eq!((own.asked().len(), ended.endings(Ending::NestedExhausted)), (2, 1));
        })
        .await;
    }
}
