//! Which failures are retried, and when.

mod rules;

use resilience_runtime::{Ending, comprehensive_retry, testing};

use crate::script::{Answer, Fail, Fault, Hang, Script, call, configure, ms, secs, slow, stats};

const STEADY: &str = "strategy = 'fixed'\nbase_delay = '100ms'\njitter = 0.0\nmax_attempts = 4";

#[tokio::test(start_paused = true)]
async fn a_failure_that_may_go_away_is_retried_after_the_delay() {
    testing::isolated(async {
        configure(STEADY);
        let script = Script::new([Fail(Fault::Down), Fail(Fault::Down), Answer(7)]);
        assert_eq!(call(&script).await, Ok(7));
        assert_eq!(script.asked(), [ms(0), ms(100), ms(200)]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_zero_delay_does_not_sleep() {
    testing::isolated(async {
        configure("base_delay = 0\nmax_attempts = 3");
        let script = Script::new([Fail(Fault::Down), Fail(Fault::Down), Answer(7)]);
        assert_eq!(call(&script).await, Ok(7));
        assert_eq!(script.asked(), [ms(0); 3]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn attempts_without_a_limit_end_with_the_deadline() {
    #[comprehensive_retry(
        "unlimited",
        max_attempts = Unlimited,
        strategy = Fixed,
        base_delay = "100ms",
        jitter = 0,
        deadline = "5s",
        budget = off,
        breaker = off
    )]
    async fn ask(attempts: &std::cell::Cell<u32>) -> Result<u32, Fault> {
        attempts.set(attempts.get() + 1);
        Err(Fault::Down)
    }
    testing::isolated(async {
        let attempts = std::cell::Cell::new(0);
        let started = tokio::time::Instant::now();
        assert_eq!(ask(&attempts).await, Err(Fault::Down));
        assert!((48..=51).contains(&attempts.get()), "{}", attempts.get());
        assert!(started.elapsed() <= secs(5));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn attempts_without_a_limit_can_be_written_in_a_file_and_need_a_deadline() {
    testing::isolated(async {
        configure("max_attempts = 'unlimited'\nstrategy = 'fixed'\nbase_delay = '100ms'\njitter = 0.0\ndeadline = '1s'\nbudget = 'off'\nbreaker = 'off'");
        let script = Script::new(vec![Fail(Fault::Down); 30]);
        assert_eq!(call(&script).await, Err(Fault::Down));
        assert!((9..=11).contains(&script.asked().len()), "{}", script.asked().len());
        let text = "[services.svc]\nmax_attempts = \"unlimited\"\ndeadline = \"off\"\n";
        let refused = resilience_runtime::validate_config(text).expect_err("nothing ends it");
        assert!(refused.to_string().contains("nothing ends a call"), "{refused}");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_final_answer_and_our_own_mistake_are_not_retried() {
    testing::isolated(async {
        configure(STEADY);
        for fault in [Fault::Wrong, Fault::Ours] {
            let script = Script::new([Fail(fault.clone()), Answer(7)]);
            assert_eq!(call(&script).await, Err(fault));
            assert_eq!(script.asked().len(), 1);
        }
        assert_eq!(stats().endings(Ending::NotRetryable), 2);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_last_error_comes_back_when_the_attempts_are_used_up() {
    testing::isolated(async {
        configure(STEADY);
        let script = Script::new([Fail(Fault::Down), Fail(Fault::Status(500)), Fail(Fault::Status(503))]);
        assert_eq!(call(&script).await, Err(Fault::Status(503)));
        assert_eq!(script.asked().len(), 4);
        assert_eq!((stats().endings(Ending::AttemptsExhausted), stats().retries()), (1, 3));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_hint_of_the_server_is_a_floor_with_a_share_of_the_delay_on_top() {
    testing::isolated(async {
        configure(&format!("{STEADY}\nmax_retry_after = '10s'\ndeadline = '60s'"));
        let mut waits = Vec::new();
        for _ in 0..50 {
            let script = Script::new([Fail(Fault::Busy { wait: Some(secs(3)) }), Answer(7)]);
            assert_eq!(call(&script).await, Ok(7));
            waits.push(script.asked()[1]);
        }
        assert!(waits.iter().all(|wait| (secs(3)..=secs(3) + ms(102)).contains(wait)), "{waits:?}");
        waits.sort();
        waits.dedup();
        assert!(waits.len() > 10, "callers with one hint must not come back together: {waits:?}");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_hint_that_is_too_long_ends_the_call_at_once_with_the_real_error() {
    testing::isolated(async {
        configure(&format!("{STEADY}\nmax_retry_after = '2s'\ndeadline = '60s'"));
        let script = Script::new([Fail(Fault::Busy { wait: Some(secs(3)) }), Answer(7)]);
        assert_eq!(call(&script).await, Err(Fault::Busy { wait: Some(secs(3)) }));
        assert_eq!(script.asked().len(), 1);
        assert_eq!(stats().endings(Ending::RetryAfterTooLong), 1);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_longest_delay_bounds_a_hint_when_nothing_else_is_written() {
    testing::isolated(async {
        configure(&format!("{STEADY}\nmax_delay = '1s'\ndeadline = '60s'"));
        let script = Script::new([Fail(Fault::Busy { wait: Some(ms(1_001)) }), Answer(7)]);
        assert!(call(&script).await.is_err());
        let script = Script::new([Fail(Fault::Busy { wait: Some(ms(999)) }), Answer(7)]);
        assert!(call(&script).await.is_ok());
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn what_is_not_idempotent_is_retried_only_if_it_was_not_sent() {
    testing::isolated(async {
        configure(&format!("{STEADY}\nidempotent = false\nattempt_timeout = '1s'"));
        for (fault, runs) in [(Fail(Fault::Down), 1), (Hang, 1), (Fail(Fault::Refused), 2)] {
            let script = Script::new([fault.clone(), Answer(7)]);
            let _ = call(&script).await;
            assert_eq!(script.asked().len(), runs, "{fault:?}");
        }
        assert_eq!(stats().endings(Ending::NotIdempotent), 2);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_timed_out_attempt_is_retried() {
    testing::isolated(async {
        configure(&format!("{STEADY}\nattempt_timeout = '1s'"));
        let script = Script::new([Hang, Answer(7)]);
        assert_eq!(call(&script).await, Ok(7));
        let asked = script.asked();
        assert!(asked[1] >= ms(1_100) && asked[1] <= ms(1_105), "{asked:?}");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_attempt_timeout_is_for_each_attempt() {
    testing::isolated(async {
        configure(&format!("{STEADY}\nattempt_timeout = '1s'"));
        let script =
            Script::new([slow(800, Fail(Fault::Down)), slow(800, Fail(Fault::Down)), slow(800, Answer(7))]);
        assert_eq!(call(&script).await, Ok(7));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn nothing_happens_before_the_first_poll() {
    testing::isolated(async {
        configure(STEADY);
        let script = Script::new([Answer(7)]);
        drop(call(&script));
        assert!(script.asked().is_empty());
        assert_eq!(resilience_runtime::registry().service("svc").map(|svc| svc.stats().started()), Some(0));
    })
    .await;
}

#[comprehensive_retry("svc")]
async fn returns_early(script: &Script) -> Result<u32, Fault> {
    let value = script.step().await?;
    if value == 1 {
        return Err(Fault::Down);
    }
    Ok(value)
}

#[tokio::test(start_paused = true)]
async fn a_question_mark_or_a_return_in_the_body_leaves_the_attempt_and_not_the_call() {
    testing::isolated(async {
        configure(STEADY);
        let script = Script::new([Fail(Fault::Down), Answer(1), Answer(2)]);
        assert_eq!(returns_early(&script).await, Ok(2));
    })
    .await;
}

#[comprehensive_retry("svc", clone(text))]
async fn consumes(script: &Script, text: String) -> Result<String, Fault> {
    let consumed = text;
    script.step().await?;
    Ok(consumed)
}

#[tokio::test(start_paused = true)]
async fn a_cloned_argument_is_whole_in_each_attempt() {
    testing::isolated(async {
        configure(STEADY);
        let script = Script::new([Fail(Fault::Down), Answer(7)]);
        assert_eq!(consumes(&script, "whole".to_owned()).await, Ok("whole".to_owned()));
    })
    .await;
}

/// The runtime under another name.
mod elsewhere {
    pub(crate) use resilience_runtime as runtime;
}

#[comprehensive_retry("svc", crate = crate::attempts::retry::elsewhere::runtime)]
async fn through_another_path(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn the_runtime_may_live_elsewhere() {
    testing::isolated(async {
        configure(STEADY);
        let script = Script::new([Fail(Fault::Down), Answer(7)]);
        assert_eq!(through_another_path(&script).await, Ok(7));
    })
    .await;
}
