//! Many threads at once, on the real clock: no waiter is forgotten, and no more start than the limit allows.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use rand::RngExt as _;
use rand::rngs::SmallRng;
use resilience_settings::policy::RateSettings;
use tokio::time::{sleep, timeout};

use super::super::{Entry, RateLimit, SlotAnswer};
use super::of;
use crate::clock::Tick;
use crate::policy::Pace;

/// A call: enters, and waits for its slot with a timer.
async fn slot(limit: &'static RateLimit, settings: &RateSettings, began: Instant) -> bool {
    let now = || Tick(u64::try_from(began.elapsed().as_nanos()).unwrap());
    let pace = Pace::of(settings);
    let mut waiter = match limit.enter(pace, now(), Tick::MAX) {
        Ok(Entry::Slot(slot)) => {
            slot.consume();
            return true;
        }
        Ok(Entry::Queued(waiter)) => waiter,
        Err(_) => return false,
    };
    let mut timer = pin!(sleep(Duration::ZERO));
    poll_fn(|cx| {
        loop {
            let time = now();
            match waiter.ask(pace, time, cx) {
                SlotAnswer::Slot(slot) => {
                    slot.consume();
                    return Poll::Ready(true);
                }
                SlotAnswer::GaveUp(_) => return Poll::Ready(false),
                SlotAnswer::AskAt(at) => timer.set(sleep(at.since(time))),
            }
            if timer.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_call_is_lost_and_no_slot_is_given_twice_under_drops_and_reloads() {
    let limit: &'static RateLimit = Box::leak(Box::default());
    let choices: &'static [_; 2] =
        Box::leak(Box::new([of(20_000.0, 5, 99_000_000_000), of(5_000.0, 1, 99_000_000_000)]));
    let began = Instant::now();
    let tasks: Vec<_> = (0..32_u64)
        .map(|task| {
            tokio::spawn(async move {
                let mut chance: SmallRng = rand::SeedableRng::seed_from_u64(task);
                let mut starts = 0;
                for round in 0..150 {
                    if task == 0 {
                        let (old, new) = (&choices[round % 2], &choices[(round + 1) % 2]);
                        let now = Tick(u64::try_from(began.elapsed().as_nanos()).unwrap());
                        limit.reshape(Some(old), Some(new), now).wake();
                        tokio::task::yield_now().await;
                        continue;
                    }
                    let call = slot(limit, &choices[round % 2], began);
                    starts += if chance.random_bool(0.3) {
                        // Gives up at a random moment, perhaps just as its slot comes.
                        let time_left = Duration::from_micros(chance.random_range(0..3_000));
                        u64::from(timeout(time_left, call).await.unwrap_or(false))
                    } else {
                        assert!(call.await, "it has all the time that it needs");
                        1
                    };
                }
                starts
            })
        })
        .collect();
    let mut starts = 0;
    for task in tasks {
        let ended = timeout(Duration::from_mins(1), task).await;
        starts += ended.expect("a waiter was never woken").unwrap();
    }
    let most = 5.0 + 20_000.0 * (began.elapsed().as_secs_f64() + 0.002);
    assert!(
        starts >= 31 * 150 / 2 && f64::from(u32::try_from(starts).unwrap()) <= most,
        "{starts} of {most}"
    );
    assert!(limit.is_idle(Tick::MAX), "nobody waits any more");
}
