//! Hedging: when copies of slow attempts start, which copy wins, what pays for them, and what happens to the others.

use std::sync::atomic::{AtomicU32, Ordering};

use resilience_runtime::monitor::{AttemptOutcome, CallOutcome};
use resilience_runtime::{RejectionKind, comprehensive_retry, registry, testing};
use tokio::time::Instant;

use crate::script::{Answer, Fail, Fault, Hang, Script, Step, configure, ms, rejected, service, slow, stats};

mod asked;
mod ends;
mod tail;

/// The file sets how many copies are allowed.
#[comprehensive_retry("svc", idempotent = true, hedge(after = "50ms"))]
async fn hedged(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

const ONE_TRY: &str = "max_attempts = 1\nattempt_timeout = '1s'\n";

#[tokio::test(start_paused = true)]
async fn a_slow_attempt_gets_a_copy_after_the_delay_and_the_first_ok_wins() {
    for (steps, expected, asked, time) in [
        ([slow(500, Answer(1)), slow(10, Answer(2))], 2, vec![ms(0), ms(50)], 60),
        ([slow(80, Answer(1)), slow(500, Answer(2))], 1, vec![ms(0), ms(50)], 80),
        ([slow(40, Answer(1)), slow(0, Answer(2))], 1, vec![ms(0)], 40),
    ] {
        testing::isolated(async {
            configure(ONE_TRY);
            let (start, script) = (Instant::now(), Script::new(steps));
            assert_eq!(hedged(&script).await, Ok(expected));
            assert_eq!((script.asked(), start.elapsed()), (asked.clone(), ms(time)));
            let lost = asked.len() as u64 - 1;
            assert_eq!(stats().attempts(AttemptOutcome::Success), 1);
            assert_eq!(stats().attempts(AttemptOutcome::Abandoned), lost, "the other is not waited for");
            assert_eq!((stats().started(), stats().calls(CallOutcome::Success)), (1, 1));
        })
        .await;
    }
}

#[tokio::test(start_paused = true)]
async fn max_says_how_many_copies_there_are() {
    testing::isolated(async {
        configure(&format!("{ONE_TRY}hedge.max = 3"));
        let script = Script::new([Hang, Hang, Hang, Answer(4)]);
        assert_eq!(hedged(&script).await, Ok(4));
        assert_eq!(script.asked(), [ms(0), ms(50), ms(100), ms(150)]);
        configure(&format!("{ONE_TRY}hedge.max = 2"));
        let script = Script::new([Hang]);
        assert!(hedged(&script).await.is_err());
        assert_eq!(script.asked().len(), 3);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_copy_is_paid_from_the_budget_and_an_empty_one_allows_none() {
    testing::isolated(async {
        configure(&format!("{ONE_TRY}budget = {{ burst_capacity = 1, ratio = 0.0, min_per_second = 0 }}"));
        let steps = || Script::new([slow(200, Answer(1)), slow(10, Answer(2))]);
        assert_eq!(hedged(&steps()).await, Ok(2));
        assert_eq!(service().budget_tokens(), Some(0.0));
        let script = steps();
        assert_eq!(hedged(&script).await, Ok(1));
        assert_eq!(script.asked().len(), 1);
        // Without a limit on retries, there is none on copies.
        configure(&format!("{ONE_TRY}budget = 'off'"));
        assert_eq!(hedged(&steps()).await, Ok(2));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_copy_takes_what_is_free_and_never_waits() {
    for (limits, copies) in [
        ("bulkhead = { max_concurrent = 1, max_wait = '9s' }", 0),
        ("bulkhead = { max_concurrent = 2, max_wait = '9s' }", 1),
        ("rate_limit = { per_second = 0.1, burst = 1, max_wait = '99s' }", 0),
        ("rate_limit = { per_second = 0.1, burst = 2, max_wait = '99s' }", 1),
    ] {
        testing::isolated(async {
            configure(&format!("{ONE_TRY}{limits}"));
            let script = Script::new([slow(200, Answer(1)), slow(100, Answer(2))]);
            assert_eq!(hedged(&script).await, Ok(1 + copies));
            assert_eq!(script.asked().len(), 1 + usize::from(copies > 0), "{limits}");
            let tokens = service().budget_tokens().unwrap();
            assert!(
                (9.5..=10.2).contains(&(tokens + f64::from(copies))),
                "what was not used goes back: {tokens}"
            );
            assert!(matches!(service().bulkhead_in_flight(), None | Some(0)));
        })
        .await;
    }
}

#[tokio::test(start_paused = true)]
async fn copies_count_under_the_cap_on_retries_in_flight() {
    testing::isolated(async {
        let configure = |cap| {
            let text = format!("[global]\nmax_concurrent_retries_global = {cap}\n[services.svc]\n{ONE_TRY}");
            registry().load_config(&text, "test.toml").unwrap();
        };
        configure(1);
        let script = Script::new([Hang, slow(20, Answer(2))]);
        let (outcome, retries) = tokio::join!(hedged(&script), async {
            tokio::time::sleep(ms(60)).await;
            registry().concurrent_retries()
        });
        assert_eq!((outcome, retries), (Ok(2), 1));
        assert_eq!(registry().concurrent_retries(), 0);
        configure(0);
        let script = Script::new([slow(100, Answer(1)), slow(20, Answer(2))]);
        assert_eq!(hedged(&script).await, Ok(1));
        assert_eq!(script.asked().len(), 1);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_twice_once_the_file_says_that_this_does_harm() {
    testing::isolated(async {
        let text = format!("[services.svc]\n{ONE_TRY}[overrides.svc]\nidempotent = false\n");
        registry().load_config(&text, "test.toml").unwrap();
        let script = Script::new([slow(200, Answer(1)), Answer(2)]);
        assert_eq!(hedged(&script).await, Ok(1));
        assert_eq!(script.asked().len(), 1);
    })
    .await;
}

#[comprehensive_retry("svc")]
async fn around(script: &Script) -> Result<u32, Fault> {
    hedged(script).await
}

#[tokio::test(start_paused = true)]
async fn a_call_inside_one_of_the_same_service_has_no_copies() {
    testing::isolated(async {
        configure(ONE_TRY);
        let script = Script::new([slow(200, Answer(1)), Answer(2)]);
        assert_eq!(around(&script).await, Ok(1));
        assert_eq!((script.asked().len(), stats().started()), (1, 1));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn copies_that_fail_do_not_make_room_for_more_of_them() {
    #[comprehensive_retry(
        "failing_copies",
        idempotent = true,
        hedge(after = "50ms", max = 2),
        max_attempts = 1,
        attempt_timeout = "1s",
        budget = off,
        breaker = off
    )]
    async fn first_hangs(runs: &AtomicU32) -> Result<(), Fault> {
        if runs.fetch_add(1, Ordering::Relaxed) == 0 {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(ms(10)).await;
        Err(Fault::Down)
    }

    testing::isolated(async {
        let runs = AtomicU32::new(0);
        assert!(first_hangs(&runs).await.is_err());
        assert_eq!(runs.into_inner(), 3, "the attempt and two copies");
    })
    .await;
}
