//! Which attempts wait, which are notified, and which are passed over.

use std::time::Duration;

use super::super::RateLimit;
use super::rig::{End, Rig};
use super::{MS, S, of};

const FOREVER: u64 = u64::MAX;

fn started(at: u64) -> End {
    End::Started(S + at * MS)
}

#[test]
fn waiters_start_in_the_order_of_coming_and_each_is_polled_three_times_at_most() {
    let limit = RateLimit::default();
    let mut rig = Rig::new(&limit, of(10.0, 1, 9 * S), S);
    (0..50).for_each(|_| {
        rig.come(FOREVER);
    });
    rig.finish();
    let expected: Vec<_> = (0..50).map(|slot| started(slot * 100)).collect();
    assert_eq!(rig.ends(), expected);
    // Polled when it comes, when it becomes first or second, and for its slot; and now and then to see which is first.
    assert!(rig.polls <= 49 * 5, "{} polls", rig.polls);
    assert_eq!(rig.waiting(), 0);
}

#[test]
fn who_leaves_takes_nothing_along_wherever_it_stands() {
    for leaves in 1..5 {
        let limit = RateLimit::default();
        let mut rig = Rig::new(&limit, of(10.0, 1, 9 * S), S);
        (0..5).for_each(|_| {
            rig.come(FOREVER);
        });
        rig.pass_until(S + 50 * MS);
        rig.leave(leaves);
        rig.finish();
        assert_eq!(rig.starts(), [0, 100, 200, 300].map(|at| S + at * MS), "{leaves}");
    }
}

#[test]
fn who_gives_its_slot_back_notifies_the_next_at_once() {
    let limit = RateLimit::default();
    let mut rig = Rig::new(&limit, of(10.0, 1, 9 * S), S);
    rig.come(FOREVER);
    rig.come_as(FOREVER, false, true);
    rig.come_as(FOREVER, false, true);
    rig.come(FOREVER);
    rig.finish();
    assert_eq!(
        rig.ends(),
        [started(0), End::GaveBack(S + 100 * MS), End::GaveBack(S + 100 * MS), started(100)]
    );
}

#[test]
fn whose_slot_comes_with_the_deadline_leaves_it_to_the_next() {
    let limit = RateLimit::default();
    let mut rig = Rig::new(&limit, of(10.0, 1, 9 * S), S);
    rig.come(FOREVER);
    rig.come(250 * MS);
    rig.come(FOREVER);
    rig.pass_until(S + 50 * MS);
    // What is left of the first slot now takes 200 ms.
    rig.reload(Some(of(2.5, 1, 9 * S)));
    rig.finish();
    assert!(matches!(rig.ends()[1], End::Refused(at, _) if at == S + 250 * MS), "{:?}", rig.ends());
    assert_eq!(rig.ends()[2], started(250));
}

#[test]
fn the_next_is_notified_when_the_first_does_not_come() {
    for due in [100_u32, 25, 1_000] {
        let limit = RateLimit::default();
        let mut rig = Rig::new(&limit, of(1_000.0 / f64::from(due), 1, 99 * S), S);
        let due = u64::from(due);
        rig.come(FOREVER);
        let stuck = rig.come_as(FOREVER, true, false);
        let (next, last) = (rig.come(FOREVER), rig.come(FOREVER));
        rig.pass_until(S + 3 * S);
        assert_eq!(rig.ends()[next], started(due + 100));
        assert_eq!(rig.ends()[last], started(due + 100 + due), "nobody waits for it again");
        assert_eq!(rig.ends()[stuck], End::Waits);
        rig.recover(stuck);
        rig.finish();
        assert_eq!(rig.ends()[stuck], started(3_000.max(due + 100 + 2 * due)));
        assert_eq!(rig.waiting(), 0);
    }
}

