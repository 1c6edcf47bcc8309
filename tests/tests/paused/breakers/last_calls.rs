//! A breaker over the last calls, or over failures in a row, sees all results in their order, whether a body is ready at
//! once or waits, and each call has its permit back.

use resilience_runtime::monitor::{AttemptOutcome, CallOutcome};
use resilience_runtime::{BreakerState, testing};

use crate::script::{Answer, Fail, Fault, Script, Step, call, configure, service, slow, stats};

/// A body that is ready at once, and one that waits.
const BODIES: [fn(Step) -> Step; 2] = [|step| step, |step| slow(1, step)];

/// Whether each of these calls succeeds, one after another.
async fn results<const N: usize>(body: fn(Step) -> Step, succeed: [bool; N]) -> [bool; N] {
    let mut results = [false; N];
    for (result, succeeds) in results.iter_mut().zip(succeed) {
        let step = if succeeds { Answer(1) } else { Fail(Fault::Down) };
        *result = call(&Script::new([body(step)])).await.is_ok();
    }
    results
}

#[tokio::test(start_paused = true)]
async fn successes_push_failures_out_of_the_last_calls() {
    for (name, body) in ["ready", "waits"].into_iter().zip(BODIES) {
        testing::isolated(async move {
            configure(
                "max_attempts = 1\nbulkhead.max_concurrent = 2\n\
                 breaker = { window = 4, min_calls = 4, failure_rate = 0.5, quiet_failures = 'off', open_for = '10s' }",
            );
            // One failure among any four: never half of them.
            let one_of_four = [false, true, true, true];
            for _ in 0..20 {
                assert_eq!(results(body, one_of_four).await, one_of_four, "{name}");
            }
            assert_eq!(service().breaker_state(), BreakerState::Closed, "{name}");
            assert_eq!(results(body, [false, true, false]).await, [false, true, false], "{name}");
            assert_eq!(service().breaker_state(), BreakerState::Open, "{name}: two of the last four");
            let stats = stats();
            assert_eq!(stats.calls(CallOutcome::Success), 61, "{name}");
            assert_eq!(stats.attempts(AttemptOutcome::Success), 61, "{name}");
            assert_eq!((stats.ended(), stats.in_flight(), stats.latency().count()), (83, 0, 83), "{name}");
        })
        .await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_success_ends_the_failures_in_a_row() {
    for (name, body) in ["ready", "waits"].into_iter().zip(BODIES) {
        testing::isolated(async move {
            configure(
                "max_attempts = 1\n\
                 breaker = { consecutive_failures = 3, min_calls = 100, quiet_failures = 'off', open_for = '10s' }",
            );
            for _ in 0..5 {
                assert_eq!(results(body, [false, false, true]).await, [false, false, true], "{name}");
            }
            assert_eq!(service().breaker_state(), BreakerState::Closed, "{name}");
            results(body, [false; 3]).await;
            assert_eq!(service().breaker_state(), BreakerState::Open, "{name}");
        })
        .await;
    }
}
