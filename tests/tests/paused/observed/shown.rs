//! What is shown of a service that is only observed: its state as observed, and what would have been done apart.

use resilience_runtime::{monitor, render_prometheus, testing};

use super::observe;
use crate::observing::log_lines::Lines;
use crate::script::{Answer, Fail, Fault, ask, configure, ms, service, slow};

const RETRIES: &str = "max_attempts = 2\nstrategy = 'fixed'\njitter = 0.0\nbase_delay = '250ms'";
const QUICK: &str = "max_attempts = 2\nstrategy = 'fixed'\njitter = 0.0\nbase_delay = '250ms'\n\
    breaker = { consecutive_failures = 2, open_for = '1m' }";

fn value(page: &str, name: &str, label: &str) -> String {
    let start = format!("resilience_{name}{{dependency=\"svc\",{label}}} ");
    let line = page.lines().find_map(|line| line.strip_prefix(&start));
    line.unwrap_or_else(|| panic!("no {start}")).to_owned()
}

#[tokio::test(start_paused = true)]
async fn the_state_is_observed_and_the_decisions_have_a_series_of_their_own() {
    testing::isolated(async {
        observe(QUICK);
        for _ in 0..4 {
            let _ = ask(Fail(Fault::Down)).await;
        }
        let page = render_prometheus();
        for (name, label, expected) in [
            ("breaker_state", "state=\"observed\"", "1"),
            ("breaker_state", "state=\"open\"", "0"),
            ("breaker_state", "state=\"closed\"", "0"),
            ("breaker_transitions_total", "to=\"open\"", "0"),
            ("would_total", "decision=\"retry\"", "1"),
            ("would_total", "decision=\"circuit_open\"", "2"),
            ("would_total", "decision=\"shed\"", "0"),
            ("rejections_total", "reason=\"circuit_open\"", "0"),
            ("unretried_total", "reason=\"observed\"", "4"),
            ("calls_total", "outcome=\"failure\"", "4"),
            ("attempts_total", "attempt_type=\"original\",outcome=\"retryable\"", "4"),
            ("attempts_total", "attempt_type=\"retry\",outcome=\"retryable\"", "0"),
        ] {
            assert_eq!(value(&page, name, label), expected, "{name} {label}");
        }
        let shown = monitor().service("svc").expect("it is known");
        assert_eq!((shown.breaker.state, shown.breaker.observed_state), ("observed", Some("open")));
        assert_eq!((shown.breaker.retry_after_us, shown.would.get("circuit_open")), (None, 2));

        configure(QUICK);
        let page = render_prometheus();
        for (name, label, expected) in [
            ("breaker_state", "state=\"observed\"", "0"),
            ("breaker_state", "state=\"closed\"", "1"),
            ("would_total", "decision=\"circuit_open\"", "2"),
        ] {
            assert_eq!(value(&page, name, label), expected, "{name} {label}");
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn each_decision_is_told_with_its_reason_and_its_delay() {
    let log = Lines::default();
    let _listening = log.listen();
    testing::isolated(async {
        observe(&format!("{RETRIES}\nattempt_timeout = '1s'"));
        let mut reader = monitor().subscribe();
        let _ = ask(Fail(Fault::Down)).await;
        let _ = ask(Fail(Fault::Wrong)).await;
        let _ = ask(slow(2_000, Answer(1))).await;
        let told = log.all();
        let told: Vec<_> = told.iter().filter(|line| line.contains(" message=would have acted ")).collect();
        assert_eq!(told.len(), 2, "{told:#?}");
        for (line, reason) in told.iter().zip(["retryable", "timed_out"]) {
            for part in ["decision=retry", &format!("reason={reason}"), "delay_seconds=0.25", "function=call"]
            {
                assert!(line.contains(&format!(" {part} ")), "{part}: {line}");
            }
        }
        let events = reader.read_calls().events;
        let kinds: Vec<_> = events.iter().map(|event| (event.kind, event.reason)).collect();
        let retry = ("would_act", "retry");
        assert_eq!(kinds, [("call_failed", "observed"), retry, ("call_failed", "observed"), retry]);
        assert_eq!((events[1].what, events[1].delay_us), (Some("retryable"), Some(250_000)));
        assert_eq!((events[3].what, events[3].delay_us), (Some("timed_out"), Some(250_000)));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn health_goes_by_what_has_happened() {
    testing::isolated(async {
        observe(QUICK);
        for _ in 0..3 {
            let _ = ask(Fail(Fault::Down)).await;
        }
        tokio::time::sleep(ms(3_000)).await;
        let health = || monitor().health("svc").expect("it is known");
        let reasons = health().reasons;
        assert!(reasons.iter().all(|reason| !reason.contains("breaker")), "{reasons:?}");
        service().reset_breaker();
        configure(QUICK);
        for _ in 0..3 {
            let _ = ask(Fail(Fault::Down)).await;
        }
        let reasons = health().reasons;
        assert!(reasons.iter().any(|reason| reason.contains("breaker")), "{reasons:?}");
    })
    .await;
}
