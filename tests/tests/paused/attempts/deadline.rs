//! The deadline bounds everything that waits.

use resilience_runtime::monitor::AttemptOutcome;
use resilience_runtime::{Ending, testing};
use tokio::time::Instant;

use crate::script::{Answer, Fail, Fault, Hang, Script, call, configure, ms, secs, slow, stats};

#[tokio::test(start_paused = true)]
async fn a_delay_that_would_not_fit_ends_the_call_at_once_with_the_real_error() {
    testing::isolated(async {
        configure("deadline = '1s'\nattempt_timeout = '500ms'\nbase_delay = '600ms'\nstrategy = 'fixed'\njitter = 0.0\nmax_attempts = 2");
        let start = Instant::now();
        let script = Script::new([slow(450, Fail(Fault::Down)), Answer(7)]);
        assert_eq!(call(&script).await, Err(Fault::Down));
        assert_eq!(start.elapsed(), ms(450));
        assert_eq!(stats().endings(Ending::DeadlineExceeded), 1);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_hint_beyond_the_deadline_ends_the_call_at_once() {
    testing::isolated(async {
        configure("deadline = '5s'\nmax_retry_after = '60s'\nmax_attempts = 2\nbase_delay = '1ms'");
        let start = Instant::now();
        let script = Script::new([Fail(Fault::Busy { wait: Some(secs(10)) }), Answer(7)]);
        assert!(call(&script).await.is_err());
        assert_eq!(start.elapsed(), ms(0));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_attempt_is_cut_off_at_the_deadline_and_abandoned() {
    testing::isolated(async {
        configure("deadline = '1s'\nattempt_timeout = '900ms'\nbase_delay = 0\nmax_attempts = 3");
        let start = Instant::now();
        let script = Script::new([slow(400, Fail(Fault::Down)), Hang]);
        assert_eq!(call(&script).await, Err(Fault::Down));
        let elapsed = start.elapsed();
        assert!((secs(1)..=ms(1_002)).contains(&elapsed), "{elapsed:?}");
        assert_eq!(stats().attempts(AttemptOutcome::Abandoned), 1);
        assert_eq!(stats().attempts(AttemptOutcome::TimedOut), 0, "only its own timeout is a timeout");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn without_limits_a_call_waits_for_ever() {
    testing::isolated(async {
        configure("deadline = 'off'\nattempt_timeout = 'off'");
        let waited = tokio::time::timeout(secs(100_000), call(&Script::new([Hang]))).await;
        assert!(waited.is_err());
    })
    .await;
}
