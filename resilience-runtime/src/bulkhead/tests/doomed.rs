//! Which waiters are refused as doomed, and how a loss changes the order.

use std::task::{Poll, Waker};
use std::time::Duration;

use resilience_settings::Priority::{Critical, High, Low, Normal};

use super::super::{Enqueued, PermitRequest, Refused};
use super::single_permit::Told::{Granted as Gets, Refused as No};
use super::single_permit::{NEVER, SinglePermit};
use super::{MS, Rig, S, of, poll_at};
use crate::clock::Tick;

#[test]
fn who_has_no_more_time_left_than_bodies_take_is_passed_over() {
    let rig = Rig::default();
    let mut queue = SinglePermit::with_bodies_of(&rig, 20);
    queue.wait("less", Normal, 1, 119);
    queue.wait("as much", Normal, 2, 120);
    queue.wait("more", Normal, 3, 121);
    let told = queue.release_to_queue(100, 20);
    let doomed = Refused::WouldMissDeadline;
    assert_eq!(told, [No("less", doomed), No("as much", doomed), Gets("more")]);
    assert_eq!((rig.in_flight(), rig.queue_depth()), (1, 0));
}

#[test]
fn four_bodies_say_nothing() {
    let rig = Rig::default();
    let mut queue = SinglePermit::new(&rig, 10_000);
    for at in 0..5 {
        queue.wait("short", Normal, at, at + 2);
        queue.wait("long", Normal, at, NEVER);
        let doomed = No("short", Refused::WouldMissDeadline);
        let expected = if at < 4 { [Gets("short"), Gets("long")] } else { [doomed, Gets("long")] };
        assert_eq!(queue.order_by(at, 20), expected);
    }
}

#[test]
fn if_all_are_doomed_the_one_with_most_time_left_goes_in() {
    let rig = Rig::default();
    let mut queue = SinglePermit::with_bodies_of(&rig, 1_000);
    queue.wait("first", Normal, 1, 500);
    queue.wait("most", Normal, 2, 700);
    queue.wait("last", Normal, 3, 600);
    let doomed = Refused::WouldMissDeadline;
    assert_eq!(queue.release_to_queue(100, 1_000), [No("first", doomed), Gets("most"), No("last", doomed)]);
}

#[test]
fn no_permit_stays_free_for_it_when_several_come_at_once() {
    let rig = Rig::default();
    let mut queue = SinglePermit::with_bodies_of(&rig, 1_000);
    for (name, deadline) in [("a", 500), ("b", 700), ("c", 600), ("d", 400)] {
        queue.wait(name, Normal, 1, deadline);
    }
    rig.reshape_at(Some(&of(4, 9)), Tick(2 * MS));
    assert_eq!((rig.in_flight(), rig.queue_depth()), (4, 0), "the holder, and three of the four");
    let refused = poll_at(&mut queue.waiters[3].1, 2 * MS, false, Waker::noop());
    assert!(matches!(refused, Poll::Ready(Err(Refused::WouldMissDeadline))), "d has least time left");
}

#[test]
fn who_finds_a_permit_free_is_not_asked_how_much_time_is_left() {
    let rig = Rig::default();
    let mut queue = SinglePermit::with_bodies_of(&rig, 1_000);
    rig.release_after(queue.permit.take().expect("it is there"), None, Tick(0), Some(&queue.settings));
    let request = PermitRequest { priority: Low, now: Tick(0), call: Tick(0), deadline: Tick(1) };
    assert!(matches!(rig.ask(request, &queue.settings), Ok(Enqueued::Acquired(_))));
}

#[test]
fn a_critical_call_is_given_up_for_critical_ones_only() {
    let rig = Rig::default();
    let mut queue = SinglePermit::with_bodies_of(&rig, 100);
    queue.wait("critical", Critical, 1, 150);
    queue.wait("low", Low, 2, NEVER);
    assert_eq!(queue.release_to_queue(100, 100), [Gets("critical")], "it was there before, and matters more");
    queue.wait("critical", Critical, 101, 250);
    queue.wait("another", Critical, 102, 400);
    let doomed = Refused::WouldMissDeadline;
    assert_eq!(queue.release_to_queue(200, 100), [No("critical", doomed), Gets("another")]);
    queue.wait("high", High, 201, 350);
    assert_eq!(queue.release_to_queue(300, 100), [Gets("low"), No("high", doomed)], "anybody else is");
}

