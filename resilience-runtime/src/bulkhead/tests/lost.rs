//! Who is passed over, and what a loss does to the order.

use std::task::{Poll, Waker};
use std::time::Duration;

use super::super::{Ask, Entered, Refused};
use super::desk::Heard::{No, Seat as Gets};
use super::desk::{Desk, NEVER};
use super::{MS, Rig, S, of, poll_at};
use crate::clock::Tick;
use crate::priority::Priority::{Critical, High, Low, Normal};

#[test]
fn who_has_no_more_time_left_than_bodies_take_is_passed_over() {
    let rig = Rig::default();
    let mut desk = Desk::with_bodies_of(&rig, 20);
    desk.wait("less", Normal, 1, 119);
    desk.wait("as much", Normal, 2, 120);
    desk.wait("more", Normal, 3, 121);
    let heard = desk.hand_over(100, 20);
    let doomed = Refused::WouldMissDeadline;
    assert_eq!(heard, [No("less", doomed), No("as much", doomed), Gets("more")]);
    assert_eq!((rig.in_flight(), rig.queue_depth()), (1, 0));
}

#[test]
fn four_bodies_say_nothing() {
    let rig = Rig::default();
    let mut desk = Desk::new(&rig, 10_000);
    for at in 0..5 {
        desk.wait("short", Normal, at, at + 2);
        desk.wait("long", Normal, at, NEVER);
        let doomed = No("short", Refused::WouldMissDeadline);
        let expected = if at < 4 { [Gets("short"), Gets("long")] } else { [doomed, Gets("long")] };
        assert_eq!(desk.order_by(at, 20), expected);
    }
}

#[test]
fn if_all_are_doomed_the_one_with_most_time_left_goes_in() {
    let rig = Rig::default();
    let mut desk = Desk::with_bodies_of(&rig, 1_000);
    desk.wait("first", Normal, 1, 500);
    desk.wait("most", Normal, 2, 700);
    desk.wait("last", Normal, 3, 600);
    let doomed = Refused::WouldMissDeadline;
    assert_eq!(desk.hand_over(100, 1_000), [No("first", doomed), Gets("most"), No("last", doomed)]);
}

#[test]
fn no_seat_stays_free_for_it_when_several_come_at_once() {
    let rig = Rig::default();
    let mut desk = Desk::with_bodies_of(&rig, 1_000);
    for (name, deadline) in [("a", 500), ("b", 700), ("c", 600), ("d", 400)] {
        desk.wait(name, Normal, 1, deadline);
    }
    rig.reshape_at(Some(&of(4, 9)), Tick(2 * MS));
    assert_eq!((rig.in_flight(), rig.queue_depth()), (4, 0), "the holder, and three of the four");
    let refused = poll_at(&mut desk.waiters[3].1, 2 * MS, false, Waker::noop());
    assert!(matches!(refused, Poll::Ready(Err(Refused::WouldMissDeadline))), "d has least time left");
}

#[test]
fn who_finds_a_seat_free_is_not_asked_how_much_time_is_left() {
    let rig = Rig::default();
    let mut desk = Desk::with_bodies_of(&rig, 1_000);
    rig.give_back(desk.seat.take().expect("it is there"), None, Tick(0), Some(&desk.settings));
    let ask = Ask { priority: Low, now: Tick(0), call: Tick(0), deadline: Tick(1) };
    assert!(matches!(rig.ask(ask, &desk.settings), Ok(Entered::Seated(_))));
}

#[test]
fn a_critical_call_is_given_up_for_critical_ones_only() {
    let rig = Rig::default();
    let mut desk = Desk::with_bodies_of(&rig, 100);
    desk.wait("critical", Critical, 1, 150);
    desk.wait("low", Low, 2, NEVER);
    assert_eq!(desk.hand_over(100, 100), [Gets("critical")], "it was there before, and matters more");
    desk.wait("critical", Critical, 101, 250);
    desk.wait("another", Critical, 102, 400);
    let doomed = Refused::WouldMissDeadline;
    assert_eq!(desk.hand_over(200, 100), [No("critical", doomed), Gets("another")]);
    desk.wait("high", High, 201, 350);
    assert_eq!(desk.hand_over(300, 100), [Gets("low"), No("high", doomed)], "anybody else is");
}

