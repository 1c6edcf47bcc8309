//! Seats on their way between pockets, word and queue, in every order: scenes of two or three attempts.

use std::mem;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::Waker;

use loom::thread;

use super::super::{Entered, Seat};
use super::rig::Rig;
use super::{Bell, of, poll_with};
use crate::clock::Tick;
use crate::counting::shard::Slot;
use crate::policy::{Aside, BulkheadSettings};
use crate::priority::Priority;
use crate::sync::explored::{Fault, Wrong, explore, explore_within, finds};

/// One seat in each pocket, as long as fewer than all are taken.
fn aside(limit: u32) -> Aside {
    Aside { limit, plenty: limit, room: 1 }
}

/// A bulkhead, and how many are between having got a seat and having put it down.
struct Scene {
    rig: Rig,
    settings: BulkheadSettings,
    in_use: AtomicU32,
    /// One for each who comes, by slot.
    bells: [Arc<Bell>; 3],
    asleep: AtomicU32,
}

impl Scene {
    fn of(seats: u32) -> Arc<Self> {
        Arc::new(Self {
            rig: Rig::default(),
            settings: of(seats, 8),
            in_use: AtomicU32::new(0),
            bells: Default::default(),
            asleep: AtomicU32::new(0),
        })
    }

    fn seated(&self) {
        let before = self.in_use.fetch_add(1, Ordering::Relaxed);
        assert!(before < self.settings.max_concurrent, "more run at once than may");
    }

    fn take(&self, slot: usize) -> Option<Seat> {
        let seat = self.rig.try_acquire_on(Slot::nth(slot), &self.settings)?;
        self.seated();
        Some(seat)
    }

    fn release(&self, slot: usize, seat: Seat) {
        self.in_use.fetch_sub(1, Ordering::Relaxed);
        let aside = aside(self.settings.max_concurrent);
        self.rig.release_with(Slot::nth(slot), aside, seat, Some(&self.settings));
    }

    /// Leaves a seat in a pocket, though all may be taken.
    fn puts_aside(&self, slot: usize) {
        let seat = self.take(slot).expect("a seat is free");
        self.in_use.fetch_sub(1, Ordering::Relaxed);
        let aside = aside(self.settings.max_concurrent + 1);
        self.rig.release_with(Slot::nth(slot), aside, seat, Some(&self.settings));
    }

    /// Takes a seat, or waits for one, and keeps it.
    fn come(&self, slot: usize) {
        if self.take(slot).is_some() {
            return;
        }
        match self.rig.enqueue(Priority::Normal, Tick(0), &self.settings).expect("room to wait") {
            Entered::Seated(seat) => self.keep(seat),
            Entered::Waits(mut waiter) => {
                if let Some(seat) = poll_with(&mut waiter, &Waker::from(Arc::clone(&self.bells[slot]))) {
                    self.keep(seat);
                } else {
                    self.asleep.fetch_add(1, Ordering::Relaxed);
                    mem::forget(waiter);
                }
            }
        }
    }

    /// Takes a seat and gives it back, or does not wait for one.
    fn come_and_go(&self, slot: usize) {
        match self.take(slot) {
            Some(seat) => self.release(slot, seat),
            None => {
                match self.rig.enqueue(Priority::Normal, Tick(0), &self.settings).expect("room to wait") {
                    Entered::Seated(seat) => {
                        self.seated();
                        self.release(slot, seat);
                    }
                    Entered::Waits(waiter) => drop(waiter),
                }
            }
        }
    }

    /// One that is dropped is not given back.
    fn keep(&self, Seat { .. }: Seat) {
        self.seated();
    }

    /// When all threads are through.
    fn ends(&self) {
        let rung = self.bells.iter().map(|bell| u32::try_from(bell.rung()).expect("few")).sum::<u32>();
        (0..rung).for_each(|_| self.seated());
        let asleep = self.asleep.load(Ordering::Relaxed) - rung;
        let in_use = self.in_use.load(Ordering::Relaxed);
        assert!(asleep == 0 || in_use == self.settings.max_concurrent, "{asleep} sleep beside a free seat");
        assert_eq!((self.rig.queue_depth(), self.rig.in_flight()), (asleep, in_use));
    }
}

/// Runs both and this one at once, and looks at what is left.
fn together(
    scene: &Arc<Scene>,
    one: impl FnOnce(&Scene) + 'static,
    other: impl FnOnce(&Scene) + 'static,
    this: impl FnOnce(&Scene),
) {
    let spawn = |run: Box<dyn FnOnce(&Scene)>| {
        let scene = Arc::clone(scene);
        thread::spawn(move || run(&scene))
    };
    let threads = [spawn(Box::new(one)), spawn(Box::new(other))];
    this(scene);
    for thread in threads {
        thread.join().expect("it ends well");
    }
    scene.ends();
}

/// One gives its seat back while two come. No seat has been put aside.
fn a_seat_comes_back_while_two_come() {
    let scene = Scene::of(2);
    let seat = scene.take(0).expect("a seat is free");
    together(&scene, |scene| scene.come(1), |scene| scene.come(2), |scene| scene.release(0, seat));
}

