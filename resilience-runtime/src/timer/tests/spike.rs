//! What remains of a spike: very many timers at once, then few for the rest of the day.

use std::sync::Arc;
use std::task::{Context, Waker};
use std::thread;

use super::super::sweep::Sweep;
use super::super::{Armed, Timers};
use super::{Rig, Task, ms, timers};
use crate::clock::{Clock, Tick};
use crate::late_thread::LateThread;
use resilience_settings::entropy::unit;

const SPIKE: usize = 200_000;
const FAR: Tick = Tick(1 << 60);

/// Timers whose sweep the test runs by hand.
fn by_hand() -> (Rig, Sweep) {
    let rig = Rig::of(Timers::on(LateThread::with("by hand", |_, _| Ok(thread::current()))), Clock::new());
    (rig, rig.timers.sweep(rig.clock))
}

fn arm(rig: Rig, count: usize, until: Tick, waker: &Waker) -> Vec<Armed> {
    (0..count).map(|_| rig.arm(until, &mut Context::from_waker(waker))).collect()
}

#[test]
fn after_a_spike_a_look_visits_no_more_than_what_is_in_use() {
    let (rig, mut sweep) = by_hand();
    for _ in 0..3 {
        drop(arm(rig, SPIKE, FAR, Waker::noop()));
        let now = rig.clock.now();
        assert!(sweep.look(now) >= SPIKE, "all of it may hold wakers");
        sweep.look(now);
        for _ in 0..5 {
            drop(arm(rig, 10, FAR, Waker::noop()));
            let visited = sweep.look(now);
            assert!(visited <= 200, "{visited}");
        }
    }
    assert!(rig.made() <= SPIKE + 100, "{}, and the next spike takes what the last one has left", rig.made());
}

#[test]
fn what_outlives_a_spike_is_visited_and_the_rest_is_not() {
    let (rig, mut sweep) = by_hand();
    let (task, waker) = Task::new();
    let mut timers = arm(rig, SPIKE, Tick(7), &waker);
    timers.retain(|_| unit() < 0.01);
    for _ in 0..2 {
        sweep.look(Tick(6));
    }
    let visited = sweep.look(Tick(6));
    assert_eq!((visited, task.woken()), (timers.len(), 0), "in all blocks, a few in each");
    sweep.look(Tick(7));
    assert_eq!(task.woken(), timers.len());
}

#[test]
fn every_timer_of_the_next_spike_goes_off() {
    let (rig, mut sweep) = by_hand();
    drop(arm(rig, SPIKE, FAR, Waker::noop()));
    for _ in 0..3 {
        sweep.look(Tick(6));
    }
    // On three threads that have no free entries, and on this one, which has some.
    let (task, waker) = Task::new();
    let others =
        [0, 1, 2].map(|_| waker.clone()).map(|waker| thread::spawn(move || arm(rig, 1_000, Tick(7), &waker)));
    let here = arm(rig, 1_000, Tick(7), &waker);
    let others = others.map(|other| other.join().expect("it arms"));
    sweep.look(Tick(7));
    assert_eq!(task.woken(), 4_000);
    drop((here, others));
    assert_eq!(Arc::strong_count(&task), 2, "ours and the waker: firing has used up the copies");
}

/// An entry is put to sleep, armed, and armed again before the sweep is told of either.
#[test]
fn an_entry_may_be_roused_and_put_to_sleep_over_and_over() {
    let (rig, mut sweep) = by_hand();
    let (task, waker) = Task::new();
    let mut cx = Context::from_waker(&waker);
    for round in 1..200 {
        // From never used (0) to long asleep (4).
        for _ in 0..round % 5 {
            sweep.look(Tick(6));
        }
        for _ in 0..round % 3 {
            drop(rig.arm(FAR, &mut cx));
        }
        let mut timer = rig.arm(Tick(7), &mut cx);
        sweep.look(Tick(7));
        assert_eq!(task.woken(), round);
        assert!(timer.poll(&mut cx).is_ready());
    }
}

#[test]
fn after_a_spike_timers_are_as_punctual_as_before() {
    let (rig, clock) = timers();
    let lateness = || {
        let (task, waker) = Task::new();
        let before = task.woken();
        let until = clock.now().plus(ms(5));
        let _timer = rig.arm(until, &mut Context::from_waker(&waker));
        while task.woken() == before {
            thread::sleep(ms(1) / 10);
        }
        clock.now().since(until)
    };
    drop(arm(rig, 2 * SPIKE, clock.now().plus(ms(1)), Waker::noop()));
    // Two looks, each as long as the spike was large.
    let recovers = (0..20).any(|_| {
        let mut late: Vec<_> = (0..9).map(|_| lateness()).collect();
        late.sort();
        late[4] < ms(5)
    });
    assert!(recovers);
}
