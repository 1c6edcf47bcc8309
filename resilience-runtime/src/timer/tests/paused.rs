//! Timers of a clock that goes by tokio's: paused time drives them, and no thread.

use std::sync::Arc;

use tokio::time::{Instant, advance};

use super::*;
use crate::clock::Clock;
use crate::late_thread::LateThread;

/// Timers that would panic if they asked for a thread.
fn paused() -> Rig {
    let none = LateThread::with("resilience-none", |_, _| panic!("a thread has no part in it"));
    Rig::of(Timers::on(none), Clock::on_tokio())
}

#[tokio::test(start_paused = true)]
async fn a_timer_fires_when_its_moment_comes_by_tokio() {
    let timers = paused();
    let (real, started) = (std::time::Instant::now(), Instant::now());
    fired(&mut armed(timers, timers.clock.now().plus(Duration::from_hours(7))).await).await;
    assert_eq!(started.elapsed(), Duration::from_hours(7));
    assert!(real.elapsed() < Duration::from_mins(1));
}

#[tokio::test(start_paused = true)]
async fn a_timer_stands_still_as_long_as_time_does() {
    let timers = paused();
    let (task, waker) = Task::new();
    let mut cx = Context::from_waker(&waker);
    let mut timer = timers.arm(timers.clock.now().plus(ms(50)), &mut cx);
    std::thread::sleep(ms(60));
    tokio::task::yield_now().await;
    assert!(timer.poll(&mut cx).is_pending());
    advance(ms(51)).await;
    assert!(task.woken() > 0 && timer.poll(&mut cx).is_ready());
}

#[tokio::test(start_paused = true)]
async fn one_that_is_dropped_wakes_nobody_and_its_entry_serves_the_next() {
    let timers = paused();
    let (task, waker) = Task::new();
    for _ in 0..1_000 {
        drop(timers.arm(timers.clock.now().plus(ms(50)), &mut Context::from_waker(&waker)));
    }
    tokio::time::sleep(ms(100)).await;
    assert_eq!((task.woken(), Arc::strong_count(&task)), (0, 2));
    assert_eq!(timers.made(), crate::timer::pool::BATCH);
}

#[tokio::test(start_paused = true)]
async fn a_moment_that_has_passed_is_told_at_once() {
    let timers = paused();
    let (task, waker) = Task::new();
    let mut cx = Context::from_waker(&waker);
    let mut timer = timers.arm(Tick(0), &mut cx);
    assert!(task.woken() > 0 && timer.poll(&mut cx).is_ready());
}
