//! `graceful_degradation` alone: one run of the body, and only what was configured.

use resilience_runtime::monitor::CallOutcome;
use resilience_runtime::{
    Answered, RejectionKind, answered_by, comprehensive_retry, graceful_degradation, registry, testing,
};
use tokio::time::Instant;

use crate::script::{Answer, Fail, Fault, Hang, Script, configure, ms, rejected, secs, service, slow};

#[graceful_degradation("svc", static_response = 9)]
async fn once(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn the_body_runs_once_whatever_the_file_says_about_retries() {
    testing::isolated(async {
        configure("max_attempts = 5\nbase_delay = 0\nretry_enabled = true");
        let script = Script::new([Fail(Fault::Down), Answer(1)]);
        assert_eq!(answered_by(once(&script)).await, (Ok(9), Answered::Static));
        assert_eq!((script.asked().len(), service().stats().retries()), (1, 0));
        assert_eq!(service().stats().calls(CallOutcome::Error), 1);
    })
    .await;
}

struct Parcel(Vec<u32>);

#[expect(clippy::unnecessary_wraps, reason = "a fallback returns what the function returns")]
fn keep_none(_: u32, _: &Fault) -> Result<Vec<u32>, Fault> {
    Ok(Vec::new())
}

#[graceful_degradation("svc", static_response = Vec::new())]
async fn consumes(parcel: Parcel, script: &Script) -> Result<Vec<u32>, Fault> {
    let Parcel(mut items) = parcel;
    items.push(script.step().await?);
    Ok(items)
}

#[graceful_degradation("svc", fallback = keep_none)]
async fn fails(count: u32) -> Result<Vec<u32>, Fault> {
    drop(vec![count]);
    Err(Fault::Down)
}

#[tokio::test(start_paused = true)]
async fn the_body_may_consume_its_arguments() {
    testing::isolated(async {
        let parcel = || Parcel(vec![1, 2]);
        assert_eq!(consumes(parcel(), &Script::new([Answer(3)])).await, Ok(vec![1, 2, 3]));
        assert_eq!(consumes(parcel(), &Script::new([Fail(Fault::Down)])).await, Ok(vec![]));
        assert_eq!(fails(3).await, Ok(vec![]));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn time_limits_and_breaker_are_off_unless_they_are_written() {
    testing::isolated(async {
        let start = Instant::now();
        assert_eq!(once(&Script::new([slow(86_400_000, Answer(1))])).await, Ok(1));
        assert!(start.elapsed() >= secs(86_400));
        for _ in 0..100 {
            assert_eq!(once(&Script::new([Fail(Fault::Down)])).await, Ok(9));
        }
        let script = Script::new([Answer(2)]);
        assert_eq!(once(&script).await, Ok(2), "a hundred failures opened nothing");
        service().force_open();
        assert_eq!(once(&script).await, Ok(2), "it does not ask the breaker at all");
    })
    .await;
}

// Inline settings of a service apply to all its sites, so this site and the next have services of their own.
#[graceful_degradation(
    "guarded",
    attempt_timeout = "1s",
    breaker(consecutive_failures = 2),
    static_response = 9
)]
async fn guarded(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn what_is_written_is_on() {
    testing::isolated(async {
        let start = Instant::now();
        assert_eq!(guarded(&Script::new([Hang])).await, Ok(9));
        assert!((secs(1)..=ms(1_001)).contains(&start.elapsed()), "{:?}", start.elapsed());
        assert_eq!(guarded(&Script::new([Fail(Fault::Down)])).await, Ok(9));
        let script = Script::new([Answer(1)]);
        assert_eq!(guarded(&script).await, Ok(9));
        assert_eq!(script.asked(), [], "two failures have opened the breaker");
        assert_eq!(registry().service("guarded").unwrap().stats().rejections(RejectionKind::CircuitOpen), 1);
    })
    .await;
}

#[graceful_degradation("narrow", bulkhead(max_concurrent = 1, max_queue = 0))]
async fn narrow(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn limits_hold_for_it_too() {
    testing::isolated(async {
        let script = Script::new([slow(10, Answer(1))]);
        let (first, second) = tokio::join!(narrow(&script), narrow(&script));
        assert_eq!(first, Ok(1));
        assert_eq!(rejected(&second), Some(RejectionKind::BulkheadFull));
        assert_eq!(registry().service("narrow").unwrap().bulkhead_in_flight(), Some(0));
    })
    .await;
}

#[graceful_degradation("svc", idempotent = true, hedge(after = "50ms"), static_response = 9)]
async fn hedged(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn copies_are_no_retries() {
    testing::isolated(async {
        let script = Script::new([Fail(Fault::Down), Answer(1)]);
        assert_eq!(hedged(&script).await, Ok(9));
        assert_eq!(script.asked().len(), 1, "an attempt that fails at once is not made again");
        let script = Script::new([Hang, Answer(2)]);
        assert_eq!(hedged(&script).await, Ok(2));
        assert_eq!(script.asked(), [ms(0), ms(50)]);
    })
    .await;
}

#[graceful_degradation("svc", static_response = 9)]
#[comprehensive_retry("svc", max_attempts = 3, base_delay = 0)]
async fn stacked(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn stacked_with_retries_it_is_one_call_that_is_answered_after_them() {
    testing::isolated(async {
        let script = Script::new([Fail(Fault::Down)]);
        assert_eq!(answered_by(stacked(&script)).await, (Ok(9), Answered::Static));
        let stats = registry().service("svc").unwrap().stats();
        assert_eq!((script.asked().len(), stats.started(), stats.retries()), (3, 1, 2));
        let start = Instant::now();
        assert_eq!(stacked(&Script::new([Hang])).await, Ok(9));
        assert!(
            start.elapsed() <= secs(11),
            "the time limits of a retrying call are on: {:?}",
            start.elapsed()
        );
    })
    .await;
}
