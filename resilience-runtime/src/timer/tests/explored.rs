//! Tasks and the sweep at one timer, and arming beside a look, in every interleaving (loom).

use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll, Waker};

use loom::thread;

use super::super::Timers;
use super::super::entry::{Entry, Visited};
use super::super::sweep::Sweep;
use super::{Rig, Task};
use crate::clock::{Clock, Tick};
use crate::late_thread::LateThread;
use crate::sync::explored::{Fault, Wrong, explore, finds};

const NOW: Tick = Tick(5);
const DUE: Tick = Tick(3);
const FAR: Tick = Tick(1 << 60);

fn arm(entry: &Entry, until: Tick, waker: &Waker) {
    // Ignored: these tests visit the entry whether it was asleep or not.
    let _ = entry.set(until);
    entry.arm(&mut Context::from_waker(waker));
}

fn poll(entry: &Entry, waker: &Waker) -> Poll<()> {
    entry.poll(&mut Context::from_waker(waker))
}

/// A task and a visit of the sweep come to an entry at the same moment.
fn beside_a_visit(entry: &Arc<Entry>, task: impl FnOnce(&Entry)) {
    let visited = {
        let entry = Arc::clone(entry);
        thread::spawn(move || entry.visit(NOW))
    };
    task(entry);
    visited.join().expect("it ends well");
}

/// The sweep goes on until it has fired: the task that polled last has been woken by then, polls, and learns of it.
fn fires(entry: &Entry, task: &Task, waker: &Waker) {
    for _ in 0..3 {
        if task.woken() > 0 && poll(entry, waker).is_ready() {
            return;
        }
        entry.visit(NOW);
    }
    panic!("nobody has woken it: {entry:?}");
}

fn a_task_arms_while_the_sweep_fires() {
    let entry = Arc::new(Entry::new());
    let (task, waker) = Task::new();
    beside_a_visit(&entry, |entry| arm(entry, DUE, &waker));
    fires(&entry, &task, &waker);
}

fn a_task_arms_while_the_sweep_clears() {
    let entry = Arc::new(Entry::new());
    let ((_, old), (task, waker)) = (Task::new(), Task::new());
    arm(&entry, FAR, &old);
    let _ = entry.cancel();
    beside_a_visit(&entry, |entry| arm(entry, DUE, &waker));
    fires(&entry, &task, &waker);
}

fn another_task_takes_a_timer_over_while_the_sweep_fires() {
    let entry = Arc::new(Entry::new());
    let ((_, old), (task, waker)) = (Task::new(), Task::new());
    arm(&entry, DUE, &old);
    let mut is_ready = false;
    beside_a_visit(&entry, |entry| is_ready = poll(entry, &waker).is_ready());
    if !is_ready {
        fires(&entry, &task, &waker);
    }
}

fn the_next_timer_does_not_fire_for_the_one_before() {
    let entry = Arc::new(Entry::new());
    let ((_, old), (_, waker)) = (Task::new(), Task::new());
    arm(&entry, DUE, &old);
    beside_a_visit(&entry, |entry| {
        let _ = entry.cancel();
        arm(entry, FAR, &waker);
    });
    assert!(poll(&entry, &waker).is_pending(), "it has fired early");
    assert_eq!(entry.visit(NOW), Visited::Armed(FAR));
}

#[test]
fn loom_no_wake_up_is_lost_between_a_task_and_the_sweep() {
    explore(a_task_arms_while_the_sweep_fires);
    explore(a_task_arms_while_the_sweep_clears);
    explore(another_task_takes_a_timer_over_while_the_sweep_fires);
    explore(the_next_timer_does_not_fire_for_the_one_before);
}

static CLOCK: LazyLock<Clock> = LazyLock::new(Clock::new);

/// Timers whose sweep the model runs by hand.
fn by_hand() -> (Rig, Sweep) {
    let thread = LateThread::with("by hand", |_, _| Ok(std::thread::current()));
    let timers: &'static Timers = Box::leak(Box::new(Timers::on(thread)));
    let rig = Rig { timers, clock: &CLOCK };
    (rig, timers.sweep(&CLOCK))
}

