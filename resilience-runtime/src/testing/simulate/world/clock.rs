//! Tells the virtual time of a simulation. In: the moment it began. Out: nanoseconds since then, and waits until such a moment.
//!
//! Tokio's timers end on whole milliseconds, and never early. Servers count in nanoseconds, so their capacity is exact; only
//! what a caller sees of it is later by up to a millisecond.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// How long after the last arrival calls that are under way are waited for, in seconds, or for as long as the run took if that is
/// longer. Calls end by their deadline; this is for settings that have none.
const DRAIN: f64 = 86_400.0;

/// Nanoseconds since the run began.
#[derive(Clone, Copy, Debug)]
pub(in crate::testing::simulate) struct Clock(Instant);

impl Clock {
    /// Begins now.
    pub(in crate::testing::simulate) fn start() -> Self {
        Self(Instant::now())
    }

    pub(in crate::testing::simulate) fn now(self) -> u64 {
        u64::try_from(self.0.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    pub(in crate::testing::simulate) async fn until(self, nanos: u64) {
        sleep_until(self.0 + Duration::from_nanos(nanos)).await;
    }

    /// Waits until so many seconds after the run began. All that arrive by the next whole millisecond are begun by one wake.
    pub(in crate::testing::simulate) async fn reach(self, at: f64) {
        let due = nanos(at);
        if due > self.now() {
            self.until(due).await;
        }
    }

    /// Seconds since the run began.
    pub(in crate::testing::simulate) fn seconds(self) -> f64 {
        seconds(self.now())
    }

    /// Waits while that is so, until long after `end`, in seconds.
    pub(in crate::testing::simulate) async fn wait_while(self, is_so: impl Fn() -> bool, end: f64) {
        let until = end + end.max(DRAIN);
        // Some thousand looks within the run, however long it is.
        let step = (end / 1e4).max(0.1);
        while is_so() && self.seconds() < until {
            self.pause(step).await;
        }
    }

    /// Waits that many seconds.
    pub(in crate::testing::simulate) async fn pause(self, seconds: f64) {
        self.until(self.now() + nanos(seconds)).await;
    }
}

/// As a number of seconds.
#[expect(clippy::cast_precision_loss, reason = "exact below a hundred days")]
pub(in crate::testing::simulate) fn seconds(nanos: u64) -> f64 {
    nanos as f64 / 1e9
}

/// The nearest nanosecond.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "casts of floats saturate")]
pub(in crate::testing::simulate) fn nanos(seconds: f64) -> u64 {
    (seconds * 1e9).round() as u64
}
