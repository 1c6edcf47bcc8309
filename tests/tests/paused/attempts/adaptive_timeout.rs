//! `attempt_timeout = adaptive(…)`: a timeout that follows the measured latencies.

use std::time::Duration;

use resilience_runtime::monitor::AttemptOutcome;
use resilience_runtime::{comprehensive_retry, registry, testing};
use tokio::time::Instant;

use crate::script::{Answer, Fault, Hang, Script, Step, ms, secs, slow};

#[comprehensive_retry(
    "timed",
    max_attempts = 1,
    breaker = off,
    deadline = off,
    attempt_timeout = adaptive(floor = "50ms", ceiling = "5s", factor = 2, quantile = P95)
)]
async fn timed(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

async fn ask(step: Step) -> Result<u32, Fault> {
    timed(&Script::new([step])).await
}

/// How long a call without an answer waits, after a number of calls that took this long.
async fn timeout_after(calls: u32, millis: u64) -> Duration {
    for _ in 0..calls {
        assert_eq!(ask(slow(millis, Answer(1))).await, Ok(1));
    }
    // A quantile is computed once per second.
    tokio::time::sleep(secs(1)).await;
    let start = Instant::now();
    assert!(ask(Hang).await.is_err());
    start.elapsed()
}

fn is_about(time: Duration, millis: u64) -> bool {
    // Latencies are recorded with a precision of one eighth.
    (ms(millis)..=ms(millis + millis / 8 + 1)).contains(&time)
}

#[tokio::test(start_paused = true)]
async fn it_follows_the_quantile_within_floor_and_ceiling() {
    for (calls, millis, expected) in
        [(10, 100, 5_000), (50, 100, 200), (50, 700, 1_400), (50, 1, 50), (50, 4_000, 5_000)]
    {
        testing::isolated(async {
            let time = timeout_after(calls, millis).await;
            let is_right = if [50, 5_000].contains(&expected) {
                (ms(expected)..=ms(expected + 1)).contains(&time)
            } else {
                is_about(time, expected)
            };
            assert!(is_right, "{calls} calls of {millis} ms: {time:?}");
        })
        .await;
    }
}

#[tokio::test(start_paused = true)]
async fn it_goes_down_and_up_with_the_service() {
    testing::isolated(async {
        assert!(is_about(timeout_after(100, 400).await, 800));
        tokio::time::sleep(secs(90)).await;
        assert!(is_about(timeout_after(100, 40).await, 80), "what is older than a minute is forgotten");
        tokio::time::sleep(secs(2)).await;
        // Suddenly it takes ten times as long; the calls that time out raise the timeout of those after them.
        let mut failed = 0;
        while ask(slow(400, Answer(1))).await.is_err() {
            failed += 1;
            assert!(failed < 60, "it never recovers");
        }
        assert!(failed > 0, "too slow for the timeout of before");
        for _ in 0..60 {
            let _ = ask(slow(400, Answer(1))).await;
        }
        assert_eq!(ask(slow(400, Answer(1))).await, Ok(1));
    })
    .await;
}

#[comprehensive_retry(
    "tight",
    max_attempts = 1,
    breaker = off,
    deadline = off,
    attempt_timeout = adaptive(floor = "1ms", ceiling = "5s", factor = 1, quantile = P50)
)]
async fn tight(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

/// With a timeout at the median, about half of the calls time out. If those were not counted, or only with the time
/// until their timeout, the median of the rest would be the next timeout, and so on down to the floor.
#[tokio::test(start_paused = true)]
async fn it_does_not_spiral_down() {
    testing::isolated(async {
        let mut answered = [0_u32; 4];
        for round in 0..4_000_u64 {
            // From 100 to 299 ms, evenly distributed and unordered.
            let time = 100 + round * 137 % 200;
            let outcome = tight(&Script::new([slow(time, Answer(1))])).await;
            answered[usize::try_from(round / 1_000).unwrap()] += u32::from(outcome.is_ok());
        }
        assert!(answered.iter().all(|count| (400..750).contains(count)), "{answered:?}");
        let timed_out = registry().service("tight").unwrap().stats().attempts(AttemptOutcome::TimedOut);
        assert_eq!(timed_out, 4_000 - u64::from(answered.iter().sum::<u32>()));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn how_long_errors_took_counts_too() {
    testing::isolated(async {
        for _ in 0..50 {
            assert!(ask(slow(300, Step::Fail(Fault::Wrong))).await.is_err());
        }
        tokio::time::sleep(secs(1)).await;
        let start = Instant::now();
        assert!(ask(Hang).await.is_err());
        assert!(is_about(start.elapsed(), 600), "{:?}", start.elapsed());
    })
    .await;
}