/// A task arms beside a look. Then the sweep looks when it says that it will.
fn beside_a_look(rig: Rig, mut sweep: Sweep) {
    let looks = thread::spawn(move || {
        sweep.look(NOW);
        sweep
    });
    let (task, waker) = Task::new();
    let mut timer = rig.arm(DUE, &mut Context::from_waker(&waker));
    let mut sweep = looks.join().expect("it ends well");
    for _ in 0..3 {
        if task.woken() > 0 && timer.poll(&mut Context::from_waker(&waker)).is_ready() {
            return;
        }
        let at = rig.timers.next_look().expect("a timer is armed, and the sweep sleeps for ever");
        assert!(at <= DUE, "the sweep comes late: {at:?}");
        sweep.look(NOW);
    }
    panic!("nobody has woken it");
}

/// An earlier timer has the sweep look.
fn a_timer_is_armed_beside_a_look() {
    let (rig, sweep) = by_hand();
    let _earlier = rig.arm(Tick(2), &mut Context::from_waker(Waker::noop()));
    beside_a_look(rig, sweep);
}

/// The look leaves a later timer.
fn a_timer_is_armed_beside_a_look_that_leaves_another() {
    let (rig, sweep) = by_hand();
    let _far = rig.arm(FAR, &mut Context::from_waker(Waker::noop()));
    beside_a_look(rig, sweep);
}

/// The look puts the entry to sleep that the task takes.
fn a_timer_is_armed_beside_a_look_that_puts_entries_to_sleep() {
    let (rig, mut sweep) = by_hand();
    drop(rig.arm(DUE, &mut Context::from_waker(Waker::noop())));
    sweep.look(Tick(1));
    beside_a_look(rig, sweep);
}

#[test]
fn loom_no_timer_is_missed_by_the_sweep() {
    explore(a_timer_is_armed_beside_a_look);
    explore(a_timer_is_armed_beside_a_look_that_leaves_another);
    explore(a_timer_is_armed_beside_a_look_that_puts_entries_to_sleep);
}

const ENTRY: &str = "timer/entry.rs";
const NEXT_LOOK: &str = "timer/next_look.rs";

#[test]
fn loom_finds_a_task_that_does_not_look_whether_it_has_fired() {
    let fault = [Fault::new(Wrong::Blind(DUE.0), ENTRY, "self.deadline.load(Ordering::Acquire) == FIRED")];
    finds(&fault, a_task_arms_while_the_sweep_fires);
    finds(&fault, another_task_takes_a_timer_over_while_the_sweep_fires);
}

#[test]
fn loom_finds_a_sweep_that_looks_and_marks_in_two_steps() {
    let fault = [Fault::new(Wrong::Torn, ENTRY, "self.deadline.compare_exchange(from, to")];
    finds(&fault, a_task_arms_while_the_sweep_clears);
    finds(&fault, the_next_timer_does_not_fire_for_the_one_before);
    finds(&fault, a_timer_is_armed_beside_a_look_that_puts_entries_to_sleep);
}

#[test]
fn loom_finds_an_arming_that_does_not_hear_of_sleep() {
    let fault = [Fault::new(Wrong::Torn, ENTRY, "Ordering::SeqCst) == ASLEEP")];
    finds(&fault, a_timer_is_armed_beside_a_look_that_puts_entries_to_sleep);
}

#[test]
fn loom_finds_an_arming_that_is_not_ordered_with_the_look() {
    let [stores, looks] = ["Ordering::SeqCst) == ASLEEP", "deadline.0 < self.0.load(Ordering::SeqCst)"];
    let side = [Fault::new(Wrong::Weak, ENTRY, stores), Fault::new(Wrong::Weak, NEXT_LOOK, looks)];
    finds(&side, a_timer_is_armed_beside_a_look);
}

#[test]
fn loom_finds_a_look_that_is_not_ordered_with_the_arming() {
    let [begins, visits] = ["self.0.store(NEVER, Ordering::SeqCst)", "self.deadline.load(Ordering::SeqCst)"];
    let side = [Fault::new(Wrong::Weak, NEXT_LOOK, begins), Fault::new(Wrong::Weak, ENTRY, visits)];
    finds(&side, a_timer_is_armed_beside_a_look);
}

#[test]
fn loom_finds_a_next_look_that_is_lowered_in_two_steps() {
    let fault = [Fault::new(Wrong::Torn, NEXT_LOOK, "self.0.fetch_min(")];
    finds(&fault, a_timer_is_armed_beside_a_look_that_leaves_another);
}
