//! Copies that fail, run out of time, panic or lose.

use super::*;

#[tokio::test(start_paused = true)]
async fn a_copy_that_fails_leaves_the_field_to_the_others() {
    testing::isolated(async {
        configure("max_attempts = 2\nbase_delay = 0\nbreaker = { min_calls = 2, failure_rate = 1.0 }");
        let start = Instant::now();
        let script = Script::new([slow(100, Fail(Fault::Down)), slow(100, Answer(2))]);
        assert_eq!(hedged(&script).await, Ok(2));
        assert_eq!((script.asked().len(), start.elapsed()), (2, ms(150)));
        assert_eq!(stats().retries(), 0);
        assert_eq!(stats().attempts(AttemptOutcome::Retryable), 1);
        assert_eq!(service().failure_rate(), Some(0.5), "each has its own vote");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_attempt_has_failed_when_its_last_copy_has() {
    testing::isolated(async {
        configure("max_attempts = 2\nbase_delay = 0");
        let script = Script::new([slow(100, Fail(Fault::Down)), slow(100, Fail(Fault::Refused)), Answer(3)]);
        assert_eq!(hedged(&script).await, Ok(3));
        assert_eq!(script.asked(), [ms(0), ms(50), ms(150)]);
        assert_eq!(stats().retries(), 1);
        let script = Script::new([slow(100, Fail(Fault::Down))]);
        assert_eq!(hedged(&script).await, Err(Fault::Down));
        assert_eq!(script.asked().len(), 4, "two attempts of two copies");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_error_that_no_copy_can_mend_ends_the_attempt_at_once() {
    testing::isolated(async {
        configure("max_attempts = 3\nbase_delay = 0");
        let (start, script) = (Instant::now(), Script::new([slow(100, Fail(Fault::Wrong)), Hang]));
        assert_eq!(hedged(&script).await, Err(Fault::Wrong));
        assert_eq!((script.asked().len(), start.elapsed()), (2, ms(100)));
        assert_eq!(stats().attempts(AttemptOutcome::Abandoned), 1);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn each_copy_has_the_attempt_timeout_from_its_own_start() {
    testing::isolated(async {
        configure("max_attempts = 1\nattempt_timeout = '200ms'");
        let (start, script) = (Instant::now(), Script::new([Hang, slow(180, Answer(2))]));
        assert_eq!(hedged(&script).await, Ok(2));
        assert!((ms(230)..=ms(232)).contains(&start.elapsed()), "{:?}", start.elapsed());
        let start = Instant::now();
        assert_eq!(rejected(&hedged(&Script::new([Hang])).await), Some(RejectionKind::AttemptTimeout));
        assert!((ms(250)..=ms(252)).contains(&start.elapsed()), "{:?}", start.elapsed());
        assert_eq!(stats().attempts(AttemptOutcome::TimedOut), 3);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_deadline_ends_all_copies() {
    testing::isolated(async {
        configure("max_attempts = 3\nbase_delay = 0\nattempt_timeout = 'off'\ndeadline = '120ms'\nhedge.max = 2\nbulkhead = { max_concurrent = 9 }");
        let (start, script) = (Instant::now(), Script::new([Hang]));
        assert_eq!(rejected(&hedged(&script).await), Some(RejectionKind::DeadlineExceeded));
        assert!((ms(120)..=ms(121)).contains(&start.elapsed()), "{:?}", start.elapsed());
        assert_eq!((script.asked().len(), stats().attempts(AttemptOutcome::Abandoned)), (3, 3));
        assert_eq!((service().bulkhead_in_flight(), registry().concurrent_retries()), (Some(0), 0));
    })
    .await;
}

/// The losing copy counts against the service if it is old enough to have answered.
#[tokio::test(start_paused = true)]
async fn the_vote_of_a_loser_goes_by_its_age() {
    for (takes, rate) in [(10, None), (100, Some(0.5))] {
        testing::isolated(async {
            configure(&format!("{ONE_TRY}breaker = {{ min_calls = 2, failure_rate = 1.0, slow_call = '120ms', slow_rate = 1.0 }}"));
            assert_eq!(hedged(&Script::new([Hang, slow(takes, Answer(2))])).await, Ok(2));
            assert_eq!(service().failure_rate(), rate, "{takes}");
        })
        .await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_panic_of_a_copy_is_the_callers_and_the_others_are_released() {
    testing::isolated(async {
        configure(&format!("{ONE_TRY}bulkhead = {{ max_concurrent = 9 }}\nbreaker.min_calls = 1"));
        let panics = tokio::spawn(testing::inherit(async {
            hedged(&Script::new([Hang, slow(10, Step::Panic)])).await
        }));
        assert!(panics.await.unwrap_err().is_panic());
        assert_eq!(stats().calls(CallOutcome::Panicked), 1);
        let attempts =
            [AttemptOutcome::Panicked, AttemptOutcome::Abandoned].map(|outcome| stats().attempts(outcome));
        assert_eq!(attempts, [1, 1]);
        assert!(service().breaker_state().is_open(), "a panic is a failure");
        assert_eq!((stats().in_flight(), service().bulkhead_in_flight()), (0, Some(0)));
        assert_eq!(registry().concurrent_retries(), 0);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_dropped_call_gives_everything_back_and_has_paid_in() {
    testing::isolated(async {
        configure(&format!(
            "{ONE_TRY}bulkhead = {{ max_concurrent = 9 }}\nbudget = {{ ratio = 0.5, min_per_second = 0 }}"
        ));
        assert!(tokio::time::timeout(ms(70), hedged(&Script::new([Hang]))).await.is_err());
        assert_eq!((stats().in_flight(), service().bulkhead_in_flight()), (0, Some(0)));
        assert_eq!(registry().concurrent_retries(), 0);
        assert_eq!(stats().calls(CallOutcome::Cancelled), 1);
        assert_eq!(stats().attempts(AttemptOutcome::Abandoned), 2);
        assert_eq!(service().budget_tokens(), Some(9.5), "one for the copy, and the deposit of a call");
    })
    .await;
}

fn panics_at_refused(fault: &Fault) -> bool {
    assert!(*fault != Fault::Refused, "a rule that panics");
    true
}

#[comprehensive_retry("svc", idempotent = true, hedge(after = "50ms", max = 1), retry_if = panics_at_refused)]
async fn judged_badly(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn a_rule_that_panics_over_a_copy_keeps_nothing() {
    testing::isolated(async {
        configure("max_attempts = 2\nbase_delay = 0\nbulkhead = { max_concurrent = 2 }\nbreaker = 'off'");
        for _ in 0..3 {
            let panics = tokio::spawn(testing::inherit(async {
                judged_badly(&Script::new([Fail(Fault::Down), Hang, slow(10, Fail(Fault::Refused))])).await
            }));
            assert!(panics.await.unwrap_err().is_panic());
            assert_eq!((stats().in_flight(), service().bulkhead_in_flight()), (0, Some(0)));
            assert_eq!(registry().concurrent_retries(), 0);
        }
    })
    .await;
}
