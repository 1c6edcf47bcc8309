//! In: a moment, or a time from now. Out: when calls have to be over, by the clock of their registry.

use std::time::{Duration, Instant as StdInstant};

use tokio::time::Instant;

use crate::clock::{Clock, Tick};

/// When calls have to be over: a [`Duration`] from now, or an `Instant` of std or tokio.
///
/// ```
/// use std::time::{Duration, Instant};
/// use resilience_runtime::Deadline;
///
/// let soon = Deadline::from(Duration::from_millis(200));
/// let later = Deadline::from(Instant::now() + Duration::from_secs(5));
/// assert_ne!(soon, later);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline(
    /// `None` is beyond the range of the clock.
    Option<Instant>,
);

impl Deadline {
    /// The same moment by another clock.
    pub(super) fn on(self, clock: &Clock) -> Tick {
        self.after(clock.now())
    }

    /// The same by what another clock shows now.
    pub(super) fn after(self, now: Tick) -> Tick {
        match self.0 {
            Some(at) => now.plus(at.saturating_duration_since(Instant::now())),
            None => Tick::MAX,
        }
    }
}

impl From<Duration> for Deadline {
    /// So long from now: the time that passes until the call is made counts.
    fn from(time: Duration) -> Self {
        Self(Instant::now().checked_add(time))
    }
}

impl From<Instant> for Deadline {
    fn from(at: Instant) -> Self {
        Self(Some(at))
    }
}

impl From<StdInstant> for Deadline {
    fn from(at: StdInstant) -> Self {
        Self(Some(Instant::from_std(at)))
    }
}
