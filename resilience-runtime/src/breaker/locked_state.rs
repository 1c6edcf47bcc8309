//! Decides how long a breaker stays open, how many trials run at once when it is half-open, and when it closes after them. In: the
//! settings, trials that start and end. Out: the length of the next break, whether a trial may start, and whether its result
//! counts. It is what only transitions and trials change, under one lock.

use std::mem::take;
use std::time::Duration;

use resilience_settings::policy::BreakerSettings;

use super::timeline::Timeline;
use crate::clock::Tick;

/// The part of a breaker that is kept under its lock, off the hot path.
#[derive(Debug, Default)]
pub(super) struct LockedState {
    /// Breaks since the breaker was last closed, not counting the first.
    pub(super) reopens: u32,
    /// Trials of this half-open generation that are under way and still count.
    trials: Vec<Trial>,
    /// The number of the newest trial.
    last_trial: u16,
    /// Successful trials of this half-open generation.
    pub(super) successes: u32,
    pub(super) timeline: Timeline,
}

/// A trial under way.
#[derive(Debug)]
struct Trial {
    number: u16,
    /// From when on it counts no more, whether it ends or not.
    until: Tick,
}

impl LockedState {
    /// The state of a breaker that is created now.
    pub(super) fn new(now: Tick) -> Self {
        Self { timeline: Timeline::new(now), ..Self::default() }
    }

    /// Resets the length of breaks and drops all trials. The timeline stays.
    pub(super) fn reset(&mut self) {
        *self = Self { timeline: take(&mut self.timeline), ..Self::default() };
    }

    /// Starts a half-open generation.
    pub(super) fn start_half_open(&mut self) {
        self.trials.clear();
        self.successes = 0;
    }

    /// Starts a trial and returns its number; `None` if as many are under way as may be. Trials past their lifetime
    /// are dropped first: a trial that is alive but never polled, or that hangs without a timeout, would otherwise
    /// keep the breaker half-open for ever.
    pub(super) fn start_trial(&mut self, settings: &BreakerSettings, now: Tick, until: Tick) -> Option<u16> {
        self.trials.retain(|trial| now < trial.until);
        if self.free_trials(settings) == 0 {
            return None;
        }
        loop {
            self.last_trial = self.last_trial.wrapping_add(1).max(1);
            let number = self.last_trial;
            if self.trials.iter().all(|trial| trial.number != number) {
                self.trials.push(Trial { number, until });
                return Some(number);
            }
        }
    }

    /// Ends a trial. Whether its result counts: not once it is past its lifetime.
    pub(super) fn end_trial(&mut self, number: u16, now: Tick) -> bool {
        let place = self.trials.iter().position(|trial| trial.number == number);
        place.is_some_and(|place| now < self.trials.swap_remove(place).until)
    }

    /// How many more trials may start: no more at once than `half_open_calls`, and none beyond the successes that are
    /// still needed to close.
    pub(super) fn free_trials(&self, settings: &BreakerSettings) -> u32 {
        let useful = settings.success_threshold.max(1).saturating_sub(self.successes);
        settings
            .half_open_calls
            .max(1)
            .min(useful)
            .saturating_sub(u32::try_from(self.trials.len()).unwrap_or(u32::MAX))
    }

    /// Whether enough trials have succeeded for the breaker to close.
    pub(super) fn has_recovered(&self, settings: &BreakerSettings) -> bool {
        self.successes >= settings.success_threshold.max(1)
    }
}

/// The length of a break: `open_for · 2^reopens`, varied by a tenth so that not all instances try again at once, and
/// never above `max_open_for`. At the cap the range is narrowed instead of clamped: clamping would give all instances
/// the same break.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "float casts saturate"
)]
pub(super) fn break_length(settings: &BreakerSettings, reopens: u32, draw: f64) -> Duration {
    let max = settings.max_open_for.as_nanos();
    let full = settings.open_for.as_nanos().saturating_mul(1 << reopens.min(64)).min(max);
    let (low, high) = (full - full / 10, (full + full / 10).min(max));
    let spread = ((high - low) as f64 * draw.clamp(0.0, 1.0)) as u128;
    Duration::from_nanos_u128((low + spread).min(max))
}

