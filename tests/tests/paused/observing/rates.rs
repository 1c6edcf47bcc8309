//! The rates of windows, and what the rules for Prometheus make of the page of the same program: whoever reads one after the other
//! has to find the same figures.

use std::panic::AssertUnwindSafe;

use futures::FutureExt as _;
use resilience_runtime::{comprehensive_retry, monitor, render_prometheus, testing};
use tokio::time::{sleep, timeout};

use crate::script::{Answer, Fail, Fault, Hang, Script, Step, ask, call, configure, ms, secs, service, slow};

#[comprehensive_retry("svc", idempotent = true, hedge(after = "50ms"))]
async fn hedged(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that `retry_if_ok` takes")]
fn is_nine(value: &u32) -> bool {
    *value == 9
}

#[comprehensive_retry("svc", retry_if_ok = is_nine)]
async fn picky(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

/// The sum of the series of `svc` with these labels, each of which may be one of some.
fn sum(page: &str, name: &str, labels: &[(&str, &str)]) -> f64 {
    let of_service =
        page.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix("{dependency=\"svc\","));
    let is_asked = |line: &&str| {
        labels.iter().all(|(label, values)| {
            values.split('|').any(|value| line.contains(&format!("{label}=\"{value}\"")))
        })
    };
    let values = of_service.filter(is_asked).filter_map(|line| line.rsplit_once(' '));
    values.map(|(_, value)| value.parse::<f64>().expect("a number")).sum()
}

#[tokio::test(start_paused = true)]
async fn rates_of_windows_are_those_of_the_rules_for_prometheus() {
    testing::isolated(async {
        configure(
            "max_attempts = 3\nbase_delay = 0.0\nattempt_timeout = '1s'\nbreaker.quiet_failures = 'off'\n\
             breaker.min_calls = 1000\nbudget.burst_capacity = 100",
        );
        let _monitoring = monitor().start();
        let busy = Fault::Busy { wait: None };
        for steps in [
            vec![Answer(1)],
            vec![Fail(Fault::Down), Answer(1)],
            vec![Fail(Fault::Down), Fail(Fault::Refused), Answer(1)],
            vec![Fail(Fault::Down)],
            vec![Fail(Fault::Wrong)],
            vec![Fail(Fault::Ours)],
            vec![Fail(busy), Answer(1)],
            vec![Hang, Answer(1)],
        ] {
            let _ = call(&Script::new(steps)).await;
        }
        let _ = picky(&Script::new([Answer(9), Answer(1)])).await;
        assert_eq!(hedged(&Script::new([slow(500, Answer(1)), slow(10, Answer(2))])).await, Ok(2));
        assert_eq!(hedged(&Script::new([Fail(Fault::Down), Hang, slow(10, Answer(3))])).await, Ok(3));
        assert!(timeout(ms(5), ask(Hang)).await.is_err());
        assert!(AssertUnwindSafe(ask(Step::Panic)).catch_unwind().await.is_err());
        service().force_open();
        assert!(ask(Answer(1)).await.is_err());
        sleep(secs(4)).await;

        let window = monitor().service("svc").expect("known").windows.expect("watched").one_minute;
        let page = render_prometheus();
        let calls = |outcomes| sum(&page, "resilience_calls_total", &[("outcome", outcomes)]);
        let attempts = |labels: &[(&str, &str)]| sum(&page, "resilience_attempts_total", labels);
        let all = calls("success|degraded|declined|failure|rejected|cancelled|panicked");
        let judged = all - calls("cancelled");
        let same = |told: Option<f64>, by_the_rule: f64| {
            assert!(
                (told.expect("there were calls") - by_the_rule).abs() < 1e-9,
                "{by_the_rule}: {window:?}"
            );
        };
        assert!((all - 14.0).abs() < 1e-9, "{window:?}");
        let (retries, hedges) =
            (attempts(&[("attempt_type", "retry")]), attempts(&[("attempt_type", "hedge")]));
        assert!(retries > 7.0 && hedges > 1.0, "{retries} {hedges}");
        same(window.retry_rate, retries / all);
        same(window.success_rate, calls("success|degraded|declined") / judged);
        let fine = attempts(&[("outcome", "success|never|local|abandoned")]);
        same(window.attempt_success_rate, fine / attempts(&[]));
        // Each sort of failure is among them.
        for outcome in
            ["retryable", "throttled", "timed_out", "unwanted_ok", "panicked", "abandoned", "never", "local"]
        {
            assert!(attempts(&[("outcome", outcome)]) > 0.0, "{outcome}");
        }
    })
    .await;
}
