//! The rate limit under many threads: no slot is given twice, and no waiter is forgotten.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use resilience_runtime::{comprehensive_retry, registry};
use tokio::time::{sleep, timeout};

/// With a period this short, a timer is sometimes late.
const PER_SECOND: f64 = 500.0;

static STARTS: AtomicU32 = AtomicU32::new(0);

#[comprehensive_retry(
    "slots",
    max_attempts = 1,
    breaker = off,
    deadline = off,
    attempt_timeout = off,
    rate_limit(per_second = 500, burst = 1, max_wait = "1m")
)]
async fn limited(round: u64) -> Result<(), String> {
    STARTS.fetch_add(1, Ordering::Relaxed);
    if round.is_multiple_of(3) {
        sleep(Duration::from_micros(round % 700)).await;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn many_callers_that_come_and_give_up_leave_the_others_their_slots_and_no_more() {
    limited(1).await.unwrap();
    let began = Instant::now();
    let tasks = (0..64_u64).map(|task| {
        tokio::spawn(async move {
            for round in 0..30 {
                let mixed = (task * 7_919 + round * 104_729) % 1_009;
                if mixed % 3 == 0 {
                    assert_eq!(limited(mixed).await, Ok(()), "it has all the time that it needs");
                } else {
                    let _ = timeout(Duration::from_micros(mixed * 50), limited(mixed)).await;
                }
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        timeout(Duration::from_mins(1), task).await.expect("somebody waits for ever").unwrap();
    }
    let stats = registry().service("slots").unwrap().stats();
    assert_eq!((stats.in_flight(), stats.started()), (0, stats.ended()));
    let started = f64::from(STARTS.load(Ordering::Relaxed));
    let slots = PER_SECOND * began.elapsed().as_secs_f64();
    assert!(started > 600.0 && started <= 2.0 + slots + PER_SECOND * 0.002, "{started} of {slots}");
    sleep(Duration::from_millis(50)).await;
    assert!(timeout(Duration::from_secs(5), limited(1)).await.is_ok(), "nobody is in the way");
}
