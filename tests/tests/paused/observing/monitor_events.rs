//! What subscribers of `monitor()` hear of single calls and of budgets.

use resilience_runtime::monitor::snapshot::CallEvent;
use resilience_runtime::{comprehensive_retry, monitor, testing};
use tokio::time::sleep;

use crate::observing::log_lines::Lines;
use crate::script::{Answer, Fail, Fault, Script, ask, call, configure, ms, secs};

const CALM: &str = "max_attempts = 1\nbase_delay = 0.0\ncircuit_breaker_enabled = false";

#[comprehensive_retry("svc", max_attempts = 1, fallback = stand_in)]
async fn answered(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[expect(clippy::unnecessary_wraps, reason = "the shape of a fallback")]
fn stand_in(_script: &Script) -> Result<u32, Fault> {
    Ok(0)
}

fn kinds(events: &[CallEvent]) -> Vec<&'static str> {
    events.iter().map(|event| event.kind).collect()
}

#[tokio::test(start_paused = true)]
async fn a_subscriber_hears_of_retries_failures_and_fallbacks_and_of_no_success() {
    testing::isolated(async {
        configure("max_attempts = 2\nbase_delay = '3s'\njitter = 0.0\nstrategy = 'fixed'\ncircuit_breaker_enabled = false");
        let before = monitor().events();
        let _ = ask(Fail(Fault::Down)).await;
        let mut reader = monitor().subscribe();
        for _ in 0..10 {
            let _ = ask(Answer(1)).await;
        }
        assert_eq!(reader.read_calls().events, [], "of successes nothing, and nothing of before");
        assert_eq!(call(&Script::new([Fail(Fault::Status(503)), Answer(1)])).await, Ok(1));
        let _ = ask(Fail(Fault::Wrong)).await;
        assert_eq!(answered(&Script::new([Fail(Fault::Down)])).await, Ok(0));
        let batch = reader.read_calls();
        assert_eq!((batch.missed, kinds(&batch.events)), (0, vec!["retry", "call_failed", "call_failed", "fallback_used"]));
        let [retry, failed, _, used] = &batch.events[..] else { unreachable!("four") };
        assert_eq!((retry.service, retry.function, retry.attempts), ("svc", "call", 1));
        assert_eq!((retry.reason, retry.what, retry.status), ("retryable", Some("Fault::Status"), Some(503)));
        assert_eq!(retry.delay_us, Some(3_000_000));
        assert_eq!((failed.reason, failed.what, failed.attempts), ("not_retryable", Some("Fault::Wrong"), 1));
        assert_eq!((used.reason, used.function, used.left_out), ("fallback", "answered", 0));
        assert_eq!(reader.read_calls().events, []);
        assert_eq!(monitor().events(), before, "never in the history");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn of_ten_thousand_failures_a_second_a_hundred_are_told_and_the_transition_is_kept() {
    testing::isolated(async {
        configure("max_attempts = 1\nbreaker.consecutive_failures = 3\nbreaker.open_for = '1h'\nbreaker.max_open_for = '1h'");
        let mut reader = monitor().subscribe();
        for _ in 0..3 {
            for _ in 0..10_000 {
                let _ = ask(Fail(Fault::Down)).await;
            }
            sleep(secs(1)).await;
        }
        let _ = ask(Fail(Fault::Down)).await;
        let batch = reader.read_calls();
        assert_eq!((batch.missed, batch.events.len()), (0, 301));
        let left_out: Vec<_> = batch.events.iter().map(|event| event.left_out).filter(|left| *left > 0).collect();
        assert_eq!(left_out, [9_900, 9_900, 9_900]);
        let kept = monitor().events();
        assert!(kept.iter().any(|event| (event.kind, event.to) == ("breaker", Some("open"))), "{kept:?}");
        assert_eq!(kept.len(), 2, "{kept:?}");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_reader_of_calls_loses_the_oldest_and_is_told_how_many() {
    testing::isolated(async {
        configure(CALM);
        let mut reader = monitor().subscribe();
        let mut quick = monitor().subscribe();
        for _ in 0..20 {
            for _ in 0..100 {
                let _ = ask(Fail(Fault::Down)).await;
            }
            sleep(secs(1)).await;
            assert_eq!((quick.read_calls().missed, quick.read_calls().events.len()), (0, 0));
        }
        let batch = reader.read_calls();
        assert_eq!((batch.missed, batch.events.len()), (2_000 - 1_024, 1_024));
        assert_eq!(monitor().dashboard_data().process.events_dropped, 976);
        assert_eq!(reader.read_calls().missed, 0);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_log_is_told_as_much_as_subscribers() {
    let lines = Lines::default();
    let _listening = lines.listen();
    testing::isolated(async {
        configure(CALM);
        for _ in 0..2 {
            for _ in 0..1_000 {
                let _ = ask(Fail(Fault::Down)).await;
            }
            sleep(secs(1)).await;
        }
    })
    .await;
    let all = lines.all();
    let failed: Vec<_> = all.iter().filter(|line| line.contains("message=call failed ")).collect();
    assert_eq!(failed.len(), 200);
    let left_out: Vec<_> = failed.iter().filter(|line| line.contains("left_out=")).collect();
    assert_eq!(left_out.len(), 1);
    assert!(left_out[0].contains(" left_out=900"), "{left_out:?}");
}

#[tokio::test(start_paused = true)]
async fn a_budget_that_runs_out_and_fills_up_is_told_once_a_second_each() {
    testing::isolated(async {
        configure(
            "max_attempts = 2\nbase_delay = 0.0\ncircuit_breaker_enabled = false\nbudget.burst_capacity = 1\nbudget.ratio = 0.0\nbudget.min_per_second = 4.0",
        );
        let mut reader = monitor().subscribe();
        // A token comes every 250 ms, and a retry is asked for every 50 ms.
        for _ in 0..100 {
            let _ = ask(Fail(Fault::Down)).await;
            sleep(ms(50)).await;
        }
        let kinds: Vec<_> = reader.read().events.iter().map(|event| event.kind).collect();
        let exhausted = kinds.iter().filter(|kind| **kind == "budget_exhausted").count();
        let refilled = kinds.iter().filter(|kind| **kind == "budget_refilled").count();
        assert_eq!(exhausted + refilled, kinds.len(), "{kinds:?}");
        assert!((4..=6).contains(&exhausted) && refilled <= exhausted && refilled + 1 >= exhausted, "{kinds:?}");
        assert!(kinds.windows(2).all(|pair| pair[0] != pair[1]), "in turn: {kinds:?}");
    })
    .await;
}

/// Pays for a retry that the fast path makes.
#[comprehensive_retry("svc", max_attempts = 2, base_delay = 0.0)]
async fn at_once(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn a_retry_at_once_tells_of_the_refill_too() {
    testing::isolated(async {
        configure(
            "circuit_breaker_enabled = false\nbudget.burst_capacity = 1\nbudget.ratio = 0.0\nbudget.min_per_second = 1.0",
        );
        let twice = || Script::new([Fail(Fault::Down), Answer(1)]);
        for _ in 0..3 {
            let _ = at_once(&twice()).await;
        }
        sleep(secs(3)).await;
        assert_eq!(at_once(&twice()).await, Ok(1));
        sleep(secs(3)).await;
        assert_eq!(at_once(&twice()).await, Ok(1));
        let kinds: Vec<_> = monitor().events().iter().map(|event| event.kind).collect();
        assert_eq!(kinds, ["config_applied", "budget_exhausted", "budget_refilled"]);
    })
    .await;
}