#[test]
fn a_loss_turns_the_order_to_newest_first_until_nobody_waits() {
    let rig = Rig::default();
    let mut queue = SinglePermit::with_bodies_of(&rig, 20);
    queue.wait("a", Normal, 1, NEVER);
    queue.wait("b", Normal, 2, NEVER);
    assert_eq!(queue.release_to_queue(10, 20), [Gets("a")], "nobody is lost");
    queue.wait("doomed", Normal, 11, 40);
    queue.wait("c", Normal, 12, NEVER);
    queue.wait("d", Normal, 13, NEVER);
    assert_eq!(queue.release_to_queue(30, 20), [Gets("b"), No("doomed", Refused::WouldMissDeadline)]);
    assert_eq!(queue.order(40), [Gets("d"), Gets("c")]);
    for name in ["e", "f"] {
        queue.wait(name, Normal, 50, NEVER);
    }
    assert_eq!(queue.order(60), [Gets("e"), Gets("f")], "nobody waited in between");
}

#[test]
fn who_ends_its_wait_is_a_loss_and_who_leaves_or_finds_no_room_is_none() {
    type Loss = fn(&mut SinglePermit<'_>);
    let cases: [(&str, Loss, bool); 5] = [
        ("nothing", |_| {}, false),
        ("max_wait", |queue| assert_eq!(queue.poll_all(9, |name| name == "out").len(), 1), true),
        ("a deadline that nobody has noticed", |queue| queue.retry("late", Normal, 9, 0, 9), true),
        ("dropped", |queue| drop(queue.waiters.remove(0)), false),
        (
            "no room",
            |queue| {
                queue.settings.max_queue = 3;
                let request = PermitRequest {
                    priority: Normal,
                    now: Tick(9 * MS),
                    call: Tick(9 * MS),
                    deadline: Tick::MAX,
                };
                assert!(queue.rig.ask(request, &queue.settings).is_err());
            },
            false,
        ),
    ];
    for (what, happens, is_loss) in cases {
        let rig = Rig::default();
        let mut queue = SinglePermit::new(&rig, 10_000);
        for (at, name) in (1..).zip(["out", "a", "b"]) {
            queue.wait(name, Normal, at, NEVER);
        }
        happens(&mut queue);
        let mut acquired: Vec<_> =
            queue.order(10).into_iter().filter(|told| matches!(told, Gets("a" | "b"))).collect();
        if is_loss {
            acquired.reverse();
        }
        assert_eq!(acquired, [Gets("a"), Gets("b")], "after {what}");
    }
}

#[test]
fn a_wait_that_is_over_and_was_not_noticed_gets_no_permit() {
    let rig = Rig::default();
    let mut queue = SinglePermit::new(&rig, 100);
    queue.wait("over", Normal, 0, NEVER);
    queue.wait("to the moment", Normal, 1, NEVER);
    queue.wait("last", Normal, 2, NEVER);
    assert_eq!(
        queue.release_to_queue(101, 1),
        [No("over", Refused::TimeUp), Gets("last")],
        "newest first after it"
    );
    assert_eq!(queue.release_to_queue(101, 1), [Gets("to the moment")]);
}

#[test]
fn a_retry_is_as_old_as_its_call() {
    let rig = Rig::default();
    let mut queue = SinglePermit::new(&rig, 10_000);
    queue.wait("lost", Normal, 1, NEVER);
    queue.wait("call", Normal, 5, NEVER);
    queue.retry("retry", Normal, 6, 2, NEVER);
    assert_eq!(queue.poll_all(7, |name| name == "lost"), [No("lost", Refused::TimeUp)]);
    assert_eq!(queue.order(8), [Gets("call"), Gets("retry")]);
}

#[test]
fn after_a_loss_priority_is_strict() {
    for newest_first in [false, true] {
        let rig = Rig::default();
        let mut queue = SinglePermit::new(&rig, 100_000);
        queue.wait("lost", Critical, 0, NEVER);
        queue.wait("patient", Low, 0, NEVER);
        queue.wait("important", Critical, 2_000, NEVER);
        queue.wait("high", High, 2_001, NEVER);
        let _ = queue.poll_all(2_002, |name| newest_first && name == "lost");
        let order: Vec<_> = queue.order(2_003).into_iter().filter(|told| *told != Gets("lost")).collect();
        let (aged, strict) = (["patient", "important", "high"], ["important", "high", "patient"]);
        assert_eq!(order, (if newest_first { strict } else { aged }).map(Gets));
    }
}

#[test]
fn bodies_that_end_while_nobody_waits_are_not_counted() {
    let rig = Rig::default();
    let mut queue = SinglePermit::new(&rig, 10_000);
    for _ in 0..40 {
        let permit = queue.permit.take().expect("it is free");
        rig.release_after(permit, Some(Duration::from_nanos(S)), Tick(0), Some(&queue.settings));
        queue.permit = rig.try_acquire(&queue.settings);
    }
    queue.wait("short", Normal, 0, 1);
    queue.wait("long", Normal, 0, NEVER);
    assert_eq!(queue.release_to_queue(0, 1_000), [Gets("short")]);
}
