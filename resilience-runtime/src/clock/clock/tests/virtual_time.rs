//! A clock that goes by tokio's.

use tokio::time::advance;

use super::super::*;
use crate::clock::on_tokio::{scope, sync_scope};

#[tokio::test(start_paused = true)]
async fn it_stands_still_and_leaps_with_tokio_and_begins_at_the_same_moment() {
    let clock = Clock::on_tokio();
    assert_eq!((clock.now(), clock.is_virtual()), (BEGIN, true));
    std::thread::sleep(Duration::from_millis(2));
    assert_eq!(clock.now(), BEGIN);
    advance(Duration::from_secs(7)).await;
    assert_eq!(clock.now(), BEGIN.plus(Duration::from_secs(7)));
    assert_eq!(Clock::on_tokio().now(), BEGIN);
}

#[tokio::test(start_paused = true)]
async fn a_clock_of_the_program_goes_by_the_counter_in_a_paused_runtime() {
    let clock = Clock::new();
    let before = clock.now();
    advance(Duration::from_hours(1)).await;
    assert!(!clock.is_virtual() && clock.now().since(before) < Duration::from_mins(30));
}

#[tokio::test(start_paused = true)]
async fn one_that_is_switched_over_goes_on_from_where_it_was() {
    let clock = Clock::new();
    let before = clock.now();
    // Not `switch_over`, which tells the whole process.
    clock.tokio.get_or_init(|| OnTokio::from(clock.counted()));
    let switched = clock.now();
    assert!(
        switched >= before && switched.since(before) < Duration::from_secs(30),
        "{before:?} {switched:?}"
    );
    advance(Duration::from_mins(1)).await;
    assert_eq!(clock.now(), switched.plus(Duration::from_mins(1)));
}

#[tokio::test(start_paused = true)]
async fn an_earlier_runtime_reads_earlier_moments_and_does_not_stand_still() {
    std::thread::sleep(Duration::from_millis(5));
    let later = std::thread::spawn(Clock::on_tokio).join().expect("no panic");
    let before = later.now();
    assert!(before < BEGIN);
    advance(Duration::from_millis(1)).await;
    assert_eq!(later.now(), before.plus(Duration::from_millis(1)));
}

#[tokio::test]
async fn what_is_made_inside_a_scope_goes_by_it() {
    assert!(scope(async { Clock::here().is_virtual() }).await);
    assert!(sync_scope(|| Clock::here().is_virtual()));
}
