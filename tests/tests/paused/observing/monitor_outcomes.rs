//! How calls end for whoever made them, how many attempts they needed, and what they waited for.

use std::panic::AssertUnwindSafe;

use futures::FutureExt as _;
use resilience_runtime::monitor::{AttemptOutcome, AttemptType, CallOutcome, CallerOutcome};
use resilience_runtime::{ServiceKind, comprehensive_retry, resilient_call, testing};
use tokio::time::timeout;

use crate::script::{
    Answer, Fail, Fault, Hang, Script, Step, ask, call, configure, ms, service, slow, stats,
};

/// Degrades: a fallback answers for `Down` with what its script says.
#[comprehensive_retry("svc", max_attempts = 1, fallback = stand_in)]
async fn degrades(script: &Script, other: &Script) -> Result<u32, Fault> {
    let _ = other;
    script.step().await
}

async fn stand_in(script: &Script, other: &Script) -> Result<u32, Fault> {
    let _ = script;
    other.step().await
}

#[comprehensive_retry("svc", idempotent = true, hedge(after = "50ms"))]
async fn hedged(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

/// Another service, whose body is a call of `svc`.
#[comprehensive_retry("outer", max_attempts = 1)]
async fn outer(script: &Script) -> Result<u32, Fault> {
    call(script).await
}

/// By a handle, of which nobody knows beforehand whether somebody answers.
async fn by_handle(fault: Fault, answers: bool) -> Result<u32, Fault> {
    let body = move || std::future::ready(Err(fault.clone()));
    if answers {
        resilient_call("svc", ServiceKind::Generic, body).static_response(7).await
    } else {
        resilient_call("svc", ServiceKind::Generic, body).await
    }
}

/// What was seen, in the order of `CallerOutcome::ALL`. Every call that ended is one of them.
fn seen() -> [u64; 7] {
    let stats = stats();
    let seen: Vec<_> = CallerOutcome::ALL.iter().map(|outcome| stats.outcomes(*outcome)).collect();
    assert_eq!(seen.iter().sum::<u64>(), stats.ended(), "{seen:?}");
    seen.try_into().expect("seven")
}

fn once(step: Step) -> Script {
    Script::new([step])
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_no_success_is_told_apart_from_a_failure() {
    testing::isolated(async {
        configure("max_attempts = 1\nbreaker.consecutive_failures = 100\nbreaker.quiet_failures = 'off'");
        for (step, expected) in [
            (Answer(1), [1, 0, 0, 0, 0, 0, 0]),
            (Fail(Fault::Wrong), [1, 0, 1, 0, 0, 0, 0]),
            (Fail(Fault::Status(404)), [1, 0, 2, 0, 0, 0, 0]),
            (Fail(Fault::Ours), [1, 0, 3, 0, 0, 0, 0]),
            (Fail(Fault::Down), [1, 0, 3, 1, 0, 0, 0]),
            (Fail(Fault::Status(503)), [1, 0, 3, 2, 0, 0, 0]),
        ] {
            let _ = ask(step.clone()).await;
            assert_eq!(seen(), expected, "{step:?}");
        }
        assert_eq!(stats().calls(CallOutcome::Error), 5);
        service().force_open();
        assert!(ask(Answer(1)).await.is_err());
        service().reset_breaker();
        assert!(timeout(ms(5), ask(Hang)).await.is_err());
        let panics = AssertUnwindSafe(ask(Step::Panic)).catch_unwind().await;
        assert!(panics.is_err());
        assert_eq!(seen(), [1, 0, 3, 2, 1, 1, 1]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_call_by_a_handle_is_seen_as_it_ends() {
    testing::isolated(async {
        configure("max_attempts = 1");
        for (fault, answers, expected) in [
            (Fault::Wrong, false, [0, 0, 1, 0, 0, 0, 0]),
            (Fault::Down, false, [0, 0, 1, 1, 0, 0, 0]),
            (Fault::Down, true, [0, 1, 1, 1, 0, 0, 0]),
        ] {
            assert_eq!(by_handle(fault, answers).await.is_ok(), answers);
            assert_eq!(seen(), expected);
        }
        service().force_open();
        let _ = by_handle(Fault::Down, false).await;
        assert_eq!(seen(), [0, 1, 1, 1, 1, 0, 0]);
        let _ = by_handle(Fault::Down, true).await;
        assert_eq!(seen(), [0, 2, 1, 1, 1, 0, 0]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_last_error_of_its_own_says_how_a_call_ended() {
    testing::isolated(async {
        configure("max_attempts = 2\nbase_delay = 0.0\nattempt_timeout = '1s'");
        let _ = call(&Script::new([Fail(Fault::Down), Fail(Fault::Wrong)])).await;
        assert_eq!(seen()[2..4], [1, 0]);
        let _ = call(&Script::new([Fail(Fault::Down), Hang])).await;
        assert_eq!(seen()[2..4], [1, 1], "the attempt that timed out left none");
        let _ = call(&Script::new([Hang])).await;
        assert_eq!(seen()[2..5], [1, 1, 1], "and without any, the caller gets a rejection");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_rejection_of_an_inner_call_is_a_failure_of_the_outer_one() {
    testing::isolated(async {
        configure("max_attempts = 1");
        service().force_open();
        assert!(outer(&once(Answer(1))).await.is_err());
        let stats = resilience_runtime::registry().service("outer").expect("it was called").stats();
        assert_eq!(stats.outcomes(CallerOutcome::Failure), 1);
        assert_eq!(stats.outcomes(CallerOutcome::Declined), 0);
        // Its own guards have turned nothing away, and its attempt says nothing against it.
        assert_eq!((stats.outcomes(CallerOutcome::Rejected), stats.attempts(AttemptOutcome::Local)), (0, 1));
        let inner = service().stats();
        assert_eq!((inner.outcomes(CallerOutcome::Rejected), inner.outcomes(CallerOutcome::Failure)), (1, 0));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_call_that_something_may_answer_for_is_counted_once_that_is_known() {
    testing::isolated(async {
        configure("attempt_timeout = '1s'\nbreaker.quiet_failures = 'off'");
        let down = || once(Fail(Fault::Down));
        for (script, other, expected) in [
            (once(Answer(1)), down(), [1, 0, 0, 0, 0, 0, 0]),
            (down(), once(Answer(2)), [1, 1, 0, 0, 0, 0, 0]),
            (once(Fail(Fault::Wrong)), once(Answer(2)), [1, 2, 0, 0, 0, 0, 0]),
            (down(), down(), [1, 2, 0, 1, 0, 0, 0]),
            (once(Fail(Fault::Wrong)), down(), [1, 2, 1, 1, 0, 0, 0]),
        ] {
            let _ = degrades(&script, &other).await;
            assert_eq!(seen(), expected);
        }
        assert!(timeout(ms(5), degrades(&down(), &once(Hang))).await.is_err());
        assert_eq!(seen(), [1, 2, 1, 1, 0, 1, 0], "dropped while the fallback was asked");
        let panics = AssertUnwindSafe(degrades(&down(), &once(Step::Panic))).catch_unwind().await;
        assert!(panics.is_err());
        assert_eq!(seen(), [1, 2, 1, 1, 0, 1, 1]);
        service().force_open();
        let _ = degrades(&once(Answer(1)), &once(Answer(2))).await;
        let _ = degrades(&once(Answer(1)), &down()).await;
        assert_eq!(seen(), [1, 3, 1, 1, 1, 1, 1]);
        configure("attempt_timeout = '1s'\nbreaker.quiet_failures = 'off'\ndegradation_enabled = false");
        let _ = degrades(&once(Answer(1)), &once(Answer(2))).await;
        assert_eq!(seen(), [1, 3, 1, 1, 2, 1, 1], "nobody is asked");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn attempts_are_told_apart_by_why_they_were_made_and_successes_by_how_many_they_needed() {
    testing::isolated(async {
        configure("max_attempts = 8\nbase_delay = 0.0\nbreaker.quiet_failures = 'off'\nbudget.burst_capacity = 100\ncircuit_breaker_enabled = false");
        for needed in [1, 2, 2, 3, 4, 5, 7] {
            let mut steps = vec![Fail(Fault::Down); needed - 1];
            steps.push(Answer(1));
            assert_eq!(call(&Script::new(steps)).await, Ok(1));
        }
        let stats = stats();
        assert_eq!(stats.attempts_needed(), [1, 2, 1, 1, 2]);
        let of = |of, outcome| stats.attempts_of(of, outcome);
        assert_eq!(of(AttemptType::Original, AttemptOutcome::Success), 1);
        assert_eq!(of(AttemptType::Original, AttemptOutcome::Retryable), 6);
        assert_eq!(of(AttemptType::Retry, AttemptOutcome::Success), 6);
        assert_eq!(of(AttemptType::Retry, AttemptOutcome::Retryable), 1 + 2 + 3 + 5);
        assert_eq!(of(AttemptType::Hedge, AttemptOutcome::Success), 0);
        assert_eq!(stats.attempts(AttemptOutcome::Success), 7);
        assert_eq!(stats.retries(), 17);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_copy_that_answers_is_a_hedge_of_its_attempt() {
    testing::isolated(async {
        configure("max_attempts = 3\nbase_delay = 0.0\nattempt_timeout = '10s'");
        let script = Script::new([slow(500, Answer(1)), slow(10, Answer(2))]);
        assert_eq!(hedged(&script).await, Ok(2));
        let script = Script::new([Fail(Fault::Down), Hang, slow(10, Answer(3))]);
        assert_eq!(hedged(&script).await, Ok(3));
        let stats = stats();
        assert_eq!(stats.attempts_of(AttemptType::Hedge, AttemptOutcome::Success), 2);
        assert_eq!(stats.attempts_of(AttemptType::Original, AttemptOutcome::Abandoned), 1);
        assert_eq!(stats.attempts_of(AttemptType::Retry, AttemptOutcome::Abandoned), 1);
        assert_eq!(stats.attempts_needed(), [1, 1, 0, 0, 0]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_delay_before_a_retry_is_no_wait_for_others() {
    testing::isolated(async {
        configure("max_attempts = 3\nbase_delay = 0.25\nstrategy = 'fixed'");
        assert_eq!(call(&Script::new([Fail(Fault::Down), Fail(Fault::Down), Answer(1)])).await, Ok(1));
        assert_eq!((stats().backoff(), stats().waiting().count()), (ms(500), 0));
    })
    .await;
}
