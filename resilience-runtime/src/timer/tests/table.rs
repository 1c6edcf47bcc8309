//! What the table promises beyond the timers themselves: it does not grow, keeps no task in memory, and its looks come
//! in time.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::task::{Context, Wake, Waker};
use std::thread;
use std::time::{Duration, Instant};

use super::super::{Armed, Timers};
use super::{Rig, Task, ms, timers};
use crate::clock::{Clock, Tick};

const FAR: Tick = Tick(1 << 60);

/// Waits for it, a second at most.
fn comes_true(condition: impl Fn() -> bool) -> bool {
    let limit = Instant::now() + Duration::from_secs(1);
    while !condition() && Instant::now() < limit {
        thread::sleep(ms(1));
    }
    condition()
}

fn arm_and_drop(timers: Rig) {
    drop(timers.arm(FAR, &mut Context::from_waker(Waker::noop())));
}

#[test]
fn an_earlier_deadline_is_noticed_while_the_sweep_sleeps_for_a_later_one() {
    let (timers, clock) = timers();
    let (late, later) = Task::new();
    let _late = timers.arm(clock.now().plus(Duration::from_mins(1)), &mut Context::from_waker(&later));
    thread::sleep(ms(50));
    let (task, waker) = Task::new();
    let mut cx = Context::from_waker(&waker);
    let mut timer = timers.arm(clock.now().plus(ms(20)), &mut cx);
    assert!(comes_true(|| task.woken() == 1));
    assert!(timer.poll(&mut cx).is_ready());
    assert_eq!(late.woken(), 0);
}

#[test]
fn timers_fire_again_after_a_time_with_none() {
    let (timers, clock) = timers();
    for _ in 0..3 {
        let (task, waker) = Task::new();
        let _timer = timers.arm(clock.now().plus(ms(5)), &mut Context::from_waker(&waker));
        assert!(comes_true(|| task.woken() == 1));
        thread::sleep(ms(20));
    }
}

#[test]
fn one_timer_after_the_other_needs_one_entry() {
    let (timers, _) = timers();
    arm_and_drop(timers);
    let made = timers.made();
    for _ in 0..10_000 {
        arm_and_drop(timers);
    }
    assert_eq!(timers.made(), made);
}

#[test]
fn as_many_timers_as_ever_were_armed_at_once_need_no_new_entries() {
    let (timers, _) = timers();
    let many = || -> Vec<Armed> {
        (0..1_000).map(|_| timers.arm(FAR, &mut Context::from_waker(Waker::noop()))).collect()
    };
    drop(many());
    let made = timers.made();
    assert!((1_000..1_100).contains(&made), "{made}");
    for _ in 0..10 {
        drop(many());
    }
    assert_eq!(timers.made(), made);
}

#[test]
fn entries_armed_on_one_thread_and_dropped_on_another_come_back() {
    let (timers, _) = timers();
    let (sender, receiver) = sync_channel::<Armed>(16);
    let dropper = thread::spawn(move || receiver.into_iter().for_each(drop));
    for _ in 0..20_000 {
        sender.send(timers.arm(FAR, &mut Context::from_waker(Waker::noop()))).expect("it is received");
    }
    drop(sender);
    dropper.join().expect("all are dropped");
    // The timers under way, and what each of the two threads may keep.
    assert!(timers.made() <= 192, "{}", timers.made());
}

#[test]
fn a_thread_that_ends_leaves_its_entries_to_others() {
    let (timers, _) = timers();
    for _ in 0..20 {
        thread::spawn(move || arm_and_drop(timers)).join().expect("it ends well");
    }
    assert_eq!(timers.made(), 32);
}

