//! Decides how long a call holds its key, and when the lease is renewed. In: the settings, and when the call claimed it. Out: when
//! it is renewed, and when it runs out once nobody renews it.

use std::time::Duration;

use crate::clock::{Tick, nanos};

/// A shorter one would need a renewal every other second, and a pause of the process loses it.
const SHORTEST: Duration = Duration::from_secs(10);

/// A longer one blocks the key for longer after a crash than people wait.
const LONGEST: Duration = Duration::from_mins(1);

/// What holds without an attempt timeout, between the two.
const WITHOUT_TIMEOUT: Duration = Duration::from_secs(30);

/// How often a lease is renewed while it lasts: two renewals may be lost before it is.
const RENEWALS: u32 = 3;

/// How long a result is offered to a store that does not take it.
pub(crate) const STORING_FOR: Duration = Duration::from_mins(1);

/// A larger result is stored as done without its value: a store for records is none for files.
#[cfg(feature = "json")]
pub(crate) const MOST_BYTES: usize = 256 * 1024;

/// The length of a lease.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Lease(Duration);

impl Lease {
    /// What is written, else twice the attempt timeout within bounds.
    pub(crate) fn new(written: Option<Duration>, attempt_timeout: Option<Duration>) -> Self {
        let by_timeout = || {
            attempt_timeout
                .map_or(WITHOUT_TIMEOUT, |timeout| timeout.saturating_mul(2).clamp(SHORTEST, LONGEST))
        };
        Self(written.unwrap_or_else(by_timeout))
    }

    /// How long it lasts unless it is renewed.
    pub(crate) const fn length(self) -> Duration {
        self.0
    }

    /// How long after a claim or a renewal it is renewed.
    pub(crate) fn renewed_after(self) -> Duration {
        self.0 / RENEWALS
    }

    /// When a lease runs out that was claimed at one time, and renewed on time until another or until the deadline of its
    /// call. A store in memory sees its calls, so that nobody has to renew: it computes this when a call is cut off.
    pub(crate) fn runs_out(self, claimed: Tick, cut_off: Tick, deadline: Tick) -> Tick {
        let (held, every) = (cut_off.min(deadline).nanos_since(claimed), nanos(self.renewed_after()).max(1));
        let renewed = claimed.0.saturating_add(held / every * every);
        Tick(renewed).plus(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn secs(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    #[test]
    fn a_lease_is_twice_the_attempt_timeout_within_bounds_unless_written() {
        for (written, timeout, expected) in [
            (None, None, 30_000),
            (None, Some(1_000), 10_000),
            (None, Some(5_000), 10_000),
            (None, Some(5_001), 10_002),
            (None, Some(30_000), 60_000),
            (None, Some(u64::MAX), 60_000),
            (Some(200), Some(30_000), 200),
            (Some(3_600_000), None, 3_600_000),
        ] {
            let lease = Lease::new(written.map(Duration::from_millis), timeout.map(Duration::from_millis));
            assert_eq!(lease.length(), Duration::from_millis(expected), "{written:?} {timeout:?}");
        }
    }

    #[test]
    fn it_is_renewed_at_a_third_and_never_past_the_deadline() {
        let lease = Lease::new(Some(secs(30)), None);
        assert_eq!(lease.renewed_after(), secs(10));
        let at = |seconds: u64| Tick(0).plus(secs(seconds));
        for (cut_off, deadline, expected) in
            [(0, 1_000, 30), (9, 1_000, 30), (10, 1_000, 40), (25, 1_000, 50), (25, 15, 40), (1_000, 5, 30)]
        {
            assert_eq!(
                lease.runs_out(at(0), at(cut_off), at(deadline)),
                at(expected),
                "{cut_off} {deadline}"
            );
        }
        assert_eq!(lease.runs_out(at(0), Tick::MAX, Tick::MAX), Tick::MAX);
        assert_eq!(Lease::new(Some(Duration::ZERO), None).runs_out(at(1), at(2), at(3)), at(2));
    }
}
