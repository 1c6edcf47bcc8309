//! A server's request to any copy, such as a wait, applies to the whole attempt.

use std::time::Duration;

use resilience_runtime::monitor::AttemptOutcome;
use resilience_runtime::{Ending, testing};
use tokio::time::Instant;

use super::hedged;
use crate::script::{Answer, Fail, Fault, Hang, Script, Step, configure, ms, secs, slow, stats};

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