/// The same where one seat lies in the pocket of somebody who has gone.
fn a_seat_comes_back_while_one_lies_aside() {
    let scene = Scene::of(2);
    let seat = scene.take(0).expect("a seat is free");
    scene.puts_aside(2);
    together(&scene, |scene| scene.come(1), |scene| scene.come(2), |scene| scene.release(0, seat));
}

/// The same into a pocket that is not made yet.
fn a_seat_comes_back_into_a_new_pocket() {
    let scene = Scene::of(2);
    let seat = scene.take(2).expect("a seat is free");
    together(&scene, |scene| scene.come(1), |scene| scene.come(2), |scene| scene.release(0, seat));
}

fn three_come_for_two_seats() {
    let scene = Scene::of(2);
    together(&scene, |scene| scene.come(1), |scene| scene.come(2), |scene| scene.come(0));
}

/// All seats are taken, one of them by nobody: its owner comes for it, and somebody who finds the word full.
fn a_seat_is_fetched_while_its_owner_comes() {
    let scene = Scene::of(2);
    let _kept = scene.take(2).expect("a seat is free");
    scene.puts_aside(0);
    together(&scene, |scene| scene.come(1), |_| {}, |scene| scene.come(0));
}

/// One who waits leaves, as a seat comes back that may have been meant for it. Another one waits on.
fn a_waiter_leaves_as_a_seat_comes_back() {
    let scene = Scene::of(1);
    let seat = scene.take(0).expect("a seat is free");
    together(&scene, |scene| scene.come(1), |scene| scene.come_and_go(2), |scene| scene.release(0, seat));
}

/// The limit changes as seats move.
fn a_reload_comes_between() {
    let scene = Scene::of(2);
    let seat = scene.take(0).expect("a seat is free");
    scene.puts_aside(2);
    together(
        &scene,
        |scene| scene.come(1),
        |scene| scene.rig.reshape(Some(&of(1, 8))),
        |scene| scene.release(0, seat),
    );
}

#[test]
fn loom_no_waiter_sleeps_beside_a_seat_that_comes_back() {
    explore(a_seat_comes_back_while_two_come);
    explore(a_seat_comes_back_into_a_new_pocket);
}

#[test]
fn loom_no_waiter_sleeps_beside_a_seat_in_a_pocket() {
    explore(a_seat_comes_back_while_one_lies_aside);
}

#[test]
fn loom_no_waiter_sleeps_beside_a_seat_of_one_who_left() {
    explore_within(2, a_waiter_leaves_as_a_seat_comes_back);
}

#[test]
fn loom_never_run_more_than_may() {
    explore(three_come_for_two_seats);
    explore(a_seat_is_fetched_while_its_owner_comes);
}

#[test]
fn loom_no_seat_is_lost_when_the_limit_changes() {
    explore(a_reload_comes_between);
}

const ASIDE: &str = "bulkhead/aside.rs";
const POCKET: &str = "bulkhead/pocket.rs";
const WORD: &str = "bulkhead/word.rs";

#[test]
fn loom_finds_a_release_without_its_second_look() {
    let fault = [Fault::new(Wrong::Blind(0), ASIDE, "load(Ordering::SeqCst) < plenty ||")];
    finds(&fault, a_seat_comes_back_while_two_come);
}

#[test]
fn loom_finds_pockets_that_are_said_to_be_empty_without_care() {
    let fault = [Fault::new(Wrong::Careless, ASIDE, "compare_exchange(MOVING, NONE")];
    finds(&fault, a_seat_comes_back_while_one_lies_aside);
}

#[test]
fn loom_finds_a_release_that_is_not_ordered_with_the_first_waiter() {
    let mut side = Fault::weak(
        ASIDE,
        &[
            "shared.pockets.load(Ordering::SeqCst) != SOME",
            "shared.pockets.store(SOME, Ordering::SeqCst)",
            "shared.word.load(Ordering::SeqCst) < plenty ||",
        ],
    );
    side.push(Fault::new(Wrong::Weak, POCKET, "self.0.fetch_add(1, Ordering::SeqCst)"));
    finds(&side, a_seat_comes_back_while_two_come);
}

#[test]
fn loom_finds_a_first_waiter_that_is_not_ordered_with_a_release() {
    let mut side = Fault::weak(
        ASIDE,
        &[
            "let pockets = self.shared.pockets.load(Ordering::SeqCst)",
            "let word = self.shared.word.load(Ordering::SeqCst)",
            "shared.pockets.load(Ordering::SeqCst) != NONE",
            "shared.pockets.store(MOVING, Ordering::SeqCst)",
            "fence(Ordering::SeqCst)",
        ],
    );
    side.push(Fault::new(Wrong::Weak, WORD, "self.word.compare_exchange_weak(old, new"));
    finds(&side, a_seat_comes_back_while_two_come);
}

#[test]
fn loom_finds_a_seat_that_is_taken_in_two_steps() {
    finds(
        &[Fault::new(Wrong::Torn, WORD, "self.word.compare_exchange_weak(old, new")],
        three_come_for_two_seats,
    );
    let taken = [Fault::new(Wrong::Torn, POCKET, ".compare_exchange_weak(seats, seats - 1")];
    finds(&taken, a_seat_is_fetched_while_its_owner_comes);
}