/// How long a trial counts if its attempt may take `timeout`. The margin is for the delay between the timeout and its
/// settlement, which grows on busy processors: a trial that timed out has to count as a failure. Without a timeout,
/// the longest break.
pub(crate) fn trial_lifetime(timeout: Option<Duration>, settings: &BreakerSettings) -> Duration {
    const LEAST: Duration = Duration::from_millis(2);
    const MOST: Duration = Duration::from_millis(100);
    timeout.map_or(settings.max_open_for, |time| time.saturating_add((time / 10).clamp(LEAST, MOST)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trial_has_its_place_for_as_long_as_it_may_take_and_a_little_longer() {
        let settings = BreakerSettings::default();
        let ms = Duration::from_millis;
        for (timeout, hold) in [(1, 3), (50, 55), (1_000, 1_100), (60_000, 60_100)] {
            assert_eq!(trial_lifetime(Some(ms(timeout)), &settings), ms(hold));
        }
        assert_eq!(trial_lifetime(None, &settings), settings.max_open_for);
        assert_eq!(trial_lifetime(Some(Duration::MAX), &settings), Duration::MAX);
    }

    #[test]
    fn trials_have_numbers_of_their_own_also_after_many() {
        let settings = settings!(BreakerSettings {
            half_open_calls: 2,
            success_threshold: 2,
            ..BreakerSettings::default()
        });
        let mut locked = LockedState::default();
        let stays = locked.start_trial(&settings, Tick(0), Tick::MAX).expect("a place");
        for _ in 0..200_000 {
            let number = locked.start_trial(&settings, Tick(0), Tick(9)).expect("a place");
            assert!(number != stays && number != 0);
            assert!(locked.end_trial(number, Tick(0)));
            assert!(!locked.end_trial(number, Tick(0)), "once");
        }
        assert!(locked.end_trial(stays, Tick(0)));
    }

    fn settings(open_for: Duration, max_open_for: Duration) -> BreakerSettings {
        settings!(BreakerSettings { open_for, max_open_for, ..BreakerSettings::default() })
    }

    #[test]
    fn breaks_double_up_to_the_longest() {
        let settings = settings(Duration::from_secs(5), Duration::from_mins(1));
        let seconds = |reopens, draw| break_length(&settings, reopens, draw).as_secs_f64();
        for (reopens, draw, expected) in [
            (0, 0.0, 4.5),
            (0, 0.5, 5.0),
            (0, 1.0, 5.5),
            (1, 0.5, 10.0),
            (2, 0.5, 20.0),
            (3, 1.0, 44.0),
            (4, 0.0, 54.0),
            (4, 0.5, 57.0),
            (4, 1.0, 60.0),
            (u32::MAX, 1.0, 60.0),
        ] {
            assert!((seconds(reopens, draw) - expected).abs() < 1e-6, "{reopens} {draw}");
        }
    }

    #[test]
    fn extreme_breaks_saturate() {
        let settings = settings(Duration::MAX, Duration::MAX);
        for reopens in [0, 1, 64, u32::MAX] {
            assert!(break_length(&settings, reopens, 0.999) > Duration::MAX / 10 * 8);
            assert_eq!(break_length(&settings, reopens, f64::NAN), break_length(&settings, reopens, 0.0));
        }
    }

    #[test]
    fn trials_that_could_not_matter_are_not_admitted() {
        let settings = settings!(BreakerSettings {
            half_open_calls: 5,
            success_threshold: 3,
            ..BreakerSettings::default()
        });
        let locked = |trials, successes| LockedState {
            trials: (0..trials).map(|number| Trial { number, until: Tick::MAX }).collect(),
            successes,
            ..LockedState::default()
        };
        assert_eq!(locked(0, 0).free_trials(&settings), 3);
        assert_eq!(locked(1, 1).free_trials(&settings), 1);
        assert_eq!(locked(9, 9).free_trials(&settings), 0);
        assert!(locked(0, 3).has_recovered(&settings) && !locked(5, 2).has_recovered(&settings));
    }
}
