//! Wakers that panic when they are cloned, woken or dropped: the timers of other tasks are not affected.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};

use cooked_waker::{IntoWaker, Wake, WakeRef};

use super::{Rig, Task, ms, timers};

/// Which operations of a task's waker panic.
#[derive(Default)]
pub(super) struct Fault {
    pub(super) panics_when_cloned: AtomicBool,
    panics_when_woken: AtomicBool,
    pub(super) panics_when_dropped: AtomicBool,
    clones: AtomicUsize,
}

struct Foreign(Arc<Fault>);

impl Clone for Foreign {
    fn clone(&self) -> Self {
        assert!(!self.0.panics_when_cloned.load(Ordering::Relaxed), "the waker panics when it is cloned");
        self.0.clones.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(&self.0))
    }
}

impl WakeRef for Foreign {
    fn wake_by_ref(&self) {
        assert!(!self.0.panics_when_woken.load(Ordering::Relaxed), "the waker panics when it is woken");
    }
}

impl Wake for Foreign {}

impl Drop for Foreign {
    fn drop(&mut self) {
        if !thread::panicking() {
            assert!(
                !self.0.panics_when_dropped.load(Ordering::Relaxed),
                "the waker panics when it is dropped"
            );
        }
    }
}

pub(super) fn foreign() -> (Arc<Fault>, Waker) {
    let fault = Arc::new(Fault::default());
    (Arc::clone(&fault), Box::new(Foreign(fault)).into_waker())
}

pub(super) fn panics<T>(run: impl FnOnce() -> T) -> bool {
    catch_unwind(AssertUnwindSafe(run)).is_err()
}

/// Whether the task is woken within a second.
fn is_woken(task: &Task) -> bool {
    let limit = Instant::now() + Duration::from_secs(1);
    while task.woken() == 0 && Instant::now() < limit {
        thread::sleep(ms(1));
    }
    task.woken() > 0
}

/// Whether the timer of another task, which gets the entry that this thread has used last, wakes it.
fn the_next_is_woken(rig: Rig) -> bool {
    let (task, waker) = Task::new();
    let mut cx = Context::from_waker(&waker);
    let mut timer = rig.arm(rig.clock.now().plus(ms(5)), &mut cx);
    is_woken(&task) && timer.poll(&mut cx).is_ready()
}

#[test]
fn an_entry_is_not_lost_when_arming_panics() {
    let (rig, clock) = timers();
    let (fault, waker) = foreign();
    fault.panics_when_cloned.store(true, Ordering::Relaxed);
    for _ in 0..1_000 {
        assert!(panics(|| rig.arm(clock.now().plus(ms(5)), &mut Context::from_waker(&waker))));
    }
    assert_eq!(rig.made(), 32, "one entry is enough for a task at a time");
    assert!(the_next_is_woken(rig));
}

#[test]
fn an_entry_works_for_others_after_a_poll_has_panicked() {
    let (rig, clock) = timers();
    let (_, quiet) = foreign();
    let (fault, waker) = foreign();
    let mut timer = rig.arm(clock.now().plus(Duration::from_mins(1)), &mut Context::from_waker(&quiet));
    fault.panics_when_cloned.store(true, Ordering::Relaxed);
    for _ in 0..3 {
        assert!(panics(|| timer.poll(&mut Context::from_waker(&waker))));
    }
    drop(timer);
    assert!(the_next_is_woken(rig));
}

#[test]
fn a_timer_goes_on_after_a_poll_has_panicked() {
    let (rig, clock) = timers();
    let (fault, waker) = foreign();
    let mut timer = rig.arm(clock.now().plus(ms(30)), &mut Context::from_waker(Waker::noop()));
    fault.panics_when_cloned.store(true, Ordering::Relaxed);
    assert!(panics(|| timer.poll(&mut Context::from_waker(&waker))));
    let (task, waker) = Task::new();
    let mut cx = Context::from_waker(&waker);
    if timer.poll(&mut cx) == Poll::Pending {
        assert!(is_woken(&task));
        assert!(timer.poll(&mut cx).is_ready());
    }
}

#[test]
fn the_waker_of_the_task_before_may_panic_when_it_is_dropped() {
    let (rig, clock) = timers();
    let (fault, former) = foreign();
    let mut timer = rig.arm(clock.now().plus(Duration::from_mins(1)), &mut Context::from_waker(&former));
    fault.panics_when_dropped.store(true, Ordering::Relaxed);
    let (_, latter) = Task::new();
    // The timer is polled by another task, and its entry armed by yet another: both release the former waker.
    assert!(timer.poll(&mut Context::from_waker(&latter)).is_pending());
    fault.panics_when_dropped.store(false, Ordering::Relaxed);
    assert!(timer.poll(&mut Context::from_waker(&former)).is_pending());
    drop(timer);
    fault.panics_when_dropped.store(true, Ordering::Relaxed);
    assert!(the_next_is_woken(rig));
    assert_eq!(rig.made(), 32);
    fault.panics_when_dropped.store(false, Ordering::Relaxed);
}

#[test]
fn a_waker_that_panics_when_it_is_woken_leaves_an_entry_that_works() {
    let (rig, clock) = timers();
    let (fault, waker) = foreign();
    fault.panics_when_woken.store(true, Ordering::Relaxed);
    let timer = rig.arm(clock.now(), &mut Context::from_waker(&waker));
    thread::sleep(ms(20));
    drop(timer);
    assert!(the_next_is_woken(rig));
}

#[test]
fn a_task_that_comes_again_has_its_waker_cloned_once() {
    let (rig, clock) = timers();
    let (fault, waker) = foreign();
    // This kind of waker never reports `will_wake` for its copy, so each poll clones it again.
    let mut cx = Context::from_waker(&waker);
    let mut timer = rig.arm(clock.now().plus(Duration::from_mins(1)), &mut cx);
    assert_eq!(fault.clones.load(Ordering::Relaxed), 1);
    let task = Arc::new(Task::default());
    let known = Waker::from(Arc::clone(&task));
    let mut cx = Context::from_waker(&known);
    for _ in 0..5 {
        assert!(timer.poll(&mut cx).is_pending());
        assert_eq!(Arc::strong_count(&task), 3, "ours, the waker, and its copy");
    }
    drop(timer);
    // The next timer of the task finds the copy that the last one left in the entry.
    let _timer = rig.arm(clock.now().plus(Duration::from_mins(1)), &mut cx);
    assert_eq!(Arc::strong_count(&task), 3);
}
