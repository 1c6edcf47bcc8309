//! Many threads at once: no permit is lost, and no waiter is forgotten.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rand::RngExt as _;
use rand::rngs::SmallRng;
use resilience_settings::Priority;

use super::super::PermitRequest;
use super::super::enqueued::QueueFull;
use super::{Enqueued, Rig, acquired, of};
use crate::clock::Tick;

const ALL: [Priority; 4] = [Priority::Low, Priority::Normal, Priority::High, Priority::Critical];

fn chance(seed: u64) -> SmallRng {
    rand::SeedableRng::seed_from_u64(seed)
}

#[test]
fn eight_threads_on_the_fast_path_never_run_more_than_the_limit() {
    let (bulkhead, settings) = (Rig::default(), of(3, 0));
    let (inside, most, runs) = (AtomicU32::new(0), AtomicU32::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..30_000 {
                    if let Some(permit) = bulkhead.try_acquire(&settings) {
                        most.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        runs.fetch_add(1, Ordering::Relaxed);
                        if runs.load(Ordering::Relaxed).is_multiple_of(64) {
                            thread::yield_now();
                        }
                        inside.fetch_sub(1, Ordering::SeqCst);
                        bulkhead.release(permit, Some(&settings));
                    }
                }
            });
        }
    });
    assert!(most.into_inner() <= 3);
    assert!(runs.into_inner() > 1_000);
    assert_eq!((bulkhead.in_flight(), bulkhead.queue_depth()), (0, 0));
}

/// Tasks that arrive, wait, give up, run and leave, on four workers. A lost wake-up is a task that never ends.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_wake_up_is_lost_and_no_permit_leaks_under_drops() {
    let bulkhead: &'static Rig = Box::leak(Box::default());
    let settings: &'static _ = Box::leak(Box::new(of(3, 1_000)));
    let inside = Arc::new(AtomicU32::new(0));
    let tasks: Vec<_> = (0..64_u64)
        .map(|task| {
            let inside = Arc::clone(&inside);
            tokio::spawn(async move {
                let mut chance = chance(task);
                let mut runs = 0;
                for round in 0..400 {
                    let permit = if let Some(permit) = bulkhead.try_acquire(settings) {
                        permit
                    } else {
                        let priority = ALL[chance.random_range(0..4)];
                        let entered = bulkhead.enqueue(priority, Tick(round), settings).unwrap();
                        if chance.random_bool(0.3) {
                            // Gives up at a random moment, perhaps just as the permit is granted.
                            tokio::select! {
                                biased;
                                () = tokio::task::yield_now() => continue,
                                permit = acquired(entered) => permit.expect("there is room for all"),
                            }
                        } else {
                            acquired(entered).await.expect("there is room for all")
                        }
                    };
                    assert!(inside.fetch_add(1, Ordering::SeqCst) < 3);
                    runs += 1;
                    if chance.random_bool(0.5) {
                        tokio::task::yield_now().await;
                    }
                    inside.fetch_sub(1, Ordering::SeqCst);
                    bulkhead.release(permit, Some(settings));
                }
                runs
            })
        })
        .collect();
    let mut runs = 0;
    for task in tasks {
        let ended = tokio::time::timeout(Duration::from_mins(1), task).await;
        runs += ended.expect("a waiter was never woken").unwrap();
    }
    assert!(runs > 64 * 400 / 2);
    assert_eq!((bulkhead.in_flight(), bulkhead.queue_depth()), (0, 0));
}

