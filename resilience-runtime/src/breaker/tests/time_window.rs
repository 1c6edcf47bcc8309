//! The time window alone.

use std::time::Duration;

use super::super::evidence::vote::{Counts, Vote};
use super::S;
use super::rig::WindowRig;
use crate::clock::Tick;
use crate::counting::slices::Slices;

const TEN: Duration = Duration::from_secs(10);

fn window_with(votes: &[(u64, Vote)]) -> WindowRig {
    let window = WindowRig::default();
    for &(at, vote) in votes {
        window.record(vote, 0, Slices::of(TEN), Tick(at));
    }
    window
}

#[test]
fn votes_leave_the_window_after_its_length_and_at_most_a_tenth() {
    let window =
        window_with(&[(20 * S, Vote::Failure), (20 * S + 1, Vote::SlowSuccess), (25 * S, Vote::Success)]);
    let at = |now| window.counts(0, Slices::of(TEN), Tick(now));
    assert_eq!(at(25 * S), Counts([1, 1, 1, 0]));
    assert_eq!(at(30 * S), Counts([1, 1, 1, 0]));
    assert_eq!(at(31 * S), Counts([1, 0, 0, 0]));
    assert_eq!(at(36 * S), Counts::default());
}

#[test]
fn a_slice_is_used_again_without_its_old_counts() {
    let window = window_with(&[(3 * S, Vote::Failure), (14 * S, Vote::Failure)]);
    assert_eq!(window.counts(0, Slices::of(TEN), Tick(14 * S)).failures(), 1);
}

#[test]
fn another_generation_or_length_sees_none_of_the_counts() {
    let window = window_with(&[(3 * S, Vote::Failure)]);
    for generation in 1..10_000 {
        assert_eq!(window.counts(generation, Slices::of(TEN), Tick(3 * S)), Counts::default());
    }
    for seconds in (1..1_000).filter(|seconds| *seconds != 10) {
        let slices = Slices::of(Duration::from_secs(seconds));
        assert_eq!(window.counts(0, slices, Tick(3 * S)), Counts::default());
    }
}

#[test]
fn a_longer_window_starts_with_all_old_counts_and_lets_them_go_evenly() {
    let window = window_with(&[(91 * S, Vote::Failure), (95 * S, Vote::Success), (99 * S, Vote::Success)]);
    let long = Slices::of(Duration::from_secs(100));
    window.reshape(0, Slices::of(TEN), long, Tick(100 * S));
    assert_eq!(window.counts(0, long, Tick(100 * S)), Counts([2, 0, 1, 0]));
    assert_eq!(window.counts(0, long, Tick(190 * S)), Counts([2, 0, 1, 0]));
    assert_eq!(window.counts(0, long, Tick(195 * S)), Counts([1, 0, 0, 0]));
    assert_eq!(window.counts(0, long, Tick(200 * S)), Counts::default());
}

#[test]
fn a_shorter_window_starts_with_the_newest_old_counts() {
    let window = window_with(&[(91 * S, Vote::Failure), (98 * S, Vote::Success), (99 * S, Vote::Success)]);
    let short = Slices::of(Duration::from_secs(3));
    window.reshape(0, Slices::of(TEN), short, Tick(100 * S));
    assert_eq!(window.counts(0, short, Tick(100 * S)), Counts([2, 0, 0, 0]));
    assert_eq!(window.counts(1, short, Tick(100 * S)), Counts::default());
    assert_eq!(window.counts(0, short, Tick(103 * S)), Counts::default());
}

#[test]
fn two_changes_of_length_lose_nothing_that_still_fits() {
    let window = window_with(&[(99 * S, Vote::Failure), (99 * S, Vote::Success)]);
    let (ten, twenty) = (Slices::of(TEN), Slices::of(2 * TEN));
    window.reshape(0, ten, twenty, Tick(100 * S));
    window.reshape(0, twenty, ten, Tick(100 * S));
    assert_eq!(window.counts(0, ten, Tick(100 * S)), Counts([1, 0, 1, 0]));
}

#[test]
fn votes_of_many_threads_add_up() {
    let window = WindowRig::default();
    std::thread::scope(|scope| {
        for _ in 0..crate::counting::shard::NEAR + 8 {
            scope.spawn(|| {
                for at in 0..1_000 {
                    window.record(Vote::Failure, 7, Slices::of(TEN), Tick(at * 9_000_000));
                }
            });
        }
    });
    let total = window.counts(7, Slices::of(TEN), Tick(9 * S)).failures();
    assert_eq!(total, 1_000 * (crate::counting::shard::NEAR as u64 + 8));
}

#[test]
fn extreme_lengths_and_times_do_not_overflow() {
    let window = WindowRig::default();
    for length in [Duration::ZERO, Duration::from_nanos(1), Duration::MAX] {
        let slices = Slices::of(length);
        window.record(Vote::Failure, u32::MAX, slices, Tick::MAX);
        assert_eq!(window.counts(u32::MAX, slices, Tick::MAX).failures(), 1);
        window.reshape(u32::MAX, slices, Slices::of(TEN), Tick::MAX);
    }
}
