//! The page of a program: what was called, and what was only named, in the words of the contract.

use resilience_runtime::export::prometheus::{Format, render};
use resilience_runtime::monitor;
use resilience_runtime::{comprehensive_retry, registry, render_prometheus, testing};

use crate::script::{Answer, Fail, Fault, Script, configure, service};

#[comprehensive_retry("svc")]
async fn call(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

/// The value of a series of `svc`, by the rest of its labels.
fn value<'a>(page: &'a str, name: &str, labels: &str) -> &'a str {
    let labels = if labels.is_empty() { String::new() } else { format!(",{labels}") };
    let start = format!("{name}{{dependency=\"svc\"{labels}}} ");
    let line = page.lines().find_map(|line| line.strip_prefix(&start));
    line.unwrap_or_else(|| panic!("no {start}"))
}

#[tokio::test(start_paused = true)]
async fn every_series_is_there_before_the_first_call_and_counts_from_it_on() {
    testing::isolated(async {
        configure("max_attempts = 3\nbase_delay = 0.1\nmax_delay = 0.1\nstrategy = \"fixed\"");
        let before = render_prometheus();
        for (name, labels) in [
            ("resilience_calls_total", "outcome=\"failure\""),
            ("resilience_attempts_total", "attempt_type=\"retry\",outcome=\"retryable\""),
            ("resilience_rejections_total", "reason=\"circuit_open\""),
            ("resilience_unretried_total", "reason=\"budget_exhausted\""),
            ("resilience_breaker_transitions_total", "to=\"open\""),
            ("resilience_call_duration_seconds_bucket", "le=\"0.134217728\""),
            ("resilience_wait_seconds_total", "reason=\"backoff\""),
            ("resilience_fallbacks_total", "source=\"cache\",outcome=\"success\""),
            ("resilience_cache_hits_total", ""),
        ] {
            assert_eq!(value(&before, name, labels), "0", "{name}");
        }
        assert_eq!(value(&before, "resilience_breaker_state", "state=\"closed\""), "1");

        let script = Script::new([Fail(Fault::Down), Fail(Fault::Down), Answer(1), Answer(2)]);
        assert_eq!(call(&script).await, Ok(1));
        assert_eq!(call(&script).await, Ok(2));
        let after = render_prometheus();
        assert_eq!(value(&after, "resilience_calls_total", "outcome=\"success\""), "2");
        assert_eq!(
            value(&after, "resilience_attempts_total", "attempt_type=\"original\",outcome=\"retryable\""),
            "1"
        );
        assert_eq!(
            value(&after, "resilience_attempts_total", "attempt_type=\"retry\",outcome=\"retryable\""),
            "1"
        );
        assert_eq!(
            value(&after, "resilience_attempts_total", "attempt_type=\"retry\",outcome=\"success\""),
            "1"
        );
        // Two delays of 100 ms; the second call took no time at all.
        assert_eq!(value(&after, "resilience_wait_seconds_total", "reason=\"backoff\""), "0.2");
        assert_eq!(value(&after, "resilience_call_duration_seconds_bucket", "le=\"0.134217728\""), "1");
        assert_eq!(value(&after, "resilience_call_duration_seconds_bucket", "le=\"0.268435456\""), "2");
        assert_eq!(value(&after, "resilience_call_duration_seconds_count", ""), "2");

        service().force_open();
        let forced = render(&monitor().dashboard_data(), Format::OpenMetrics);
        assert_eq!(value(&forced, "resilience_breaker_state", "state=\"forced_open\""), "1");
        assert_eq!(value(&forced, "resilience_breaker_state", "state=\"closed\""), "0");
        assert_eq!(value(&forced, "resilience_breaker_transitions_total", "to=\"forced_open\""), "1");
        assert!(registry().service("svc").is_some() && forced.ends_with("# EOF\n"));
    })
    .await;
}