/// The same while another thread reloads, so that settings from before and after a reload mix.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn reloads_under_load_strand_nobody_and_lose_no_permit() {
    let bulkhead: &'static Rig = Box::leak(Box::default());
    let choices: &'static [_; 3] = Box::leak(Box::new([Some(of(1, 1_000)), Some(of(6, 1_000)), None]));
    let (current, over) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let reloads = {
        let (current, over) = (Arc::clone(&current), Arc::clone(&over));
        thread::spawn(move || {
            for choice in (0..3).cycle() {
                current.store(choice, Ordering::SeqCst);
                bulkhead.reshape(choices[choice].as_ref());
                if over.load(Ordering::SeqCst) {
                    break;
                }
                thread::sleep(Duration::from_micros(200));
            }
        })
    };
    let tasks: Vec<_> = (0..32_u64)
        .map(|task| {
            let current = Arc::clone(&current);
            tokio::spawn(async move {
                let mut chance = chance(task);
                for round in 0..400 {
                    let Some(settings) = &choices[current.load(Ordering::SeqCst)] else {
                        tokio::task::yield_now().await;
                        continue;
                    };
                    let permit = if let Some(permit) = bulkhead.try_acquire(settings) {
                        permit
                    } else {
                        let priority = ALL[chance.random_range(0..4)];
                        let entered = bulkhead.enqueue(priority, Tick(round), settings).unwrap();
                        acquired(entered).await.expect("there is room for all")
                    };
                    tokio::task::yield_now().await;
                    bulkhead.release(permit, choices[current.load(Ordering::SeqCst)].as_ref());
                }
            })
        })
        .collect();
    for task in tasks {
        let ended = tokio::time::timeout(Duration::from_mins(1), task).await;
        ended.expect("a waiter was never woken").unwrap();
    }
    over.store(true, Ordering::SeqCst);
    reloads.join().unwrap();
    assert_eq!((bulkhead.in_flight(), bulkhead.queue_depth()), (0, 0));
}

/// Tasks that poll late after they were woken, or never, while those behind them check for themselves. A second is a
/// millisecond here, so that a permit is late after a tenth of one.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn permits_that_are_offered_to_several_are_taken_once_and_none_is_lost() {
    let bulkhead: &'static Rig = Box::leak(Box::default());
    let settings: &'static _ = Box::leak(Box::new(of(3, 1_000)));
    let (inside, late) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicUsize::new(0)));
    let start = Instant::now();
    let now = move || Tick(u64::try_from(start.elapsed().as_nanos()).unwrap() * 1_000);
    let tasks: Vec<_> = (0..48_u64)
        .map(|task| {
            let (inside, late) = (Arc::clone(&inside), Arc::clone(&late));
            tokio::spawn(async move {
                let mut chance = chance(task);
                for _ in 0..60 {
                    let permit = if let Some(permit) = bulkhead.try_acquire(settings) {
                        permit
                    } else {
                        let (priority, now_is) = (ALL[chance.random_range(0..4)], now());
                        let request =
                            PermitRequest { priority, now: now_is, call: now_is, deadline: Tick::MAX };
                        let mut waiter = match bulkhead.ask(request, settings) {
                            Ok(Enqueued::Queued(waiter)) => waiter,
                            Ok(Enqueued::Acquired(permit)) => {
                                bulkhead.release_after(permit, None, now(), Some(settings));
                                continue;
                            }
                            Err(QueueFull) => panic!("there is room for all"),
                        };
                        let mut asks = poll_fn(|cx| waiter.poll_granted(cx, now(), false));
                        let hangs = Duration::from_micros(chance.random_range(0..3_000));
                        let mut polled = None;
                        while polled.is_none() {
                            if chance.random_bool(0.3) {
                                tokio::time::sleep(hangs).await;
                                late.fetch_add(1, Ordering::Relaxed);
                            }
                            polled = tokio::time::timeout(Duration::from_millis(1), &mut asks).await.ok();
                            if polled.is_none() && chance.random_bool(0.05) {
                                break;
                            }
                        }
                        drop(asks);
                        match polled {
                            Some(granted) => granted.expect("it is not turned away").permit,
                            None => continue,
                        }
                    };
                    assert!(inside.fetch_add(1, Ordering::SeqCst) < 3);
                    if chance.random_bool(0.5) {
                        tokio::time::sleep(Duration::from_micros(200)).await;
                    }
                    inside.fetch_sub(1, Ordering::SeqCst);
                    bulkhead.release_after(permit, None, now(), Some(settings));
                }
            })
        })
        .collect();
    for task in tasks {
        let ended = tokio::time::timeout(Duration::from_mins(1), task).await;
        ended.expect("a waiter was never woken").unwrap();
    }
    assert!(late.load(Ordering::Relaxed) > 100);
    assert_eq!((bulkhead.in_flight(), bulkhead.queue_depth()), (0, 0));
}
