//! Many timers at once, armed, cancelled and moved to other threads at random. Each thread polls a timer only when its
//! task was woken, as a runtime does, so a lost wake-up shows.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::task::{Context, Wake, Waker};
use std::thread;
use std::time::{Duration, Instant};

use super::super::Armed;
use super::{Rig, ms, timers};
use crate::clock::{Clock, Tick};
use resilience_settings::entropy::unit;

const THREADS: usize = 4;
const TIMERS: usize = 5_000;
const LIMIT: Duration = Duration::from_millis(1500);

/// Whether the task has to be polled.
struct Turn(AtomicBool);

impl Wake for Turn {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Release);
    }
}

/// A task that waits for a timer.
struct Waiting {
    until: Tick,
    turn: Arc<Turn>,
    timer: Armed,
}

impl Waiting {
    fn new(timers: Rig, until: Tick) -> Self {
        let turn = Arc::new(Turn(AtomicBool::new(false)));
        let waker = Waker::from(turn.clone());
        Self { until, timer: timers.arm(until, &mut Context::from_waker(&waker)), turn }
    }

    /// Another task takes over the timer.
    fn moved(self) -> Self {
        let turn = Arc::new(Turn(AtomicBool::new(false)));
        let waker = Waker::from(turn.clone());
        let Self { until, mut timer, .. } = self;
        if timer.poll(&mut Context::from_waker(&waker)).is_ready() {
            turn.0.store(true, Ordering::Release);
        }
        Self { until, turn, timer }
    }

    fn has_fired(&mut self, clock: &Clock) -> bool {
        if !self.turn.0.swap(false, Ordering::AcqRel) {
            return false;
        }
        let waker = Waker::from(self.turn.clone());
        let is_over = self.timer.poll(&mut Context::from_waker(&waker)).is_ready();
        assert!(!is_over || clock.now() >= self.until, "early");
        is_over
    }
}

/// The work of one thread; returns how many of its timers fired and how many it cancelled.
fn mill(
    timers: Rig,
    clock: &Clock,
    next: &Sender<Waiting>,
    from_others: &Receiver<Waiting>,
    fired: &AtomicUsize,
    cancelled: &AtomicUsize,
) {
    let end = Instant::now() + LIMIT;
    let mut waiting = VecDeque::new();
    let mut armed = 0;
    while fired.load(Ordering::Relaxed) + cancelled.load(Ordering::Relaxed) < THREADS * TIMERS {
        assert!(Instant::now() < end, "{} tasks were not woken", waiting.len());
        for _ in 0..100.min(TIMERS - armed) {
            armed += 1;
            let one = Waiting::new(timers, clock.now().plus(ms(200).mul_f64(unit())));
            match unit() {
                ..0.3 => {
                    drop(one);
                    cancelled.fetch_add(1, Ordering::Relaxed);
                }
                ..0.6 => next.send(one).expect("the others are at work until all is done"),
                _ => waiting.push_back(one),
            }
        }
        waiting.extend(from_others.try_iter().map(Waiting::moved));
        let before = waiting.len();
        waiting.retain_mut(|one: &mut Waiting| !one.has_fired(clock));
        fired.fetch_add(before - waiting.len(), Ordering::Relaxed);
        if unit() < 0.2 && waiting.pop_front().is_some() {
            cancelled.fetch_add(1, Ordering::Relaxed);
        }
        thread::yield_now();
    }
}

#[test]
fn of_many_timers_on_many_threads_all_fire_that_are_not_cancelled_and_none_early() {
    let (timers, clock) = timers();
    let (fired, cancelled) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let (senders, mut receivers): (Vec<_>, VecDeque<_>) = (0..THREADS).map(|_| channel()).unzip();
    // Each gives to the next one; a copy of every sender is kept here, so that the last ones can still give.
    receivers.rotate_left(1);
    thread::scope(|scope| {
        for (next, from_others) in senders.iter().zip(receivers) {
            let (fired, cancelled) = (&fired, &cancelled);
            scope.spawn(move || mill(timers, clock, next, &from_others, fired, cancelled));
        }
    });
    let all = fired.load(Ordering::Relaxed) + cancelled.load(Ordering::Relaxed);
    assert_eq!(all, THREADS * TIMERS);
    assert!(timers.made() <= THREADS * (TIMERS + 96), "{}", timers.made());
}

/// The sweep clears a free entry while its thread is arming it: the moment at which a waker could get lost.
#[test]
fn no_wake_up_is_lost_while_the_sweep_clears_what_is_free() {
    let (timers, clock) = timers();
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(move || {
                let end = Instant::now() + ms(500);
                while Instant::now() < end {
                    // A short life for most, so that the sweep always finds something to clear, and one to be woken.
                    for _ in 0..200 {
                        drop(Waiting::new(timers, clock.now()));
                    }
                    let mut one = Waiting::new(timers, clock.now().plus(ms(1)));
                    let limit = Instant::now() + ms(500);
                    while !one.has_fired(clock) {
                        assert!(Instant::now() < limit, "the task was not woken");
                        thread::yield_now();
                    }
                }
            });
        }
    });
}
