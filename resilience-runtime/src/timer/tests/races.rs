//! One entry between its task and a sweep that never pauses: every window of a few instructions in which a wake-up
//! could get lost is hit many times. The task polls only when it was woken.

use std::hint::spin_loop;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Wake, Waker};
use std::thread;
use std::time::{Duration, Instant};

use super::super::entry::Entry;
use crate::clock::Tick;

/// Arms the entry. Whether it was asleep does not matter: the test visits it in any case.
fn arm(entry: &Entry, until: Tick, cx: &mut Context<'_>) {
    let _ = entry.set(until);
    entry.arm(cx);
}

const NOW: Tick = Tick(5);
const DUE: Tick = Tick(1);
const FAR: Tick = Tick(1 << 60);

#[derive(Default)]
struct Turn(AtomicBool);

impl Wake for Turn {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Release);
    }
}

fn task() -> (Arc<Turn>, Waker) {
    let turn = Arc::new(Turn::default());
    (turn.clone(), Waker::from(turn))
}

/// Polls whenever the task is woken; false if the wait takes too long.
fn ends(entry: &Entry, turn: &Turn, waker: &Waker) -> bool {
    let mut cx = Context::from_waker(waker);
    let mut since = None;
    for round in 0_u64.. {
        if turn.0.swap(false, Ordering::AcqRel) && entry.poll(&mut cx).is_ready() {
            return true;
        }
        if round % 1024 == 1023 {
            thread::yield_now();
            if since.get_or_insert_with(Instant::now).elapsed() > Duration::from_millis(400) {
                return false;
            }
        }
        spin_loop();
    }
    false
}

/// Runs `once` over and over, beside a sweep without pauses.
fn beside_a_sweep(entry: &Entry, once: impl Fn(u32)) {
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                entry.visit(NOW);
            }
        });
        let end = Instant::now() + Duration::from_millis(400);
        // Also when this thread panics: otherwise the scope would wait for the sweep for ever.
        let _end = Ends(&is_over);
        let mut round = 0_u32;
        while !round.is_multiple_of(64) || Instant::now() < end {
            once(round);
            assert!(!entry.cancel());
            round = round.wrapping_add(1);
        }
    });
}

struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A few instructions more each time, so that the two threads meet at every point.
fn stagger(round: u32) {
    for _ in 0..round % 61 {
        spin_loop();
    }
}

#[test]
fn a_task_that_arms_while_the_sweep_fires_is_woken() {
    let entry = Entry::new();
    let (turn, waker) = task();
    beside_a_sweep(&entry, |round| {
        turn.0.store(false, Ordering::Relaxed);
        stagger(round);
        arm(&entry, DUE, &mut Context::from_waker(&waker));
        assert!(ends(&entry, &turn, &waker), "round {round}");
    });
}

#[test]
fn a_task_that_arms_while_the_sweep_clears_the_entry_is_woken() {
    let entry = Entry::new();
    beside_a_sweep(&entry, |round| {
        let ((_, old), (turn, waker)) = (task(), task());
        arm(&entry, FAR, &mut Context::from_waker(&old));
        assert!(!entry.cancel());
        stagger(round);
        arm(&entry, DUE, &mut Context::from_waker(&waker));
        assert!(ends(&entry, &turn, &waker), "round {round}");
    });
}

#[test]
fn a_task_that_takes_a_timer_over_while_the_sweep_fires_is_woken_or_sees_it() {
    let entry = Entry::new();
    beside_a_sweep(&entry, |round| {
        let ((_, old), (turn, waker)) = (task(), task());
        arm(&entry, DUE, &mut Context::from_waker(&old));
        stagger(round);
        let is_over = entry.poll(&mut Context::from_waker(&waker)).is_ready();
        assert!(is_over || ends(&entry, &turn, &waker), "round {round}");
    });
}
