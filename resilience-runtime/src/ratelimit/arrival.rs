//! Computes when the next slot of the rate limit is due (GCRA). In: the arrival time of a limit, and its pace. Out: when a slot is
//! due, and how long a waiter has to wait. Numbers only.

use std::time::Duration;

use crate::clock::{Tick, nanos};
use crate::policy::Pace;

/// The bit of the word that says that an attempt waits.
pub(super) const WAITING: u64 = 1 << 63;
/// The latest time (146 years); later ones are treated as this one. With a burst on top, it is still below [`WAITING`].
pub(super) const LATEST: u64 = 1 << 62;

/// How late a waiter usually is: tokio's timers fire at full milliseconds, and it takes a while until a task is polled.
pub(super) const LATE: Duration = Duration::from_millis(2);
/// In a period shorter than this, in nanoseconds, a late waiter takes its slot as of the time when the slot was due.
/// A slot taken late loses that much time, unless the burst makes up for it: little of a long period, but most of a
/// short one. With a period of a millisecond, half of the slots would be lost.
pub(super) const SHORT_PERIOD: u64 = 10_000_000;

/// The word for an arrival time while attempts wait: it sends newcomers to the queue.
pub(super) fn with_waiting_bit(arrival: u64) -> u64 {
    arrival + WAITING
}

/// When a slot is due.
pub(super) fn due(arrival: u64, pace: Pace) -> Tick {
    Tick(arrival.saturating_sub(pace.ahead))
}

pub(super) fn is_due(arrival: u64, pace: Pace, now: Tick) -> bool {
    due(arrival, pace).0 <= now.0.min(LATEST)
}

/// The time as of which a waiter takes a slot that has been due for a while.
pub(super) fn effective_time(pace: Pace, now: Tick) -> u64 {
    let late = if pace.period < SHORT_PERIOD { nanos(LATE) } else { 0 };
    now.0.min(LATEST).saturating_sub(late)
}

/// How long a waiter with `before` others ahead of it has to wait, if all of them take their slots.
pub(super) fn wait(arrival: u64, pace: Pace, before: u64, now: Tick) -> u64 {
    let arrival = arrival.max(effective_time(pace, now)).saturating_add(before.saturating_mul(pace.period));
    due(arrival, pace).nanos_since(now)
}

/// Whether a wait is within `time_left`; the error is by how much it is too long.
pub(super) fn check(wait: u64, time_left: u64) -> Result<(), Duration> {
    if wait <= time_left && time_left > 0 {
        return Ok(());
    }
    Err(Duration::from_nanos(wait.saturating_sub(time_left).max(1)))
}

/// The arrival time that stands for the same number of attempts when the period changes.
pub(super) fn rescaled(arrival: u64, from: u64, to: u64, now: Tick) -> u64 {
    let now = now.0.min(LATEST);
    let backlog = u128::from(arrival.saturating_sub(now));
    let scaled = (backlog * u128::from(to)).div_ceil(u128::from(from));
    now + u64::try_from(scaled).unwrap_or(Pace::LONGEST).min(Pace::LONGEST)
}
