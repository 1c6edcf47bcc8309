//! What only transitions need, under one lock: how often the breaker re-opened, and the trials under way.

use std::time::Duration;

use crate::policy::BreakerSettings;

/// The cold half of a breaker.
#[derive(Debug, Default)]
pub(super) struct Control {
    /// Breaks since the breaker was last closed, beyond the first.
    pub(super) reopens: u32,
    /// Trials of this half-open generation that have not reported yet.
    pub(super) trials: u32,
    /// Trials of this half-open generation that went well.
    pub(super) successes: u32,
}

impl Control {
    /// How many more trials may start: no more at once than allowed, and none that could not matter any more.
    pub(super) fn room(&self, settings: &BreakerSettings) -> u32 {
        let useful = settings.success_threshold.max(1).saturating_sub(self.successes);
        settings.half_open_calls.max(1).min(useful).saturating_sub(self.trials)
    }

    /// Whether enough trials went well.
    pub(super) fn is_proven(&self, settings: &BreakerSettings) -> bool {
        self.successes >= settings.success_threshold.max(1)
    }
}

/// How long a break lasts: `open_for · 2^reopens`, a tenth more or less so that not all instances try again at
/// once, and never above `max_open_for`. At the cap the range is narrowed: clamping would bring the instances
/// together again.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(open_for: Duration, max_open_for: Duration) -> BreakerSettings {
        BreakerSettings { open_for, max_open_for, ..BreakerSettings::default() }
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
        let settings =
            BreakerSettings { half_open_calls: 5, success_threshold: 3, ..BreakerSettings::default() };
        let control = |trials, successes| Control { reopens: 0, trials, successes };
        assert_eq!(control(0, 0).room(&settings), 3);
        assert_eq!(control(1, 1).room(&settings), 1);
        assert_eq!(control(9, 9).room(&settings), 0);
        assert!(control(0, 3).is_proven(&settings) && !control(5, 2).is_proven(&settings));
    }
}
