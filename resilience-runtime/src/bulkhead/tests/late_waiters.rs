//! Permits that are not taken by the waiters that were woken for them.

use std::sync::Arc;
use std::task::{Poll, Waker};
use std::time::Duration;

use resilience_settings::Priority::{Critical, Low, Normal};

use super::super::{Granted, Refused, Waiter};
use super::single_permit::Told::{Granted as Gets, Refused as No};
use super::single_permit::{NEVER, SinglePermit};
use super::{MS, RecordingWaker, Rig, poll_at};

/// Polls one of the waiters; whether it has a permit.
fn ask(queue: &mut SinglePermit<'_>, name: &str, now: u64) -> bool {
    let place = queue.waiters.iter().position(|(other, _)| *other == name).expect("it waits");
    let polled = poll_at(&mut queue.waiters[place].1, now * MS, false, Waker::noop());
    if let Poll::Ready(outcome) = polled {
        assert!(queue.permit.replace(outcome.expect("a permit").permit).is_none(), "there is one permit");
        drop(queue.waiters.remove(place));
        return true;
    }
    false
}

/// Releases the permit, and nobody is polled.
fn free(queue: &mut SinglePermit<'_>, now: u64) {
    let permit = queue.permit.take().expect("somebody has it");
    queue.rig.release_after(permit, None, crate::clock::Tick(now * MS), Some(&queue.settings));
}

fn waiting<'r>(rig: &'r Rig, names: &[&'static str]) -> SinglePermit<'r> {
    let mut queue = SinglePermit::new(rig, 10_000);
    for name in names {
        queue.wait(name, Normal, 0, NEVER);
    }
    queue
}

#[test]
fn the_next_gets_a_permit_that_is_not_taken_for_100_ms_and_the_first_keeps_its_place() {
    let rig = Rig::default();
    let mut queue = waiting(&rig, &["a", "b", "c"]);
    free(&mut queue, 10);
    assert_eq!((rig.in_flight(), rig.queue_depth()), (1, 2), "the permit is for a");
    assert!(!ask(&mut queue, "b", 109));
    assert!(ask(&mut queue, "b", 110));
    assert_eq!((rig.in_flight(), rig.queue_depth()), (1, 2), "a and c wait");
    assert!(!ask(&mut queue, "a", 111));
    queue.wait("critical", Critical, 112, NEVER);
    assert_eq!(queue.order(113), [Gets("a"), Gets("critical"), Gets("c")]);
    assert_eq!((rig.in_flight(), rig.queue_depth()), (1, 0));
}

#[test]
fn whoever_asks_first_takes_it() {
    let rig = Rig::default();
    let mut queue = waiting(&rig, &["a", "b", "c"]);
    free(&mut queue, 0);
    // It learns that the permit is also b's.
    assert!(!ask(&mut queue, "c", 100));
    assert!(ask(&mut queue, "a", 101));
    assert!(!ask(&mut queue, "b", 102));
    assert!(!ask(&mut queue, "c", 103));
    free(&mut queue, 104);
    assert!(!ask(&mut queue, "c", 105));
    assert!(ask(&mut queue, "b", 106));
}

#[test]
fn those_behind_wake_each_other_with_nobody_else_about() {
    let rig = Rig::default();
    let mut queue = waiting(&rig, &["a", "b", "c"]);
    let wakers = [(); 3].map(|()| Arc::new(RecordingWaker::default()));
    for ((_, waiter), waker) in queue.waiters.iter_mut().zip(&wakers) {
        assert!(poll_at(waiter, 0, false, &Waker::from(Arc::clone(waker))).is_pending());
        assert_eq!(waiter.next_check(), Duration::from_millis(100));
    }
    free(&mut queue, 30);
    let check = |waiter: &mut Waiter<'_>, now: u64, waker| {
        let polled: Poll<Result<Granted, Refused>> =
            poll_at(waiter, now * MS, false, &Waker::from(Arc::clone(waker)));
        assert!(polled.is_pending());
        waiter.next_check()
    };
    // The check that it was told to make, and what it is told by that.
    assert_eq!(check(&mut queue.waiters[2].1, 100, &wakers[2]), Duration::from_millis(30));
    assert_eq!([0, 1, 2].map(|one| wakers[one].times_woken()), [1, 0, 0]);
    assert_eq!(check(&mut queue.waiters[2].1, 130, &wakers[2]), Duration::from_millis(100));
    assert_eq!([0, 1, 2].map(|one| wakers[one].times_woken()), [1, 1, 0], "b is woken by c");
    assert!(ask(&mut queue, "c", 230), "neither of them comes");
}

