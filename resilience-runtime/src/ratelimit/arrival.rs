//! In: the arrival time of a limit, and its pace. Out: when a turn is due, and how long those who wait have to. Numbers
//! only.

use std::time::Duration;

use crate::clock::{Tick, nanos};
use crate::policy::Pace;

/// Somebody waits, in the word.
pub(super) const WAITING: u64 = 1 << 63;
/// Any time beyond this (146 years) is taken for this: with what is ahead of it, it is below [`WAITING`].
pub(super) const LATEST: u64 = 1 << 62;

/// How late a waiter is, mostly: the timers of tokio go off at full milliseconds, and a task takes a while to be polled.
pub(super) const LATE: Duration = Duration::from_millis(2);
/// A turn that is taken late is lost to that extent, where the burst does not make up for it. That is little of a long
/// period, and most of a short one: with one of a millisecond, half of the turns would be lost. So in a period that is
/// shorter than this, a waiter that is late takes its turn as of when it was due.
pub(super) const SHORT: u64 = 10_000_000;

/// The word of an arrival time, with which newcomers go to the queue.
pub(super) fn waited_for(arrival: u64) -> u64 {
    arrival + WAITING
}

/// When a turn is due.
pub(super) fn due(arrival: u64, pace: Pace) -> Tick {
    Tick(arrival.saturating_sub(pace.ahead))
}

pub(super) fn is_due(arrival: u64, pace: Pace, now: Tick) -> bool {
    due(arrival, pace).0 <= now.0.min(LATEST)
}

/// As of when a waiter takes its turn that has been due for long.
pub(super) fn counts_from(pace: Pace, now: Tick) -> u64 {
    let late = if pace.period < SHORT { nanos(LATE) } else { 0 };
    now.0.min(LATEST).saturating_sub(late)
}

/// How long it takes until the turn of somebody who has so many before it, if all of them take theirs.
pub(super) fn wait(arrival: u64, pace: Pace, before: u64, now: Tick) -> u64 {
    let arrival = arrival.max(counts_from(pace, now)).saturating_add(before.saturating_mul(pace.period));
    due(arrival, pace).nanos_since(now)
}

/// Whether somebody may wait for that long who has so much patience; the error is by how much it is too long.
pub(super) fn check(wait: u64, patience: u64) -> Result<(), Duration> {
    if wait <= patience && patience > 0 {
        return Ok(());
    }
    Err(Duration::from_nanos(wait.saturating_sub(patience).max(1)))
}

/// The arrival time of as many attempts in another period.
pub(super) fn rescaled(arrival: u64, from: u64, to: u64, now: Tick) -> u64 {
    let now = now.0.min(LATEST);
    let backlog = u128::from(arrival.saturating_sub(now));
    let scaled = (backlog * u128::from(to)).div_ceil(u128::from(from));
    now + u64::try_from(scaled).unwrap_or(Pace::LONGEST).min(Pace::LONGEST)
}
