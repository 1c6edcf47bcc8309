//! Timers of a process that cannot start another thread: tokio timers stand in, and nothing panics.

use std::future::poll_fn;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use super::panics::{foreign, panics};
use super::{Rig, Task, Timers, armed, fired, ms};
use crate::clock::Clock;
use crate::late_thread::LateThread;

fn refuse(_: &'static str, _: Box<dyn FnOnce() + Send>) -> io::Result<Thread> {
    Err(io::ErrorKind::WouldBlock.into())
}

fn without_thread() -> Rig {
    Rig::of(Timers::on(LateThread::with("resilience-none", refuse)), Clock::new())
}

#[tokio::test]
async fn timers_go_off_in_time_without_a_thread() {
    let rig = without_thread();
    for wait in [ms(1), ms(30), ms(3), Duration::ZERO] {
        let until = rig.clock.now().plus(wait);
        let mut timer = armed(rig, until).await;
        fired(&mut timer).await;
        let now = rig.clock.now();
        assert!(now >= until, "{wait:?}: {:?} early", until.since(now));
        assert!(now.since(until) < ms(500), "{wait:?}: {:?} late", now.since(until));
        assert!(poll_fn(|cx| Poll::Ready(timer.poll(cx))).await.is_ready(), "and stays so");
    }
    assert_eq!(rig.made(), 32);
}

#[tokio::test]
async fn arming_is_enough_to_be_woken_and_dropping_to_be_left_alone_without_a_thread() {
    let rig = without_thread();
    let [(kept, waker), (dropped, other)] = [(); 2].map(|()| Task::new());
    let until = rig.clock.now().plus(ms(10));
    let mut timer = rig.arm(until, &mut Context::from_waker(&waker));
    drop(rig.arm(until, &mut Context::from_waker(&other)));
    drop(other);
    assert_eq!(Arc::strong_count(&dropped), 1, "nothing of its task is kept");
    tokio::time::sleep(ms(50)).await;
    assert_eq!((kept.woken() > 0, dropped.woken()), (true, 0));
    assert!(timer.poll(&mut Context::from_waker(&waker)).is_ready());
}

#[tokio::test]
async fn a_waker_that_panics_loses_no_timer_without_a_thread() {
    let rig = without_thread();
    let (fault, waker) = foreign();
    fault.panics_when_cloned.store(true, Ordering::Relaxed);
    let until = rig.clock.now().plus(ms(20));
    for _ in 0..100 {
        assert!(panics(|| rig.arm(until, &mut Context::from_waker(&waker))));
    }
    let mut timer = rig.arm(until, &mut Context::from_waker(Waker::noop()));
    assert!(panics(|| timer.poll(&mut Context::from_waker(&waker))));
    fired(&mut timer).await;
    assert!(rig.clock.now() >= until);
    // A panic of the waker's destructor does not reach the caller either.
    fault.panics_when_cloned.store(false, Ordering::Relaxed);
    let timer = rig.arm(rig.clock.now().plus(ms(20)), &mut Context::from_waker(&waker));
    fault.panics_when_dropped.store(true, Ordering::Relaxed);
    drop(timer);
    fault.panics_when_dropped.store(false, Ordering::Relaxed);
    assert_eq!(rig.made(), 32);
}

static HAS_THREADS: AtomicBool = AtomicBool::new(false);

#[tokio::test]
async fn once_there_is_a_thread_it_takes_over() {
    let rig = Rig::of(
        Timers::on(LateThread::with("resilience-late", |name, run| {
            if HAS_THREADS.load(Ordering::Relaxed) {
                return thread::Builder::new().name(name.to_owned()).spawn(run).map(|it| it.thread().clone());
            }
            refuse(name, run)
        })),
        Clock::new(),
    );
    let mut before = armed(rig, rig.clock.now().plus(ms(1500))).await;
    // Outside of a runtime, only the thread of the sweep can wake the task.
    let (task, waker) = Task::new();
    let outside = waker.clone();
    let outside =
        thread::spawn(move || rig.arm(rig.clock.now().plus(ms(10)), &mut Context::from_waker(&outside)));
    let mut outside = outside.join().expect("it does not panic");
    HAS_THREADS.store(true, Ordering::Relaxed);
    tokio::time::sleep(ms(1100)).await;
    fired(&mut armed(rig, rig.clock.now().plus(ms(5))).await).await;
    fired(&mut before).await;
    assert!(task.woken() > 0);
    assert!(outside.poll(&mut Context::from_waker(&waker)).is_ready());
}
