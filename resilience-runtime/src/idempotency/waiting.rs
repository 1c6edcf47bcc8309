//! Decides how long a call waits for another with its key. In: settings and the time. Out: until when it waits, and when it asks
//! the store next.

use std::time::Duration;

use resilience_settings::policy::IdempotencyWait;

use crate::clock::Tick;

/// A shorter one would ask more often than most operations take.
const FIRST: Duration = Duration::from_millis(25);

/// A longer one would be felt by people.
const LONGEST: Duration = Duration::from_millis(500);

/// Until when a call waits that began to at that time.
pub(crate) fn wait_until(began: Tick, wait: IdempotencyWait, deadline: Tick) -> Tick {
    match wait {
        IdempotencyWait::AtMost(time) => began.plus(time).min(deadline),
        IdempotencyWait::Off => began,
        // Waiting for less than it may hurts nobody who has not said so.
        _ => deadline,
    }
}

/// The pauses between questions: 25 ms, then twice the last, up to 500 ms.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Polling(Duration);

impl Polling {
    pub(crate) const fn new() -> Self {
        Self(FIRST)
    }

    /// The next pause; not longer than the lease, which may be free then.
    pub(crate) fn pause(&mut self, rest: Duration) -> Duration {
        let pause = self.0.min(rest.max(Duration::from_millis(1)));
        self.0 = (self.0 * 2).min(LONGEST);
        pause
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_waits_until_its_own_deadline_at_most() {
        let at = |millis: u64| Tick(1).plus(Duration::from_millis(millis));
        let at_most = |millis| IdempotencyWait::AtMost(Duration::from_millis(millis));
        for (wait, deadline, expected) in [
            (IdempotencyWait::Deadline, 900, 900),
            (at_most(50), 900, 150),
            (at_most(5_000), 900, 900),
            (IdempotencyWait::Off, 900, 100),
        ] {
            assert_eq!(wait_until(at(100), wait, at(deadline)), at(expected), "{wait:?}");
        }
        assert_eq!(wait_until(at(0), IdempotencyWait::Deadline, Tick::MAX), Tick::MAX);
    }

    #[test]
    fn pauses_double_from_25_ms_to_500_and_end_with_the_lease() {
        let mut polling = Polling::new();
        let long = Duration::from_mins(1);
        let pauses: Vec<_> = (0..7).map(|_| polling.pause(long).as_millis()).collect();
        assert_eq!(pauses, [25, 50, 100, 200, 400, 500, 500]);
        assert_eq!(polling.pause(Duration::from_millis(30)).as_millis(), 30);
        assert_eq!(polling.pause(Duration::ZERO).as_millis(), 1, "never without a pause");
    }
}
