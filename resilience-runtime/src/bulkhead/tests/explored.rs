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
use crate::policy::{Aside, BulkheadSettings};
use crate::priority::Priority;
use crate::shard::Slot;
use crate::sync::explored::{Fault, Wrong, explore, finds};

const LIMIT: u32 = 2;
/// One seat in each pocket, as long as fewer than all are taken.
const ASIDE: Aside = Aside { limit: LIMIT, plenty: LIMIT, room: 1 };

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
    fn new() -> Arc<Self> {
        Arc::new(Self {
            rig: Rig::default(),
            settings: of(LIMIT, 8),
            in_use: AtomicU32::new(0),
            bells: Default::default(),
            asleep: AtomicU32::new(0),
        })
    }

    fn seated(&self) {
        let before = self.in_use.fetch_add(1, Ordering::Relaxed);
        assert!(before < LIMIT, "more run at once than may");
    }

    fn take(&self, slot: usize) -> Option<Seat> {
        let seat = self.rig.try_acquire_on(Slot::nth(slot), &self.settings)?;
        self.seated();
        Some(seat)
    }

    fn release(&self, slot: usize, seat: Seat) {
        self.in_use.fetch_sub(1, Ordering::Relaxed);
        self.rig.release_with(Slot::nth(slot), ASIDE, seat, Some(&self.settings));
    }

    /// Takes a seat, or waits for one, and keeps it.
    fn come(&self, slot: usize) {
        if let Some(seat) = self.take(slot) {
            mem::forget(seat);
            return;
        }
        match self.rig.enqueue(Priority::Normal, Tick(0), &self.settings).expect("room to wait") {
            Entered::Seated(seat) => self.keep(seat),
            Entered::Waits(mut waiter) => {
                match poll_with(&mut waiter, &Waker::from(Arc::clone(&self.bells[slot]))) {
                    Some(seat) => self.keep(seat),
                    None => {
                        self.asleep.fetch_add(1, Ordering::Relaxed);
                        mem::forget(waiter);
                    }
                }
            }
        }
    }

    fn keep(&self, seat: Seat) {
        self.seated();
        mem::forget(seat);
    }

    /// When all threads are through.
    fn ends(&self) {
        let rung = self.bells.iter().map(|bell| u32::try_from(bell.rung()).expect("few")).sum::<u32>();
        (0..rung).for_each(|_| self.seated());
        let asleep = self.asleep.load(Ordering::Relaxed) - rung;
        let in_use = self.in_use.load(Ordering::Relaxed);
        assert!(asleep == 0 || in_use == LIMIT, "{asleep} sleep beside a free seat");
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
    let scene = Scene::new();
    let seat = scene.take(0).expect("a seat is free");
    together(&scene, |scene| scene.come(1), |scene| scene.come(2), |scene| scene.release(0, seat));
}

/// The same where one seat lies in the pocket of somebody who has gone.
fn a_seat_comes_back_while_one_lies_aside() {
    let scene = Scene::new();
    let [seat, aside] = [0, 2].map(|slot| scene.take(slot).expect("a seat is free"));
    scene.rig.release_with(Slot::nth(2), Aside { plenty: LIMIT + 1, ..ASIDE }, aside, Some(&scene.settings));
    scene.in_use.fetch_sub(1, Ordering::Relaxed);
    together(&scene, |scene| scene.come(1), |scene| scene.come(2), |scene| scene.release(0, seat));
}

#[test]
fn loom_no_waiter_sleeps_beside_a_seat_that_comes_back() {
    explore(a_seat_comes_back_while_two_come);
}

#[test]
fn loom_no_waiter_sleeps_beside_a_seat_in_a_pocket() {
    explore(a_seat_comes_back_while_one_lies_aside);
}

#[test]
fn loom_finds_a_release_without_its_second_look() {
    let fault = Fault::new(Wrong::Blind(0), "bulkhead/pocket.rs", "load(Ordering::SeqCst) < plenty ||");
    finds(&[fault], a_seat_comes_back_while_two_come);
}

#[test]
fn loom_finds_pockets_that_are_said_to_be_empty_without_care() {
    let fault = Fault::new(Wrong::Careless, "bulkhead/pocket.rs", "compare_exchange(MOVING, NONE");
    finds(&[fault], a_seat_comes_back_while_one_lies_aside);
}