/// Which waiters are notified, and by which, when the one ahead of the first leaves.
#[test]
fn the_next_but_one_knows_when_it_becomes_the_next() {
    // The second gets its slot and notifies the others: one is stuck, and the other must be woken.
    let limit = RateLimit::default();
    let mut rig = Rig::new(&limit, of(40.0, 1, 99 * S), S);
    rig.come(FOREVER);
    let second = rig.come(FOREVER);
    rig.come_as(FOREVER, true, false);
    let last = rig.come(FOREVER);
    rig.pass_until(2 * S);
    assert_eq!((rig.ends()[second], rig.ends()[last]), (started(25), started(125)));

    // The second is dropped, without a time.
    let limit = RateLimit::default();
    let mut rig = Rig::new(&limit, of(1.0, 1, 99 * S), S);
    rig.come(FOREVER);
    let second = rig.come(FOREVER);
    rig.come_as(FOREVER, true, false);
    let last = rig.come(FOREVER);
    rig.pass_until(S + 50 * MS);
    rig.leave(second);
    rig.pass_until(4 * S);
    assert_eq!(rig.ends()[last], started(1_000));
}

#[test]
fn who_is_notified_by_somebody_who_leaves_has_its_time_to_come() {
    let limit = RateLimit::default();
    let mut rig = Rig::new(&limit, of(10.0, 1, 99 * S), S);
    rig.come(FOREVER);
    let first = rig.come_as(FOREVER, true, false);
    let slow = rig.come_as(FOREVER, true, false);
    rig.pass_until(S + 150 * MS);
    rig.leave(first);
    let newcomer = rig.come(FOREVER);
    rig.recover(slow);
    rig.finish();
    assert_eq!((rig.ends()[slow], rig.ends()[newcomer]), (started(150), started(250)));
}

#[test]
fn who_waits_for_those_before_it_at_the_end_of_its_time_does_so_for_two_milliseconds() {
    let limit = RateLimit::default();
    let mut rig = Rig::new(&limit, of(100.0, 3, 20 * MS), S);
    (0..3).for_each(|_| {
        rig.come(FOREVER);
    });
    rig.come_as(FOREVER, true, false);
    let next = rig.come(FOREVER);
    rig.finish();
    assert!(matches!(rig.ends()[next], End::Refused(at, _) if at == S + 22 * MS), "{:?}", rig.ends()[next]);
}

#[test]
fn who_comes_late_after_all_keeps_its_place() {
    let limit = RateLimit::default();
    let mut rig = Rig::new(&limit, of(10.0, 1, 99 * S), S);
    rig.come(FOREVER);
    let stuck = rig.come_as(FOREVER, true, false);
    let others = [(); 4].map(|()| rig.come(FOREVER));
    rig.pass_until(S + 250 * MS);
    assert_eq!(rig.ends()[others[0]], started(200));
    rig.recover(stuck);
    rig.finish();
    assert_eq!(rig.ends()[stuck], started(300));
    assert_eq!(others.map(|other| rig.ends()[other]), [200, 400, 500, 600].map(started));
}

/// If a late waiter were put behind the others, no attempt would ever start.
#[test]
fn where_all_are_late_all_the_time_the_slots_are_used_all_the_same() {
    for lag in [50, 110, 200, 1_000] {
        let limit = RateLimit::default();
        let mut rig = Rig::new(&limit, of(1.0, 1, 99 * S), S);
        rig.lag = lag * MS;
        (0..30).for_each(|_| {
            rig.come(FOREVER);
        });
        rig.pass_until(30 * S);
        let most = 29 * S / (S + lag * MS);
        assert!(
            rig.starts().len() as u64 >= most * 9 / 10,
            "{} of {most}, {lag} ms late",
            rig.starts().len()
        );
    }
}

#[test]
fn of_a_thousand_that_do_not_come_nobody_is_waited_for_twice() {
    let limit = RateLimit::default();
    let mut rig = Rig::new(&limit, of(10.0, 1, 999 * S), S);
    rig.come(FOREVER);
    (0..1_000).for_each(|_| {
        rig.come_as(FOREVER, true, false);
    });
    let others: Vec<usize> = (0..10).map(|_| rig.come(FOREVER)).collect();
    rig.pass_until(9 * S);
    let ends = rig.ends();
    let starts: Vec<u64> = others
        .iter()
        .map(|other| match ends[*other] {
            End::Started(at) => at - S,
            other => panic!("{other:?}"),
        })
        .collect();
    assert!(starts[0] <= 2_300 * MS, "{starts:?}");
    assert!(starts.windows(2).all(|two| two[1] - two[0] == 100 * MS), "{starts:?}");
    // A newcomer does not wait for them either, and takes a slot without the queue.
    rig.pass_until(10 * S);
    let newcomer = rig.come(FOREVER);
    assert_eq!(rig.ends()[newcomer], End::Started(10 * S));
}