/// Four with a waker each, who have waited for 80 s and are polled in turn.
fn long_waiting(rig: &Rig) -> (SinglePermit<'_>, [Arc<RecordingWaker>; 4]) {
    let mut queue = SinglePermit::new(rig, 1_000_000);
    for name in ["a", "b", "c", "d"] {
        queue.wait(name, Normal, 0, NEVER);
    }
    let wakers = [(); 4].map(|()| Arc::new(RecordingWaker::default()));
    for place in 0..4 {
        assert_eq!(looks_after(&mut queue, place, 80_000, &wakers), Duration::from_secs(10));
    }
    (queue, wakers)
}

/// Polls one that has to wait; when it looks again by itself.
fn looks_after(
    queue: &mut SinglePermit<'_>,
    place: usize,
    now: u64,
    wakers: &[Arc<RecordingWaker>; 4],
) -> Duration {
    let (name, waiter) = &mut queue.waiters[place];
    let waker = ["a", "b", "c", "d"].iter().zip(wakers).find_map(|(of, waker)| (of == name).then_some(waker));
    let waker = Waker::from(Arc::clone(waker.expect("one of the four")));
    assert!(poll_at(waiter, now * MS, false, &waker).is_pending());
    waiter.next_check()
}

#[test]
fn the_longer_one_waits_the_less_often_it_looks() {
    let rig = Rig::default();
    let mut queue = SinglePermit::new(&rig, 1_000_000);
    queue.wait("a", Normal, 0, NEVER);
    let told = [0, 100, 800, 8_000, 800_000].map(|now| {
        let polled = poll_at(&mut queue.waiters[0].1, now * MS, false, Waker::noop());
        assert!(polled.is_pending());
        queue.waiters[0].1.next_check().as_millis()
    });
    assert_eq!(told, [100, 100, 100, 1_000, 100_000]);
}

#[test]
fn one_of_those_who_look_rarely_is_woken_to_look_after_a_permit() {
    let rig = Rig::default();
    let (mut queue, wakers) = long_waiting(&rig);
    let woken = |wakers: &[Arc<RecordingWaker>; 4]| [0, 1, 2, 3].map(|one| wakers[one].times_woken());
    free(&mut queue, 81_000);
    assert_eq!(woken(&wakers), [1, 0, 0, 1], "a gets it, and d was polled last");
    assert_eq!(looks_after(&mut queue, 3, 81_001, &wakers), Duration::from_millis(99));
    assert_eq!(looks_after(&mut queue, 3, 81_100, &wakers), Duration::from_millis(100));
    assert_eq!(woken(&wakers), [1, 1, 0, 1], "a has not come, so it is also offered to b");
    assert!(ask(&mut queue, "b", 81_101));
}

#[test]
fn it_looks_after_all_that_is_on_offer_by_then_and_wakes_nobody_else() {
    let rig = Rig::default();
    let (mut queue, wakers) = long_waiting(&rig);
    free(&mut queue, 81_000);
    assert!(ask(&mut queue, "a", 81_000));
    assert_eq!(looks_after(&mut queue, 2, 81_001, &wakers), Duration::from_millis(99), "also if it is taken");
    free(&mut queue, 81_050);
    assert_eq!([1, 2, 3].map(|one| wakers[one].times_woken()), [1, 0, 1]);
    assert!(ask(&mut queue, "b", 81_050));
    assert!(looks_after(&mut queue, 1, 81_101, &wakers) > Duration::from_secs(10));
    free(&mut queue, 82_000);
    assert_eq!(wakers[3].times_woken(), 2, "as seldom as before, until it is needed again");
}

