//! Seats that are not taken by those who have been woken for them.

use std::sync::Arc;
use std::task::{Poll, Waker};
use std::time::Duration;

use super::super::{Granted, Refused, Waiter};
use super::desk::Heard::{No, Seat as Gets};
use super::desk::{Desk, NEVER};
use super::{Bell, MS, Rig, poll_at};
use crate::priority::Priority::{Critical, Low, Normal};

/// One of the waiters asks.
fn ask(desk: &mut Desk<'_>, name: &str, now: u64) -> bool {
    let place = desk.waiters.iter().position(|(other, _)| *other == name).expect("it waits");
    let polled = poll_at(&mut desk.waiters[place].1, now * MS, false, Waker::noop());
    if let Poll::Ready(outcome) = polled {
        assert!(desk.seat.replace(outcome.expect("a seat").seat).is_none(), "there is one seat");
        drop(desk.waiters.remove(place));
        return true;
    }
    false
}

/// Gives the seat back, and nobody asks.
fn free(desk: &mut Desk<'_>, now: u64) {
    let seat = desk.seat.take().expect("somebody has it");
    desk.rig.give_back(seat, None, crate::clock::Tick(now * MS), Some(&desk.settings));
}

fn waiting<'r>(rig: &'r Rig, names: &[&'static str]) -> Desk<'r> {
    let mut desk = Desk::new(rig, 10_000);
    for name in names {
        desk.wait(name, Normal, 0, NEVER);
    }
    desk
}

#[test]
fn the_next_gets_a_seat_that_is_not_taken_for_100_ms_and_the_first_keeps_its_place() {
    let rig = Rig::default();
    let mut desk = waiting(&rig, &["a", "b", "c"]);
    free(&mut desk, 10);
    assert_eq!((rig.in_flight(), rig.queue_depth()), (1, 2), "the seat is for a");
    assert!(!ask(&mut desk, "b", 109));
    assert!(ask(&mut desk, "b", 110));
    assert_eq!((rig.in_flight(), rig.queue_depth()), (1, 2), "a and c wait");
    assert!(!ask(&mut desk, "a", 111));
    desk.wait("critical", Critical, 112, NEVER);
    assert_eq!(desk.order(113), [Gets("a"), Gets("critical"), Gets("c")]);
    assert_eq!((rig.in_flight(), rig.queue_depth()), (1, 0));
}

#[test]
fn whoever_asks_first_takes_it() {
    let rig = Rig::default();
    let mut desk = waiting(&rig, &["a", "b", "c"]);
    free(&mut desk, 0);
    // It finds that the seat is b's as well.
    assert!(!ask(&mut desk, "c", 100));
    assert!(ask(&mut desk, "a", 101));
    assert!(!ask(&mut desk, "b", 102));
    assert!(!ask(&mut desk, "c", 103));
    free(&mut desk, 104);
    assert!(!ask(&mut desk, "c", 105));
    assert!(ask(&mut desk, "b", 106));
}

#[test]
fn those_behind_wake_each_other_with_nobody_else_about() {
    let rig = Rig::default();
    let mut desk = waiting(&rig, &["a", "b", "c"]);
    let bells = [(); 3].map(|()| Arc::new(Bell::default()));
    for ((_, waiter), bell) in desk.waiters.iter_mut().zip(&bells) {
        assert!(poll_at(waiter, 0, false, &Waker::from(Arc::clone(bell))).is_pending());
        assert_eq!(waiter.next_look(), Duration::from_millis(100));
    }
    free(&mut desk, 30);
    let look = |waiter: &mut Waiter<'_>, now: u64, bell| {
        let polled: Poll<Result<Granted, Refused>> =
            poll_at(waiter, now * MS, false, &Waker::from(Arc::clone(bell)));
        assert!(polled.is_pending());
        waiter.next_look()
    };
    // The look that it was told to take, and what it is told by that.
    assert_eq!(look(&mut desk.waiters[2].1, 100, &bells[2]), Duration::from_millis(30));
    assert_eq!([0, 1, 2].map(|one| bells[one].rung()), [1, 0, 0]);
    assert_eq!(look(&mut desk.waiters[2].1, 130, &bells[2]), Duration::from_millis(100));
    assert_eq!([0, 1, 2].map(|one| bells[one].rung()), [1, 1, 0], "b is woken by c");
    assert!(ask(&mut desk, "c", 230), "neither of them comes");
}

