//! Who makes room for a newcomer in a full queue.

use std::task::{Poll, Waker};

use super::super::{Ask, Entered, Refused};
use super::desk::Heard::{No, Seat as Gets};
use super::desk::{Desk, NEVER};
use super::{MS, Rig, of, poll_at, wait};
use crate::clock::Tick;
use crate::priority::Priority;
use crate::priority::Priority::{Critical, High, Low, Normal};

/// A newcomer to the full queue; whether it gets in.
fn comes(desk: &mut Desk<'_>, name: &'static str, priority: Priority, now: u64, call: u64) -> bool {
    let ask = Ask { priority, now: Tick(now * MS), call: Tick(call * MS), deadline: Tick::MAX };
    match desk.rig.ask(ask, &desk.settings) {
        Ok(Entered::Waits(waiter)) => desk.waiters.push((name, waiter)),
        Ok(Entered::Seated(_)) => panic!("the seat is taken"),
        Err(_) => return false,
    }
    true
}

/// One seat, which is taken, and a queue that is full with these, each a millisecond after the other.
fn full<'r>(rig: &'r Rig, who: &[(&'static str, Priority)]) -> Desk<'r> {
    let mut desk = Desk::new(rig, 10_000);
    for (at, (name, priority)) in (1..).zip(who) {
        desk.wait(name, *priority, at, NEVER);
    }
    desk.settings.max_queue = u32::try_from(who.len()).expect("a few");
    desk
}

const LATEST: Refused = Refused::Displaced { in_turn: true };
const OLDEST: Refused = Refused::Displaced { in_turn: false };

#[test]
fn the_latest_of_the_lowest_priority_goes_for_somebody_more_important() {
    let rig = Rig::default();
    let mut desk = full(&rig, &[("low", Low), ("lower", Low), ("normal", Normal)]);
    assert!(!comes(&mut desk, "low too", Low, 9, 9), "nobody matters less");
    assert!(comes(&mut desk, "critical", Critical, 9, 9));
    assert_eq!(desk.hear(9, |_| false), [No("lower", LATEST)]);
    assert!(comes(&mut desk, "normal too", Normal, 9, 9));
    assert_eq!(desk.hear(9, |_| false), [No("low", LATEST)]);
    assert!(!comes(&mut desk, "another", Normal, 9, 9));
    assert!(comes(&mut desk, "high", High, 9, 9));
    assert_eq!(desk.hear(9, |_| false), [No("normal too", LATEST)]);
    assert_eq!(rig.queue_depth(), 3);
    assert_eq!(desk.order(10), [Gets("critical"), Gets("high"), Gets("normal")]);
}

#[test]
fn it_is_no_loss() {
    let rig = Rig::default();
    let mut desk = full(&rig, &[("first", Normal), ("second", Normal), ("low", Low)]);
    assert!(comes(&mut desk, "third", Normal, 9, 9));
    assert_eq!(desk.hear(9, |_| false), [No("low", LATEST)]);
    assert_eq!(desk.order(9), [Gets("first"), Gets("second"), Gets("third")]);
}

#[test]
fn after_a_loss_the_oldest_goes_for_a_newer_one_that_matters_as_much() {
    let rig = Rig::default();
    let mut desk = full(&rig, &[("lost", Normal), ("old", Normal), ("new", Normal), ("high", High)]);
    let _ = desk.hear(5, |name| name == "lost");
    assert!(comes(&mut desk, "newer", Normal, 5, 5));
    assert!(!comes(&mut desk, "low", Low, 6, 6));
    assert!(!comes(&mut desk, "retry", Normal, 6, 1), "its call is older than all that wait");
    assert!(comes(&mut desk, "newest", Normal, 6, 6));
    assert_eq!(desk.hear(6, |_| false), [No("old", OLDEST)]);
    assert!(comes(&mut desk, "retry", High, 6, 1), "it matters more");
    assert_eq!(desk.hear(6, |_| false), [No("new", OLDEST)]);
    assert_eq!(desk.order(7), [Gets("high"), Gets("retry"), Gets("newest"), Gets("newer")]);
}

#[test]
fn one_goes_for_each_and_a_queue_that_has_become_shorter_loses_nobody_else() {
    let rig = Rig::default();
    let mut desk = full(&rig, &[("a", Low), ("b", Low), ("c", Low)]);
    desk.settings.max_queue = 1;
    rig.reshape(Some(&desk.settings));
    assert_eq!(rig.queue_depth(), 3);
    assert!(comes(&mut desk, "high", High, 9, 9));
    assert_eq!(desk.hear(9, |_| false), [No("c", LATEST)]);
    assert_eq!(rig.queue_depth(), 3);
}

#[test]
fn where_nobody_may_wait_nobody_is_displaced() {
    let (rig, settings) = (Rig::default(), of(1, 0));
    let _seat = rig.try_acquire(&settings);
    assert!(rig.enqueue(Critical, Tick(0), &settings).is_err());
    assert_eq!((rig.in_flight(), rig.queue_depth()), (1, 0));
}

#[test]
fn who_has_a_seat_already_is_not_displaced() {
    let (rig, settings) = (Rig::default(), of(1, 1));
    let seat = rig.try_acquire(&settings).expect("it is free");
    let mut low = wait(&rig, Low, 0, &settings);
    rig.release(seat, Some(&settings));
    let _normal = wait(&rig, Normal, 0, &settings);
    assert!(rig.enqueue(Low, Tick(0), &settings).is_err());
    let _critical = wait(&rig, Critical, 0, &settings);
    assert!(matches!(poll_at(&mut low, 0, false, Waker::noop()), Poll::Ready(Ok(_))));
}
