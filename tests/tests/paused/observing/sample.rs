//! The times of attempts, apart from those of calls, and the sample that advice goes by.

use resilience_runtime::monitor::snapshot::SampleSnapshot;
use resilience_runtime::{monitor, render_prometheus, testing};

use crate::script::{Answer, Fail, Fault, Hang, Script, Step, ask, call, configure, secs, slow};

fn sample() -> SampleSnapshot {
    monitor().service("svc").expect("it is named").sample.expect("it was sampled")
}

/// The first question starts the sampling.
fn start(settings: &str) {
    configure(settings);
    assert_eq!(monitor().service("svc").expect("it is named").sample, None, "nothing was called");
}

async fn calls(steps: &[Step]) {
    for step in steps {
        let _ = ask(step.clone()).await;
    }
}

#[tokio::test(start_paused = true)]
async fn delays_waits_and_failed_attempts_are_in_no_time_of_an_attempt() {
    testing::isolated(async {
        start("max_attempts = 3\nstrategy = 'fixed'\nbase_delay = '500ms'\nattempt_timeout = '1s'\nbreaker = 'off'");
        assert_eq!(call(&Script::new([slow(20, Answer(1))])).await, Ok(1));
        assert_eq!(call(&Script::new([slow(10, Fail(Fault::Down)), slow(40, Answer(2))])).await, Ok(2));
        assert_eq!(call(&Script::new([Hang, slow(60, Answer(3))])).await, Ok(3));
        assert!(call(&Script::new([slow(10, Fail(Fault::Wrong))])).await.is_err());
        tokio::time::sleep(secs(2)).await;
        let found = sample();
        assert_eq!((found.attempts, found.succeeded, found.failed, found.timed_out), (6, 3, 2, 1));
        assert_eq!(found.mean_us, Some(40_000), "of 20, 40 and 60 ms");
        let (median, most) = (found.p50_us.expect("measured"), found.p999_us.expect("measured"));
        assert!((40_000..=45_000).contains(&median) && (60_000..=67_500).contains(&most), "{found:?}");
        let page = render_prometheus();
        let series: Vec<&str> = page.lines().filter_map(|line| line.strip_prefix("# TYPE ")).collect();
        assert!(series.len() > 10 && series.iter().all(|name| !name.contains("sample")), "no series: {series:?}");
        let whole = monitor().service("svc").expect("it is named").latency;
        assert_eq!((whole.count, whole.total_us), (4, 20_000 + 550_000 + 1_560_000 + 10_000), "the calls are as before");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_a_permit_is_in_the_call_and_not_in_its_attempt() {
    testing::isolated(async {
        start("max_attempts = 1\nbulkhead = { max_concurrent = 1, max_wait = '5s' }");
        let script = Script::new([slow(1_000, Answer(1))]);
        let (one, two) = tokio::join!(call(&script), call(&script));
        assert_eq!((one, two), (Ok(1), Ok(1)));
        tokio::time::sleep(secs(2)).await;
        let found = sample();
        assert_eq!((found.succeeded, found.mean_us), (2, Some(1_000_000)));
        assert_eq!(monitor().service("svc").expect("it is named").latency.total_us, 3_000_000);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn openings_and_rates_are_those_of_the_sample() {
    testing::isolated(async {
        start("max_attempts = 1\nbreaker.quiet_failures = 3\nbreaker.min_calls = 1000");
        for _ in 0..10 {
            calls(&[slow(100, Answer(1)), slow(100, Answer(1))]).await;
            tokio::time::sleep(secs(2)).await;
            monitor().service("svc");
        }
        let calm = sample();
        assert_eq!((calm.breaker_openings, calm.attempts, calm.retry_share_p95), (0, 20, None));
        let peak = calm.peak_attempts_per_second.expect("ten seconds have passed");
        assert!((0.8..=1.1).contains(&peak), "{calm:?}");
        tokio::time::sleep(secs(20)).await;
        calls(&[Fail(Fault::Down), Fail(Fault::Down), Fail(Fault::Down)]).await;
        tokio::time::sleep(secs(2)).await;
        assert_eq!(sample().breaker_openings, 1);
    })
    .await;
}
