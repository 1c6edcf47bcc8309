//! Snapshots beside calls of many threads: what is counted only grows, and nothing is lost.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use resilience_runtime::monitor::snapshot::ServiceSnapshot;
use resilience_runtime::{Classify, Rejection, comprehensive_retry, monitor};

#[derive(Debug, thiserror::Error, Classify)]
enum Fault {
    #[error("down")]
    #[retry]
    Down,
    #[error("wrong")]
    #[never]
    Wrong,
    #[error(transparent)]
    #[transparent]
    Rejected(#[from] Rejection),
}

/// Fails at first with two calls of three, and for good with one of six.
#[comprehensive_retry(
    "monitor_writers",
    max_attempts = 2,
    base_delay = 0.0,
    circuit_breaker_enabled = false,
    retry_budget_enabled = false
)]
async fn call(number: u64, tries: &AtomicBool) -> Result<u64, Fault> {
    let is_again = tries.swap(true, Ordering::Relaxed);
    match number % 6 {
        0 => Err(Fault::Wrong),
        1..4 if !is_again => Err(Fault::Down),
        _ => Ok(number),
    }
}

/// All counters of a snapshot.
fn counters(service: &ServiceSnapshot) -> Vec<u64> {
    let mut counters: Vec<u64> = service.calls.outcomes().iter().map(|(_, count)| *count).collect();
    for (_, outcomes) in service.attempts.types() {
        counters.extend(outcomes.iter().map(|(_, count)| count));
    }
    counters.extend(service.attempts_needed);
    counters.extend(service.latency.buckets);
    counters.extend([service.latency.count, service.latency.total_us, service.cache_hits]);
    counters.extend(service.rejections.iter().chain(service.unretried.iter()).map(|(_, count)| count));
    for site in &service.sites {
        counters.extend(site.calls.outcomes().iter().map(|(_, count)| *count));
        counters.push(site.total_us);
    }
    counters
}

fn snapshot() -> ServiceSnapshot {
    monitor().service("monitor_writers").expect("its site names it")
}

#[test]
fn eight_writers_beside_a_reading_loop_and_no_counter_ever_falls() {
    const CALLS: u64 = 6_000;
    let done = AtomicBool::new(false);
    let monitoring = monitor().start();
    thread::scope(|scope| {
        let reading = scope.spawn(|| {
            let (mut before, mut rounds) = (counters(&snapshot()), 0);
            while !done.load(Ordering::Relaxed) {
                let now = counters(&snapshot());
                for (place, (before, now)) in before.iter().zip(&now).enumerate() {
                    assert!(before <= now, "counter {place} fell from {before} to {now}");
                }
                (before, rounds) = (now, rounds + 1);
            }
            rounds
        });
        let writers: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    let runtime =
                        tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
                    runtime.block_on(async {
                        for number in 0..CALLS {
                            let _ = call(number, &AtomicBool::new(false)).await;
                        }
                    });
                })
            })
            .collect();
        for writer in writers {
            writer.join().expect("it has called");
        }
        done.store(true, Ordering::Relaxed);
        assert!(reading.join().expect("no counter fell") > 10);
    });
    let service = snapshot();
    let calls = 8 * CALLS;
    assert_eq!((service.calls.success, service.calls.declined), (calls / 6 * 5, calls / 6));
    assert_eq!((service.calls.ended(), service.calls.in_flight), (calls, 0));
    assert_eq!(service.attempts_needed, [calls / 6 * 2, calls / 6 * 3, 0, 0, 0]);
    assert_eq!((service.latency.count, service.latency.buckets.iter().sum::<u64>()), (calls, calls));
    assert_eq!(service.sites.len(), 1);
    let (calls_of_site, attempts_failed) = (service.sites[0].calls.clone(), calls / 6 * 4);
    assert_eq!((calls_of_site.success, calls_of_site.declined), (calls / 6 * 5, calls / 6));
    let patterns = monitor().error_patterns("monitor_writers").expect("its site names it");
    assert_eq!(patterns.iter().map(|one| one.attempts).sum::<u64>(), attempts_failed);
    drop(monitoring);
}

#[test]
fn readings_go_on_without_the_runtime_that_made_the_first_call() {
    let monitoring = monitor().start();
    let since = || snapshot().windows.map(|windows| windows.since_us);
    let first = since().expect("it is watched from the start on");
    thread::sleep(Duration::from_millis(2_300));
    assert!(since().expect("and still is") >= first + 2_000_000);
    drop(monitoring);
}