#[test]
fn a_loss_turns_the_order_to_newest_first_until_nobody_waits() {
    let rig = Rig::default();
    let mut desk = Desk::with_bodies_of(&rig, 20);
    desk.wait("a", Normal, 1, NEVER);
    desk.wait("b", Normal, 2, NEVER);
    assert_eq!(desk.hand_over(10, 20), [Gets("a")], "nobody is lost");
    desk.wait("doomed", Normal, 11, 40);
    desk.wait("c", Normal, 12, NEVER);
    desk.wait("d", Normal, 13, NEVER);
    assert_eq!(desk.hand_over(30, 20), [Gets("b"), No("doomed", Refused::WouldMissDeadline)]);
    assert_eq!(desk.order(40), [Gets("d"), Gets("c")]);
    for name in ["e", "f"] {
        desk.wait(name, Normal, 50, NEVER);
    }
    assert_eq!(desk.order(60), [Gets("e"), Gets("f")], "nobody waited in between");
}

#[test]
fn who_ends_its_wait_is_a_loss_and_who_leaves_or_finds_no_room_is_none() {
    type Loss = fn(&mut Desk<'_>);
    let cases: [(&str, Loss, bool); 5] = [
        ("nothing", |_| {}, false),
        ("max_wait", |desk| assert_eq!(desk.hear(9, |name| name == "out").len(), 1), true),
        ("a deadline that nobody has noticed", |desk| desk.retry("late", Normal, 9, 0, 9), true),
        ("dropped", |desk| drop(desk.waiters.remove(0)), false),
        (
            "no room",
            |desk| {
                desk.settings.max_queue = 3;
                let ask =
                    Ask { priority: Normal, now: Tick(9 * MS), call: Tick(9 * MS), deadline: Tick::MAX };
                assert!(desk.rig.ask(ask, &desk.settings).is_err());
            },
            false,
        ),
    ];
    for (what, happens, is_loss) in cases {
        let rig = Rig::default();
        let mut desk = Desk::new(&rig, 10_000);
        for (at, name) in (1..).zip(["out", "a", "b"]) {
            desk.wait(name, Normal, at, NEVER);
        }
        happens(&mut desk);
        let mut seated: Vec<_> =
            desk.order(10).into_iter().filter(|heard| matches!(heard, Gets("a" | "b"))).collect();
        if is_loss {
            seated.reverse();
        }
        assert_eq!(seated, [Gets("a"), Gets("b")], "after {what}");
    }
}

#[test]
fn a_wait_that_is_over_and_was_not_noticed_gets_no_seat() {
    let rig = Rig::default();
    let mut desk = Desk::new(&rig, 100);
    desk.wait("over", Normal, 0, NEVER);
    desk.wait("to the moment", Normal, 1, NEVER);
    desk.wait("last", Normal, 2, NEVER);
    assert_eq!(desk.hand_over(101, 1), [No("over", Refused::TimeUp), Gets("last")], "newest first after it");
    assert_eq!(desk.hand_over(101, 1), [Gets("to the moment")]);
}

#[test]
fn a_retry_is_as_old_as_its_call() {
    let rig = Rig::default();
    let mut desk = Desk::new(&rig, 10_000);
    desk.wait("lost", Normal, 1, NEVER);
    desk.wait("call", Normal, 5, NEVER);
    desk.retry("retry", Normal, 6, 2, NEVER);
    assert_eq!(desk.hear(7, |name| name == "lost"), [No("lost", Refused::TimeUp)]);
    assert_eq!(desk.order(8), [Gets("call"), Gets("retry")]);
}

#[test]
fn after_a_loss_priority_is_strict() {
    for is_lost in [false, true] {
        let rig = Rig::default();
        let mut desk = Desk::new(&rig, 100_000);
        desk.wait("lost", Critical, 0, NEVER);
        desk.wait("patient", Low, 0, NEVER);
        desk.wait("important", Critical, 2_000, NEVER);
        desk.wait("high", High, 2_001, NEVER);
        let _ = desk.hear(2_002, |name| is_lost && name == "lost");
        let order: Vec<_> = desk.order(2_003).into_iter().filter(|heard| *heard != Gets("lost")).collect();
        let (aged, strict) = (["patient", "important", "high"], ["important", "high", "patient"]);
        assert_eq!(order, (if is_lost { strict } else { aged }).map(Gets));
    }
}

#[test]
fn bodies_that_end_while_nobody_waits_are_not_counted() {
    let rig = Rig::default();
    let mut desk = Desk::new(&rig, 10_000);
    for _ in 0..40 {
        let seat = desk.seat.take().expect("it is free");
        rig.give_back(seat, Some(Duration::from_nanos(S)), Tick(0), Some(&desk.settings));
        desk.seat = rig.try_acquire(&desk.settings);
    }
    desk.wait("short", Normal, 0, 1);
    desk.wait("long", Normal, 0, NEVER);
    assert_eq!(desk.hand_over(0, 1_000), [Gets("short")]);
}
