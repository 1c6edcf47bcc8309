//! The thread that refreshes the reading, and its users, in every interleaving (loom). Time is passed in.

use std::sync::Arc;

use loom::thread;

use super::*;
use crate::sync::explored::{Fault, Wrong, explore, finds};

const FILE: &str = "recent.rs";
/// Of the reading, which is then far too old.
const OLD: u64 = 2 << 30;
const NOW: u64 = 4 << 30;

/// A reading so often unused that the thread rests after one more.
fn tired() -> Arc<Recent> {
    let recent = Recent::new();
    recent.reading.store(OLD, Ordering::Relaxed);
    Arc::new(recent)
}

/// The thread takes one step, and two callers use the reading. Afterwards the thread rests only if the reading says so,
/// or a caller knows that it has to wake the thread.
fn goes_to_rest(one: fn(&Recent) -> bool, other: fn(&Recent) -> bool) {
    let recent = tired();
    let spawn = |run: Box<dyn FnOnce(&Recent) -> bool>| {
        let recent = Arc::clone(&recent);
        thread::spawn(move || run(&recent))
    };
    let turn = spawn(Box::new(|recent| recent.repeat(Tick(NOW), &mut (UNUSED_READINGS - 1))));
    let used = spawn(Box::new(one));
    let is_woken = other(&recent) | used.join().expect("it ends well");
    let rests = turn.join().expect("it ends well");
    let reading = recent.reading.load(Ordering::Relaxed);
    assert!(!rests || is_woken || reading == RESTS, "nobody repeats {reading}");
}

/// A use as by a call; whether the thread has to be woken.
fn gets(recent: &Recent) -> bool {
    let reading = recent.reading.load(Ordering::Relaxed);
    reading & USED == 0 && recent.mark(reading, Tick(NOW))
}

/// A report by a caller that has read the clock.
fn tells(recent: &Recent) -> bool {
    recent.is(Tick(NOW));
    false
}

fn it_goes_to_rest_while_a_call_asks_and_another_tells() {
    goes_to_rest(gets, tells);
}

fn it_goes_to_rest_while_two_calls_ask() {
    goes_to_rest(gets, gets);
}

fn time_does_not_run_back() {
    let recent = tired();
    let turn = {
        let recent = Arc::clone(&recent);
        // It read the clock a while ago.
        thread::spawn(move || recent.repeat(Tick(OLD + 2), &mut 0))
    };
    recent.is(Tick(NOW));
    let told = recent.reading.load(Ordering::Relaxed);
    turn.join().expect("it ends well");
    assert!(recent.reading.load(Ordering::Relaxed) >= told.max(OLD + 2), "it has been {told} before");
}

#[test]
fn loom_a_reading_that_nobody_repeats_is_not_used() {
    explore(it_goes_to_rest_while_a_call_asks_and_another_tells);
    explore(it_goes_to_rest_while_two_calls_ask);
}

#[test]
fn loom_time_does_not_run_back() {
    explore(time_does_not_run_back);
}

#[test]
fn loom_finds_a_correction_of_any_reading() {
    let fault = [Fault::new(Wrong::Careless, FILE, "let _ = self.reading.compare_exchange(reading, used")];
    finds(&fault, it_goes_to_rest_while_a_call_asks_and_another_tells);
}

#[test]
fn loom_finds_a_use_in_two_steps() {
    let fault = [Fault::new(Wrong::Torn, FILE, "let marked = self.reading.compare_exchange(reading, used")];
    finds(&fault, it_goes_to_rest_while_two_calls_ask);
}

#[test]
fn loom_finds_a_reading_that_is_repeated_in_two_steps() {
    let fault = [Fault::new(Wrong::Torn, FILE, "self.reading.fetch_max(")];
    finds(&fault, time_does_not_run_back);
}