#[test]
fn one_that_was_woken_to_look_and_is_not_polled_is_not_counted_on_again() {
    let rig = Rig::default();
    let (mut queue, wakers) = long_waiting(&rig);
    free(&mut queue, 81_000);
    assert!(ask(&mut queue, "a", 81_000));
    free(&mut queue, 81_200);
    assert_eq!([1, 2, 3].map(|one| wakers[one].times_woken()), [1, 1, 1], "b gets it, and c looks after it");
    drop(queue.waiters.remove(1));
    assert_eq!((rig.in_flight(), rig.queue_depth()), (1, 1));
}

#[test]
fn one_that_nobody_polls_holds_up_nobody_for_long() {
    let rig = Rig::default();
    let mut queue = waiting(&rig, &["hangs"]);
    free(&mut queue, 0);
    assert_eq!((rig.in_flight(), rig.queue_depth()), (1, 0));
    queue.wait("first", Normal, 20, NEVER);
    assert!(!ask(&mut queue, "first", 20));
    assert!(ask(&mut queue, "first", 100));
    for now in 101..110 {
        queue.wait("next", Low, now, NEVER);
        free(&mut queue, now);
        assert!(ask(&mut queue, "next", now), "it has had its 100 ms");
    }
    free(&mut queue, 110);
    assert!(ask(&mut queue, "hangs", 111), "and may still have a permit");
}

#[test]
fn one_that_hangs_beyond_its_wait_takes_up_no_room() {
    let rig = Rig::default();
    let mut queue = waiting(&rig, &["woken", "waits"]);
    queue.settings.max_queue = 2;
    free(&mut queue, 0);
    assert!(ask(&mut queue, "waits", 100));
    // Both have expired by then, and neither has been polled.
    queue.wait("waits too", Normal, 101, NEVER);
    assert_eq!(rig.queue_depth(), 2);
    queue.wait("after", Normal, 10_102, NEVER);
    queue.wait("last", Normal, 10_102, NEVER);
    let gone = |name| No(name, Refused::TimeUp);
    assert_eq!(queue.poll_all(10_103, |_| false), [gone("woken"), gone("waits too")]);
    assert_eq!(rig.queue_depth(), 2);
}

#[test]
fn a_wait_that_ends_with_a_permit_on_offer_ends_with_it() {
    let rig = Rig::default();
    let mut queue = SinglePermit::new(&rig, 50);
    queue.wait("slow", Normal, 0, NEVER);
    free(&mut queue, 40);
    assert_eq!(queue.poll_all(300, |_| true), [Gets("slow")]);
}

#[test]
fn one_of_several_who_were_woken_leaves_the_permit_to_the_others() {
    let rig = Rig::default();
    let mut queue = waiting(&rig, &["a", "b", "c"]);
    free(&mut queue, 0);
    assert!(!ask(&mut queue, "c", 100), "b is woken as well");
    drop(queue.waiters.remove(1));
    assert_eq!((rig.in_flight(), rig.queue_depth()), (1, 1));
    assert!(ask(&mut queue, "c", 101), "a is late, so b's leaving wakes c");
    free(&mut queue, 101);
    assert_eq!((rig.in_flight(), rig.queue_depth()), (1, 0), "it is a's now");
    drop(queue.waiters.remove(0));
    assert_eq!((rig.in_flight(), rig.queue_depth()), (0, 0));
}

#[test]
fn who_has_no_time_left_is_passed_over_at_the_head_as_well() {
    let rig = Rig::default();
    let mut queue = SinglePermit::with_bodies_of(&rig, 20);
    queue.wait("a", Normal, 1, 150);
    queue.wait("b", Normal, 2, NEVER);
    queue.wait("c", Normal, 3, NEVER);
    free(&mut queue, 10);
    assert!(ask(&mut queue, "b", 110));
    assert!(!ask(&mut queue, "a", 111));
    assert_eq!(queue.release_to_queue(130, 20), [No("a", Refused::WouldMissDeadline), Gets("c")]);
}
