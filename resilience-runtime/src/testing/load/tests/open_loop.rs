//! What an open loop sees, and what becomes of calls that do not end well.

use std::convert::Infallible;
use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until};

use crate::testing::load;
use crate::testing::load::Schedule;

const MS: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);

/// A server that answers in 2 ms, but nothing from 4 s to 5 s after its begin.
async fn stalling(began: Instant) {
    sleep(2 * MS).await;
    let since = began.elapsed();
    if since >= 4 * SECOND && since < 5 * SECOND {
        sleep_until(began + 5 * SECOND).await;
    }
}

/// Coordinated omission: a client that waits for its answer sends nothing during the stall, and calls it one slow call.
#[tokio::test(start_paused = true)]
async fn a_stall_of_a_second_shows_in_the_p99_of_an_open_loop_and_not_of_a_closed_one() {
    let began = Instant::now();
    let mut closed = Vec::new();
    while began.elapsed() < 10 * SECOND {
        let sent = Instant::now();
        stalling(began).await;
        closed.push(sent.elapsed());
        sleep_until(sent + 10 * MS).await;
    }
    closed.sort_unstable();
    assert!(closed.len() > 850, "{}", closed.len());
    assert_eq!(closed[closed.len() * 99 / 100], 2 * MS, "all but one call are fast");

    let began = Instant::now();
    let report = load(move || async move {
        stalling(began).await;
        Ok::<_, Infallible>(())
    })
    .schedule(Schedule::constant(100.0, 10 * SECOND))
    .run()
    .await
    .unwrap();
    assert_eq!((report.ok(), report.success()), (1_000, 1.0), "{report}");
    let [half, p95, p99] = [50.0, 95.0, 99.0].map(|percent| report.percentile(percent).unwrap());
    assert!(half.abs_diff(2 * MS) < MS, "{half:?}");
    // A hundred calls were meant to start in that second, and wait half of it on average.
    assert!(p95 > 400 * MS && p95 < 600 * MS, "{p95:?}");
    assert!(p99 > 850 * MS && p99 < SECOND, "{p99:?}");
    assert_eq!(report.lateness(100.0), Duration::ZERO, "the stall is no delay of the generator");
}

#[tokio::test(start_paused = true)]
async fn calls_that_the_limit_keeps_are_counted_and_leave_no_percentile_that_hides_them() {
    let report = load(|| async {
        sleep(SECOND).await;
        Ok::<_, Infallible>(())
    })
    .schedule(Schedule::constant(100.0, SECOND))
    .max_in_flight(60)
    .threshold("p99 < 10 s")
    .threshold("success >= 60 %")
    .run()
    .await
    .unwrap();
    assert_eq!((report.ok(), report.not_started(), report.most_in_flight()), (60, 40, 60));
    assert!((report.success() - 0.6).abs() < 1e-9);
    assert!(report.percentile(50.0).is_some(), "half of all calls took no longer than that");
    assert_eq!([60.0, 61.0, 99.0].map(|percent| report.percentile(percent).is_some()), [true, false, false]);
    assert_eq!((report.max(), report.mean()), (None, None));
    assert_eq!(report.thresholds()[0].is_met(), Some(false), "{report}");
    assert_eq!(report.thresholds()[1].is_met(), Some(true), "{report}");
    assert!(report.to_string().contains("40 %  60 were in flight"), "{report}");
}

/// Counts itself while it is not dropped.
struct Alive(Arc<AtomicU64>);

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[tokio::test(start_paused = true)]
async fn calls_that_never_end_are_dropped_and_counted() {
    let alive = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&alive);
    let began = Instant::now();
    let report = load(move || {
        count.fetch_add(1, Ordering::Relaxed);
        let alive = Alive(Arc::clone(&count));
        async move {
            let _alive = alive;
            pending::<Result<(), Infallible>>().await
        }
    })
    .schedule(Schedule::constant(10.0, SECOND))
    .drain(3 * SECOND)
    .run()
    .await
    .unwrap();
    assert_eq!((report.unfinished(), report.ok(), report.percentile(1.0)), (10, 0, None));
    assert!(began.elapsed() < 5 * SECOND, "{:?}", began.elapsed());
    tokio::task::yield_now().await;
    assert_eq!(alive.load(Ordering::Relaxed), 0);
}

#[tokio::test(start_paused = true)]
async fn whoever_drops_the_load_drops_its_calls() {
    let started = Arc::new(AtomicU64::new(0));
    let ended = Arc::new(AtomicU64::new(0));
    let counts = (Arc::clone(&started), Arc::clone(&ended));
    let load = load(move || {
        let (started, ended) = counts.clone();
        async move {
            started.fetch_add(1, Ordering::Relaxed);
            sleep(SECOND).await;
            ended.fetch_add(1, Ordering::Relaxed);
            Ok::<_, Infallible>(())
        }
    })
    .schedule(Schedule::constant(10.0, 10 * SECOND));
    assert!(tokio::time::timeout(500 * MS, load.run()).await.is_err());
    let so_far = started.load(Ordering::Relaxed);
    assert!(so_far >= 5, "{so_far}");
    sleep(20 * SECOND).await;
    assert_eq!((started.load(Ordering::Relaxed), ended.load(Ordering::Relaxed)), (so_far, 0));
}

#[tokio::test(start_paused = true)]
async fn errors_are_counted_by_class_and_panics_apart() {
    let number = AtomicU64::new(0);
    let report = load(move || {
        let number = number.fetch_add(1, Ordering::Relaxed);
        async move {
            match number % 4 {
                0 => Ok(()),
                1 => Err(503),
                2 => Err(404),
                _ => panic!("one of four calls of this test panics"),
            }
        }
    })
    .schedule(Schedule::constant(40.0, SECOND))
    .classes(|status: &u16| format!("status {status}"))
    .run()
    .await
    .unwrap();
    assert_eq!((report.ok(), report.failed(), report.panicked(), report.unfinished()), (10, 20, 10, 0));
    assert_eq!(report.classes().collect::<Vec<_>>(), [("status 404", 10), ("status 503", 10)]);
    assert_eq!(report.percentile(100.0), report.max(), "what panicked has ended too");
}

#[tokio::test(start_paused = true)]
async fn progress_is_told_while_it_runs() {
    let (told, seen) = std::sync::mpsc::channel();
    let load = load(|| async { Ok::<_, Infallible>(()) })
        .schedule(Schedule::constant(10.0, 2 * SECOND))
        .on_progress(move |progress| told.send(*progress).unwrap());
    load.run().await.unwrap();
    let seen: Vec<_> = seen.iter().collect();
    assert!((8..=10).contains(&seen.len()), "{}", seen.len());
    assert!(seen.is_sorted_by_key(|progress| progress.ended));
    let shown = seen[4].to_string();
    assert!(shown.starts_with("1.0s of 2.0s  1") && shown.contains(" of 20 ended  1"), "{shown}");
}