#[test]
fn timers_that_are_late_cost_few_slots() {
    for (per_second, burst) in
        [(10_u32, 1), (60, 1), (100, 1), (1_000, 1), (10_000, 1), (10_000, 50), (40, 2)]
    {
        let limit = RateLimit::default();
        let mut rig = Rig::new(&limit, of(f64::from(per_second), burst, 99 * S), S + 1);
        (rig.grain, rig.lag) = (MS, MS / 10);
        let slots = per_second * 4 / 10;
        (0..slots + burst).for_each(|_| {
            rig.come(FOREVER);
        });
        rig.pass_until(S + 1 + 410 * MS);
        let started = rig.starts().len();
        // At worst 11.1 ms instead of 10.
        assert!(started >= (slots * 22 / 25) as usize, "{started} of {slots} at {per_second}/s");
    }
}

/// Several slots come within a millisecond: all timers fire together, in any order.
#[test]
fn who_was_promised_a_slot_is_not_refused_because_it_is_polled_before_the_others() {
    for is_backwards in [false, true] {
        let limit = RateLimit::default();
        let mut rig = Rig::new(&limit, of(4_000.0, 1, 10 * MS), S);
        (rig.grain, rig.is_backwards) = (MS, is_backwards);
        (0..60).for_each(|_| {
            rig.come(FOREVER);
        });
        rig.finish();
        assert_eq!(rig.starts().len(), 41);
        assert_eq!(rig.now, S + 10 * MS);
    }
}

#[test]
fn a_reload_reaches_who_waits_and_switching_off_lets_all_go() {
    for (new, expected) in [
        (Some(of(20.0, 1, S)), [0, 75, 125]),
        (Some(of(5.0, 1, S)), [0, 150, 350]),
        (Some(of(10.0, 2, S)), [0, 50, 100]),
        (None, [0, 50, 50]),
    ] {
        let limit = RateLimit::default();
        let mut rig = Rig::new(&limit, of(10.0, 1, S), S);
        (0..3).for_each(|_| {
            rig.come(FOREVER);
        });
        rig.pass_until(S + 50 * MS);
        rig.reload(new.clone());
        rig.finish();
        assert_eq!(rig.ends(), expected.map(started), "{new:?}");
    }
}

#[test]
fn who_waits_in_vain_is_told_when_asking_makes_sense() {
    let limit = RateLimit::default();
    let mut rig = Rig::new(&limit, of(10.0, 1, S), S);
    rig.come(FOREVER);
    let vain = rig.come(FOREVER);
    rig.pass_until(S + 50 * MS);
    rig.reload(Some(of(0.1, 1, S)));
    rig.finish();
    let later = Duration::from_millis(5_050 - 1_000 - 1_000);
    assert_eq!(rig.ends()[vain], End::Refused(2 * S, later));
    rig.pass_until(2 * S + 3_050 * MS);
    let again = rig.come(FOREVER);
    rig.finish();
    assert_eq!(rig.ends()[again], started(5_050));
}

#[test]
fn the_tenth_in_line_is_given_time_to_come_late_and_the_eleventh_is_not() {
    let limit = RateLimit::default();
    // The slots of all eleven are due when their timers go off, which is after they were to wait.
    let mut rig = Rig::new(&limit, of(10_000.0, 1, MS + MS / 5), S);
    (rig.grain, rig.is_backwards) = (2 * MS, true);
    for _ in 0..=11 {
        rig.come(S);
    }
    assert_eq!(rig.waiting(), 11);
    rig.finish();
    let late = S + 2 * MS;
    assert_eq!(rig.starts(), [&[S], &[late; 10][..]].concat());
    assert_eq!(rig.tasks[11].end, End::Refused(late, Duration::ZERO));
}
