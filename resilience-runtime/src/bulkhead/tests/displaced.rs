//! Which waiter a newcomer displaces from a full queue.

use std::task::{Poll, Waker};

use resilience_settings::Priority::{Critical, High, Low, Normal};

use resilience_settings::Priority;

use super::super::{Enqueued, PermitRequest, Refused};
use super::single_permit::Told::{Granted as Gets, Refused as No};
use super::single_permit::{NEVER, SinglePermit};
use super::{MS, Rig, of, poll_at, wait};
use crate::clock::Tick;

/// A newcomer to the full queue; whether it is accepted.
fn comes(queue: &mut SinglePermit<'_>, name: &'static str, priority: Priority, now: u64, call: u64) -> bool {
    let request = PermitRequest { priority, now: Tick(now * MS), call: Tick(call * MS), deadline: Tick::MAX };
    match queue.rig.ask(request, &queue.settings) {
        Ok(Enqueued::Queued(waiter)) => queue.waiters.push((name, waiter)),
        Ok(Enqueued::Acquired(_)) => panic!("the permit is taken"),
        Err(_) => return false,
    }
    true
}

/// One permit, which is taken, and a queue that is full with these, each a millisecond after the other.
fn full<'r>(rig: &'r Rig, who: &[(&'static str, Priority)]) -> SinglePermit<'r> {
    let mut queue = SinglePermit::new(rig, 10_000);
    for (at, (name, priority)) in (1..).zip(who) {
        queue.wait(name, *priority, at, NEVER);
    }
    queue.settings.max_queue = u32::try_from(who.len()).expect("a few");
    queue
}

const LATEST: Refused = Refused::Displaced { is_fifo: true };
const OLDEST: Refused = Refused::Displaced { is_fifo: false };

#[test]
fn the_latest_of_the_lowest_priority_goes_for_somebody_more_important() {
    let rig = Rig::default();
    let mut queue = full(&rig, &[("low", Low), ("lower", Low), ("normal", Normal)]);
    assert!(!comes(&mut queue, "low too", Low, 9, 9), "nobody matters less");
    assert!(comes(&mut queue, "critical", Critical, 9, 9));
    assert_eq!(queue.poll_all(9, |_| false), [No("lower", LATEST)]);
    assert!(comes(&mut queue, "normal too", Normal, 9, 9));
    assert_eq!(queue.poll_all(9, |_| false), [No("low", LATEST)]);
    assert!(!comes(&mut queue, "another", Normal, 9, 9));
    assert!(comes(&mut queue, "high", High, 9, 9));
    assert_eq!(queue.poll_all(9, |_| false), [No("normal too", LATEST)]);
    assert_eq!(rig.queue_depth(), 3);
    assert_eq!(queue.order(10), [Gets("critical"), Gets("high"), Gets("normal")]);
}

#[test]
fn it_is_no_loss() {
    let rig = Rig::default();
    let mut queue = full(&rig, &[("first", Normal), ("second", Normal), ("low", Low)]);
    assert!(comes(&mut queue, "third", Normal, 9, 9));
    assert_eq!(queue.poll_all(9, |_| false), [No("low", LATEST)]);
    assert_eq!(queue.order(9), [Gets("first"), Gets("second"), Gets("third")]);
}

#[test]
fn after_a_loss_the_oldest_goes_for_a_newer_one_that_matters_as_much() {
    let rig = Rig::default();
    let mut queue = full(&rig, &[("lost", Normal), ("old", Normal), ("new", Normal), ("high", High)]);
    let _ = queue.poll_all(5, |name| name == "lost");
    assert!(comes(&mut queue, "newer", Normal, 5, 5));
    assert!(!comes(&mut queue, "low", Low, 6, 6));
    assert!(!comes(&mut queue, "retry", Normal, 6, 1), "its call is older than all that wait");
    assert!(comes(&mut queue, "newest", Normal, 6, 6));
    assert_eq!(queue.poll_all(6, |_| false), [No("old", OLDEST)]);
    assert!(comes(&mut queue, "retry", High, 6, 1), "it matters more");
    assert_eq!(queue.poll_all(6, |_| false), [No("new", OLDEST)]);
    assert_eq!(queue.order(7), [Gets("high"), Gets("retry"), Gets("newest"), Gets("newer")]);
}

#[test]
fn one_goes_for_each_and_a_queue_that_has_become_shorter_loses_nobody_else() {
    let rig = Rig::default();
    let mut queue = full(&rig, &[("a", Low), ("b", Low), ("c", Low)]);
    queue.settings.max_queue = 1;
    rig.reshape(Some(&queue.settings));
    assert_eq!(rig.queue_depth(), 3);
    assert!(comes(&mut queue, "high", High, 9, 9));
    assert_eq!(queue.poll_all(9, |_| false), [No("c", LATEST)]);
    assert_eq!(rig.queue_depth(), 3);
}

#[test]
fn where_nobody_may_wait_nobody_is_displaced() {
    let (rig, settings) = (Rig::default(), of(1, 0));
    let _permit = rig.try_acquire(&settings);
    assert!(rig.enqueue(Critical, Tick(0), &settings).is_err());
    assert_eq!((rig.in_flight(), rig.queue_depth()), (1, 0));
}

#[test]
fn who_has_a_permit_already_is_not_displaced() {
    let (rig, settings) = (Rig::default(), of(1, 1));
    let permit = rig.try_acquire(&settings).expect("it is free");
    let mut low = wait(&rig, Low, 0, &settings);
    rig.release(permit, Some(&settings));
    let _normal = wait(&rig, Normal, 0, &settings);
    assert!(rig.enqueue(Low, Tick(0), &settings).is_err());
    let _critical = wait(&rig, Critical, 0, &settings);
    assert!(matches!(poll_at(&mut low, 0, false, Waker::noop()), Poll::Ready(Ok(_))));
}