#[test]
fn timers_of_a_thread_in_teardown_work_and_come_back() {
    struct Last(Rig, Option<Armed>);
    impl Drop for Last {
        fn drop(&mut self) {
            self.1 = None;
            arm_and_drop(self.0);
        }
    }
    thread_local! {
        static KEPT: RefCell<Option<Last>> = const { RefCell::new(None) };
    }
    let (timers, _) = timers();
    let keep = move || KEPT.with_borrow_mut(|kept| *kept = Some(Last(timers, None)));
    let arm = move || {
        let armed = timers.arm(FAR, &mut Context::from_waker(Waker::noop()));
        KEPT.with_borrow_mut(|kept| kept.get_or_insert(Last(timers, None)).1 = Some(armed));
    };
    for _ in 0..40 {
        // The two thread-locals, the kept timer and the free list, may be torn down in either order.
        thread::spawn(move || {
            keep();
            arm();
        })
        .join()
        .expect("it ends well");
        thread::spawn(arm).join().expect("it ends well");
    }
    assert_eq!(timers.made(), 32);
}

#[test]
fn a_thread_that_serves_two_registries_mixes_nothing_up() {
    let ((one, _), (other, _)) = (timers(), timers());
    for _ in 0..100 {
        let first = one.arm(FAR, &mut Context::from_waker(Waker::noop()));
        let second = other.arm(FAR, &mut Context::from_waker(Waker::noop()));
        drop(first);
        drop(second);
    }
    assert_eq!((one.made(), other.made()), (32, 32));
}

#[test]
fn the_waker_of_a_task_that_is_gone_is_dropped() {
    let (timers, clock) = timers();
    let (task, waker) = Task::new();
    drop(timers.arm(clock.now().plus(ms(30)), &mut Context::from_waker(&waker)));
    drop(waker);
    assert!(Arc::strong_count(&task) > 1, "it is kept for the task to find it again");
    assert!(comes_true(|| Arc::strong_count(&task) == 1));
    assert_eq!(task.woken(), 0);
}

#[test]
fn a_waker_that_panics_stops_no_other_timer() {
    struct Panics;
    impl Wake for Panics {
        fn wake(self: Arc<Self>) {
            panic!("a waker of the test");
        }
    }
    let (timers, clock) = timers();
    let panics = Waker::from(Arc::new(Panics));
    let _panicking = timers.arm(clock.now().plus(ms(5)), &mut Context::from_waker(&panics));
    let (task, waker) = Task::new();
    let _timer = timers.arm(clock.now().plus(ms(20)), &mut Context::from_waker(&waker));
    assert!(comes_true(|| task.woken() == 1));
}

#[test]
fn a_waker_that_panics_when_it_is_dropped_stops_no_timer() {
    struct Panics;
    impl Wake for Panics {
        fn wake(self: Arc<Self>) {}
    }
    impl Drop for Panics {
        fn drop(&mut self) {
            panic!("a waker of the test that is dropped");
        }
    }
    let (timers, clock) = timers();
    let panics = Waker::from(Arc::new(Panics));
    drop(timers.arm(clock.now().plus(ms(50)), &mut Context::from_waker(&panics)));
    // Now the entry holds the last waker.
    drop(panics);
    thread::sleep(ms(60));
    let (task, waker) = Task::new();
    let _timer = timers.arm(clock.now().plus(ms(20)), &mut Context::from_waker(&waker));
    assert!(comes_true(|| task.woken() == 1));
}

#[test]
fn timers_go_off_in_time_though_the_counter_falls_back() {
    let (counter, hand) = quanta::Clock::mock();
    hand.increment(Duration::from_hours(1));
    let rig = Rig::of(Timers::new(), Clock::reading(counter));
    // Its thread sees the time before the fall.
    let (task, waker) = Task::new();
    let _first = rig.arm(rig.clock.now(), &mut Context::from_waker(&waker));
    assert!(comes_true(|| task.woken() == 1));
    let (task, waker) = Task::new();
    let _timer = rig.arm(rig.clock.now().plus(ms(100)), &mut Context::from_waker(&waker));
    thread::sleep(ms(20));
    hand.decrement(Duration::from_mins(59));
    assert!(comes_true(|| task.woken() == 1));
}
