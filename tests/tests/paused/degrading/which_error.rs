//! The error that a call ends with: the last error that an attempt returned, or else a rejection.

use resilience_runtime::monitor::CallOutcome;
use resilience_runtime::{Ending, Rejection, RejectionKind, comprehensive_retry, testing};

use crate::script::{Answer, Fail, Fault, Hang, Script, call, configure, ms, stats};

fn kind(outcome: &Result<u32, Fault>) -> Option<RejectionKind> {
    match outcome {
        Err(Fault::Rejected(rejection)) => Some(rejection.kind()),
        _ => None,
    }
}

#[tokio::test(start_paused = true)]
async fn an_earlier_error_beats_a_later_timeout() {
    testing::isolated(async {
        configure("max_attempts = 2\nbase_delay = 0\nattempt_timeout = '1s'");
        assert_eq!(call(&Script::new([Fail(Fault::Down), Hang])).await, Err(Fault::Down));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn only_timeouts_make_a_timeout_rejection() {
    testing::isolated(async {
        configure("max_attempts = 2\nbase_delay = 0\nattempt_timeout = '1s'");
        let outcome = call(&Script::new([Hang])).await;
        assert_eq!(kind(&outcome), Some(RejectionKind::AttemptTimeout));
        assert_eq!(stats().calls(CallOutcome::Rejected(RejectionKind::AttemptTimeout)), 1);
        assert_eq!(stats().endings(Ending::AttemptsExhausted), 1);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_deadline_in_the_first_attempt_makes_a_deadline_rejection() {
    testing::isolated(async {
        configure("deadline = '1s'\nattempt_timeout = off".replace("off", "'off'").as_str());
        let outcome = call(&Script::new([Hang])).await;
        assert_eq!(kind(&outcome), Some(RejectionKind::DeadlineExceeded));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_empty_budget_returns_the_real_error() {
    testing::isolated(async {
        configure("max_attempts = 3\nbase_delay = 0\nbudget = { burst_capacity = 0, ratio = 0.0, min_per_second = 0 }");
        let script = Script::new([Fail(Fault::Down), Answer(7)]);
        assert_eq!(call(&script).await, Err(Fault::Down));
        assert_eq!((script.asked().len(), stats().endings(Ending::BudgetExhausted)), (1, 1));
    })
    .await;
}

#[derive(Debug, PartialEq)]
struct OwnError(RejectionKind);

#[expect(clippy::needless_pass_by_value, reason = "the signature that `on_rejection` asks for")]
fn own(rejection: Rejection) -> OwnError {
    OwnError(rejection.kind())
}

#[comprehensive_retry("own", max_attempts = 1, attempt_timeout = "10ms", on_rejection = own)]
async fn carried_by_hand() -> Result<(), OwnError> {
    std::future::pending().await
}

#[tokio::test(start_paused = true)]
async fn on_rejection_makes_the_error() {
    testing::isolated(async {
        assert_eq!(carried_by_hand().await, Err(OwnError(RejectionKind::AttemptTimeout)));
    })
    .await;
}

macro_rules! carried_as {
    ($name:ident, $error:ty) => {
        #[tokio::test(start_paused = true)]
        async fn $name() {
            #[comprehensive_retry("plain", max_attempts = 1, attempt_timeout = "10ms")]
            async fn hang() -> Result<(), $error> {
                std::future::pending().await
            }
            testing::isolated(async {
                let error = hang().await.unwrap_err();
                assert!(error.to_string().contains("timed out"), "{error}");
            })
            .await;
        }
    };
}
carried_as!(a_rejection_becomes_an_io_error, std::io::Error);
carried_as!(a_rejection_becomes_a_string, String);
carried_as!(a_rejection_becomes_an_anyhow_error, anyhow::Error);
carried_as!(a_rejection_becomes_a_boxed_error, Box<dyn std::error::Error + Send + Sync>);
carried_as!(a_rejection_becomes_itself, Rejection);

#[tokio::test(start_paused = true)]
async fn the_cap_on_all_retries_in_flight_ends_calls_with_their_own_error() {
    testing::isolated(async {
        let text = "[global]\nmax_concurrent_retries_global = 2\n[services.svc]\nmax_attempts = 2\nbase_delay = '10ms'\n\
            strategy = 'fixed'\njitter = 0.0\nattempt_timeout = '1s'\n[services.svc.breaker]\nmin_calls = 1000\nquiet_failures = 'off'\n";
        resilience_runtime::registry().load_config(text, "test.toml").unwrap();
        let calls = (0..5).map(|_| async {
            let script = Script::new([Fail(Fault::Down), Hang]);
            let _ = call(&script).await;
            script.asked().len()
        });
        let runs = futures::future::join_all(calls).await;
        assert_eq!(runs.iter().filter(|runs| **runs == 2).count(), 2, "{runs:?}");
        assert_eq!(stats().endings(Ending::RetryCapReached), 3);
        assert_eq!(resilience_runtime::registry().concurrent_retries(), 0);
        // Sleepers do not count.
        let sleeping = Script::new([Fail(Fault::Down), Answer(1)]);
        let poll = tokio::time::timeout(ms(5), call(&sleeping)).await;
        assert!(poll.is_err());
        assert_eq!(resilience_runtime::registry().concurrent_retries(), 0);
    })
    .await;
}
