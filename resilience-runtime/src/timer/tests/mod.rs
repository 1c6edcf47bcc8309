//! What a timer promises on either clock; the sibling files test what only our own timers have.

#[cfg(resilience_loom)]
mod explored;
mod no_thread;
mod panics;
#[cfg(feature = "testing")]
mod paused;
mod races;
mod rig;
mod spike;
mod table;
mod threads;

use std::future::poll_fn;
use std::task::{Context, Poll};
use std::time::Duration;

use self::rig::{Rig, Task, timers};
use super::{Armed, Timers};
use crate::clock::Tick;

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

async fn armed(timers: Rig, until: Tick) -> Armed {
    poll_fn(|cx| Poll::Ready(timers.arm(until, cx))).await
}

async fn fired(timer: &mut Armed) {
    poll_fn(|cx| timer.poll(cx)).await;
}

#[tokio::test]
async fn a_timer_fires_not_before_its_moment_and_soon_after() {
    let (timers, clock) = timers();
    for wait in [ms(1), ms(30), ms(3), Duration::from_micros(100)] {
        let until = clock.now().plus(wait);
        fired(&mut armed(timers, until).await).await;
        let now = clock.now();
        assert!(now >= until, "{wait:?}: {:?} early", until.since(now));
        assert!(now.since(until) < ms(500), "{wait:?}: {:?} late", now.since(until));
    }
}

#[tokio::test]
async fn a_moment_that_has_passed_fires_at_once() {
    let (timers, clock) = timers();
    for until in [Tick(0), Tick(1), clock.now()] {
        let before = clock.now();
        fired(&mut armed(timers, until).await).await;
        assert!(clock.now().since(before) < ms(500));
    }
}

#[tokio::test]
async fn arming_is_enough_to_be_woken() {
    let (timers, clock) = timers();
    for wait in [0, 10] {
        let (task, waker) = Task::new();
        let mut cx = Context::from_waker(&waker);
        let mut timer = timers.arm(clock.now().plus(ms(wait)), &mut cx);
        let limit = clock.now().plus(ms(1000));
        while task.woken() == 0 && clock.now() < limit {
            tokio::time::sleep(ms(2)).await;
        }
        assert!(task.woken() > 0);
        assert!(timer.poll(&mut cx).is_ready());
    }
}

#[tokio::test]
async fn a_timer_that_was_dropped_wakes_nobody() {
    let (timers, clock) = timers();
    let (task, waker) = Task::new();
    let until = clock.now().plus(ms(20));
    drop(timers.arm(until, &mut Context::from_waker(&waker)));
    fired(&mut armed(timers, until.plus(ms(20))).await).await;
    assert_eq!(task.woken(), 0);
}

#[tokio::test]
async fn the_task_that_asked_last_is_woken() {
    let (timers, clock) = timers();
    let (former, old) = Task::new();
    let (latter, new) = Task::new();
    let until = clock.now().plus(ms(50));
    let mut timer = timers.arm(until, &mut Context::from_waker(&old));
    assert!(timer.poll(&mut Context::from_waker(&new)).is_pending());
    fired(&mut armed(timers, until.plus(ms(20))).await).await;
    assert_eq!((former.woken(), latter.woken()), (0, 1));
    assert!(timer.poll(&mut Context::from_waker(&new)).is_ready());
    assert!(timer.poll(&mut Context::from_waker(&new)).is_ready(), "and stays so");
}

#[test]
fn an_armed_timer_goes_wherever_its_future_goes() {
    fn travels<T: Send + Sync + Unpin>() {}
    travels::<Armed>();
    travels::<Timers>();
}

/// A body that uses up all that tokio lets a task do in one poll must not keep its timeout from firing.
#[tokio::test]
async fn a_task_that_has_used_up_its_turn_still_sees_the_timer() {
    let (timers, clock) = timers();
    let mut timer = armed(timers, clock.now().plus(ms(5))).await;
    std::thread::sleep(ms(50));
    tokio::time::sleep(ms(5)).await;
    let seen = poll_fn(|cx| {
        let (permits, mut turns) = (tokio::sync::Semaphore::new(1), 0);
        while std::pin::pin!(permits.acquire()).poll(cx).is_ready() && turns < 1_000 {
            turns += 1;
        }
        assert!(turns < 1_000, "the turn is used up");
        Poll::Ready(timer.poll(cx))
    });
    assert!(seen.await.is_ready());
}
