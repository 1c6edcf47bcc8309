//! What the log says of a breaker that opens: the rule, what the window held, and for how long.

use std::time::Duration;

use resilience_runtime::{comprehensive_retry, registry, testing};

use super::{Fault, Lines, SECRET, assert_has};

#[comprehensive_retry(
    "rated", max_attempts = 1,
    breaker(min_calls = 4, failure_rate = 0.5, window = "30s", open_for = "9s", quiet_failures = off)
)]
async fn rated(fails: bool) -> Result<u32, Fault> {
    if fails { Err(Fault::Down(SECRET.to_owned())) } else { Ok(1) }
}

#[comprehensive_retry(
    "counted", max_attempts = 1,
    breaker(min_calls = 4, failure_rate = 0.5, window = 10, quiet_failures = off)
)]
async fn counted(fails: bool) -> Result<u32, Fault> {
    if fails { Err(Fault::Down(SECRET.to_owned())) } else { Ok(1) }
}

#[comprehensive_retry("rowed", max_attempts = 1, breaker(consecutive_failures = 2))]
async fn rowed(fails: bool) -> Result<u32, Fault> {
    if fails { Err(Fault::Down(SECRET.to_owned())) } else { Ok(1) }
}

#[comprehensive_retry("quiet", max_attempts = 1, breaker(quiet_failures = 3))]
async fn quiet(fails: bool) -> Result<u32, Fault> {
    if fails { Err(Fault::Down(SECRET.to_owned())) } else { Ok(1) }
}

#[comprehensive_retry(
    "slow", max_attempts = 1,
    breaker(min_calls = 4, slow_call = "1s", slow_rate = 0.5, quiet_failures = off)
)]
async fn slow(is_slow: bool) -> Result<u32, Fault> {
    if is_slow {
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
    Ok(1)
}

/// Calls one of them so, one after another, and gives back the log.
macro_rules! told {
    ($function:ident, $calls:expr) => {{
        let lines = Lines::default();
        let _listening = lines.listen();
        testing::isolated(async {
            for call in $calls {
                let _ = $function(call).await;
            }
        })
        .await;
        lines
    }};
}

#[tokio::test(start_paused = true)]
async fn a_rate_is_told_with_what_the_window_held_and_the_break() {
    let told = told!(rated, [false, true, true, false, true]).one("breaker opened");
    assert_has(&told, &["service=rated", "from=closed", "to=open", "opened_by=failure_rate"]);
    // The fourth result makes half of them failures, but only a failure opens.
    assert_has(&told, &["failure_rate=0.6", "failures=3", "calls=5", "window=30s"]);
    assert!(told.contains(" open_for="), "{told}");
    assert!(!told.contains("slow_rate"), "nothing says what is slow: {told}");
}

#[tokio::test(start_paused = true)]
async fn a_window_of_calls_is_told_of_alike() {
    let told = told!(counted, [false, false, true, true]).one("breaker opened");
    assert_has(&told, &["opened_by=failure_rate", "failure_rate=0.5", "failures=2", "calls=4", "window=10"]);
}

#[tokio::test(start_paused = true)]
async fn a_row_of_failures_is_told_as_such() {
    let told = told!(rowed, [false, true, true]).one("breaker opened");
    assert_has(&told, &["opened_by=consecutive_failures", "failures=2", "calls=3"]);
}

#[tokio::test(start_paused = true)]
async fn failures_of_a_quiet_time_are_told_as_such() {
    let told = told!(quiet, [true, true, true]).one("breaker opened");
    assert_has(&told, &["opened_by=quiet_failures", "failure_rate=1.0", "failures=3", "calls=3"]);
}

#[tokio::test(start_paused = true)]
async fn slow_calls_are_told_with_their_share() {
    let told = told!(slow, [false, true, true, true]).one("breaker opened");
    assert_has(&told, &["opened_by=slow_rate", "slow_rate=0.75", "failure_rate=0.0", "calls=4"]);
}

#[tokio::test(start_paused = true)]
async fn a_failed_trial_and_an_operator_have_no_window() {
    let lines = Lines::default();
    let _listening = lines.listen();
    testing::isolated(async {
        for _ in 0..2 {
            let _ = rowed(true).await;
        }
        tokio::time::advance(Duration::from_mins(1)).await;
        let _ = rowed(true).await;
        registry().service("rowed").expect("called").force_open();
    })
    .await;
    let all = lines.all();
    let opened: Vec<_> = all.iter().filter(|line| line.contains("message=breaker opened ")).collect();
    assert_eq!(opened.len(), 3, "{all:#?}");
    assert_has(opened[0], &["opened_by=consecutive_failures", "failures=2", "calls=2"]);
    assert_has(opened[1], &["from=half_open", "opened_by=trial"]);
    assert_has(opened[2], &["to=forced_open", "opened_by=force_open", "open_for=further notice"]);
    for line in &opened[1..] {
        assert!(!line.contains("failure_rate") && !line.contains(" calls="), "{line}");
    }
}
