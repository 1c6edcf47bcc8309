//! Reads a deadline as users write it; what inner calls inherit of it, `nested` decides. In: a moment, or a time from now. Out:
//! when calls have to be over, by the clock of their registry.

use std::time::{Duration, Instant as StdInstant};

use tokio::time::Instant;

use crate::clock::{Clock, Tick};
#[cfg(not(feature = "testing"))]
use crate::registry::clock_of_program;

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
pub struct Deadline(When);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    /// By tokio's clock, which the clocks of tests go by.
    At(Instant),
    /// By the clock of the program, which takes half the time to read; the last moment is beyond its range.
    Tick(Tick),
}

impl Deadline {
    /// The same moment by another clock.
    #[inline]
    pub(super) fn on(self, clock: &Clock) -> Tick {
        match self.0 {
            When::At(at) => clock.now().plus(at.saturating_duration_since(Instant::now())),
            When::Tick(tick) => tick,
        }
    }
}

impl From<Duration> for Deadline {
    /// So long from now: the time that passes until the call is made counts.
    #[cfg(not(feature = "testing"))]
    fn from(time: Duration) -> Self {
        Self(When::Tick(clock_of_program().now().plus(time)))
    }

    /// So long from now: the time that passes until the call is made counts.
    #[cfg(feature = "testing")]
    fn from(time: Duration) -> Self {
        Self(Instant::now().checked_add(time).map_or(When::Tick(Tick::MAX), When::At))
    }
}

impl From<Instant> for Deadline {
    fn from(at: Instant) -> Self {
        Self(When::At(at))
    }
}

impl From<StdInstant> for Deadline {
    fn from(at: StdInstant) -> Self {
        Instant::from_std(at).into()
    }
}