#[test]
fn one_that_nobody_polls_holds_up_nobody_for_long() {
    let rig = Rig::default();
    let mut desk = waiting(&rig, &["hangs"]);
    free(&mut desk, 0);
    assert_eq!((rig.in_flight(), rig.queue_depth()), (1, 0));
    desk.wait("first", Normal, 20, NEVER);
    assert!(!ask(&mut desk, "first", 20));
    assert!(ask(&mut desk, "first", 100));
    for now in 101..110 {
        desk.wait("next", Low, now, NEVER);
        free(&mut desk, now);
        assert!(ask(&mut desk, "next", now), "it has had its 100 ms");
    }
    free(&mut desk, 110);
    assert!(ask(&mut desk, "hangs", 111), "and may still have a seat");
}

#[test]
fn one_that_hangs_beyond_its_wait_takes_up_no_room() {
    let rig = Rig::default();
    let mut desk = waiting(&rig, &["woken", "waits"]);
    desk.settings.max_queue = 2;
    free(&mut desk, 0);
    assert!(ask(&mut desk, "waits", 100));
    // Both are over by then, and nobody has polled them.
    desk.wait("waits too", Normal, 101, NEVER);
    assert_eq!(rig.queue_depth(), 2);
    desk.wait("after", Normal, 10_102, NEVER);
    desk.wait("last", Normal, 10_102, NEVER);
    let gone = |name| No(name, Refused::TimeUp);
    assert_eq!(desk.hear(10_103, |_| false), [gone("woken"), gone("waits too")]);
    assert_eq!(rig.queue_depth(), 2);
}

#[test]
fn a_wait_that_ends_with_a_seat_on_offer_ends_with_it() {
    let rig = Rig::default();
    let mut desk = Desk::new(&rig, 50);
    desk.wait("slow", Normal, 0, NEVER);
    free(&mut desk, 40);
    assert_eq!(desk.hear(300, |_| true), [Gets("slow")]);
}

#[test]
fn one_of_several_who_were_woken_leaves_the_seat_to_the_others() {
    let rig = Rig::default();
    let mut desk = waiting(&rig, &["a", "b", "c"]);
    free(&mut desk, 0);
    assert!(!ask(&mut desk, "c", 100), "b is woken as well");
    drop(desk.waiters.remove(1));
    assert_eq!((rig.in_flight(), rig.queue_depth()), (1, 1));
    assert!(ask(&mut desk, "c", 101), "a is late, so b's leaving wakes c");
    free(&mut desk, 101);
    assert_eq!((rig.in_flight(), rig.queue_depth()), (1, 0), "it is a's now");
    drop(desk.waiters.remove(0));
    assert_eq!((rig.in_flight(), rig.queue_depth()), (0, 0));
}

#[test]
fn who_has_no_time_left_is_passed_over_at_the_head_as_well() {
    let rig = Rig::default();
    let mut desk = Desk::with_bodies_of(&rig, 20);
    desk.wait("a", Normal, 1, 150);
    desk.wait("b", Normal, 2, NEVER);
    desk.wait("c", Normal, 3, NEVER);
    free(&mut desk, 10);
    assert!(ask(&mut desk, "b", 110));
    assert!(!ask(&mut desk, "a", 111));
    assert_eq!(desk.hand_over(130, 20), [No("a", Refused::WouldMissDeadline), Gets("c")]);
}
