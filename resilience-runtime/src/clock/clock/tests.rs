//! A clock that goes by the counter, whatever that does.

#[cfg(feature = "testing")]
mod virtual_time;

use super::*;

#[test]
fn it_runs_as_fast_as_the_clock_of_the_system() {
    let clock = Clock::new();
    let (before, first, after) = (Instant::now(), clock.now(), Instant::now());
    std::thread::sleep(Duration::from_millis(100));
    let (least, end, most) = (after.elapsed(), clock.now(), before.elapsed());
    let time = end.since(first);
    assert!(time >= least * 99 / 100 && time <= most * 101 / 100, "{least:?} {time:?} {most:?}");
}

const HOUR: Duration = Duration::from_hours(1);

#[test]
fn a_counter_that_falls_below_its_first_reading_is_an_earlier_time_and_not_centuries_later() {
    let (counter, hand) = quanta::Clock::mock();
    hand.increment(HOUR);
    let clock = Clock::reading(counter);
    let first = clock.now();
    hand.decrement(HOUR / 2);
    assert_eq!(first.since(clock.now()), HOUR / 2);
    hand.decrement(HOUR / 2);
    assert_eq!(first.since(clock.now()), HOUR);
    assert!(clock.now() > Tick(0));
}

#[test]
fn what_a_counter_has_lost_is_added_by_the_thread_that_looks() {
    let (counter, hand) = quanta::Clock::mock();
    hand.increment(HOUR);
    let clock = Clock::reading(counter);
    let first = clock.now();
    let mut last = clock.anchor();
    hand.decrement(HOUR);
    let seen = clock.look(&mut last);
    assert!(seen >= first, "{seen:?} {first:?}");
    assert!(seen.since(first) < Duration::from_secs(5), "{seen:?} {first:?}");
    assert_eq!(clock.now(), seen, "for everybody");
    hand.increment(HOUR);
    assert_eq!(clock.look(&mut last), seen.plus(HOUR), "and nothing is added to a counter that is well");
}

#[test]
fn processors_that_disagree_do_not_move_the_clock() {
    let (counter, hand) = quanta::Clock::mock();
    hand.increment(HOUR);
    let clock = Clock::reading(counter);
    let first = clock.now();
    let mut last = clock.anchor();
    for _ in 0..100 {
        hand.decrement(FALL / 2);
        clock.look(&mut last);
        hand.increment(FALL / 2);
        clock.look(&mut last);
    }
    assert_eq!(clock.now(), first);
}
