//! Says which slot an attempt would have had whose service is only observed. In: a call that starts at once, whatever comes out.
//! Out: the slot that it would have had, now or after a wait, or none.

use std::sync::atomic::Ordering;

use super::arrival::{LATEST, WAITING, due};
use super::limit::RateLimit;
use super::rate_slot::RateSlot;
use crate::clock::Tick;
use crate::policy::Pace;

/// A slot that a call would have had.
#[derive(Debug)]
pub(crate) struct ObservedSlot<'a> {
    /// The slot, which is taken: those that come later find it gone.
    pub(crate) slot: RateSlot<'a>,
    /// Whether the call would have waited for it.
    pub(crate) is_later: bool,
}

impl RateLimit {
    /// Takes the slot that a call would have been given now, or within `max_wait` and before `deadline`; `None` if it would
    /// have been refused. Nobody waits, so that the turn of those who would is taken in advance.
    pub(crate) fn observe(&self, pace: Pace, now: Tick, deadline: Tick) -> Option<ObservedSlot<'_>> {
        let time_left = pace.max_wait.min(deadline.nanos_since(now).saturating_sub(1));
        let mut word = self.word.load(Ordering::Relaxed);
        loop {
            // Calls from before may still be waiting, and own the word.
            if word >= WAITING {
                return None;
            }
            let wait = due(word, pace).nanos_since(now);
            if wait > time_left {
                return None;
            }
            let after = word.max(now.0.min(LATEST)) + pace.period;
            match self.swap(word, after) {
                Ok(()) => {
                    let slot = RateSlot::new(self, word, after);
                    return Some(ObservedSlot { slot, is_later: wait > 0 });
                }
                Err(current) => word = current,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use resilience_settings::policy::RateSettings;

    use super::*;

    fn pace(max_wait: Duration) -> Pace {
        let mut settings = RateSettings::default();
        settings.burst = 2;
        settings.max_wait = max_wait;
        Pace::of(&settings)
    }

    /// Ten milliseconds apart, two at once: what each of so many calls would have had.
    fn seen(max_wait: u64, calls: usize) -> Vec<Option<bool>> {
        let (limit, pace) = (RateLimit::default(), pace(Duration::from_millis(max_wait)));
        let now = Tick(5_000_000_000);
        let one = || {
            let ObservedSlot { slot, is_later } = limit.observe(pace, now, Tick::MAX)?;
            slot.consume();
            Some(is_later)
        };
        std::iter::repeat_with(one).take(calls).collect()
    }

    #[test]
    fn a_call_has_its_slot_now_or_within_the_wait_or_none() {
        assert_eq!(seen(0, 4), [Some(false), Some(false), None, None]);
        assert_eq!(seen(20, 5), [Some(false), Some(false), Some(true), Some(true), None]);
    }

    #[test]
    fn a_slot_that_is_dropped_goes_back_and_one_beyond_the_deadline_is_none() {
        let (limit, pace, now) = (RateLimit::default(), pace(Duration::from_secs(1)), Tick(5_000_000_000));
        for _ in 0..5 {
            let slot = limit.observe(pace, now, Tick::MAX);
            assert!(slot.is_some_and(|slot| !slot.is_later), "each gives back what it took");
        }
        for _ in 0..2 {
            limit.observe(pace, now, Tick::MAX).expect("the burst").slot.consume();
        }
        let soon = now.plus(Duration::from_millis(10));
        assert!(limit.observe(pace, now, soon).is_none(), "a slot at the deadline is of no use");
        assert!(limit.observe(pace, now, soon.plus(Duration::from_millis(1))).is_some());
    }
}
