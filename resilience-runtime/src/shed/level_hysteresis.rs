//! Decides how long a shedding level is kept after the pressure has gone down. In: pressures and their times. Out: the level. Pure:
//! it reads no clock, so that its hysteresis can be tested step by step.

use std::time::Duration;

use super::level::SheddingLevel;
use crate::clock::Tick;

/// When each level was last reached. A level holds until it has not been reached for `recover_after`: a level that
/// simply followed the pressure would let a crowd back in, rise, reject it again, and so on.
#[derive(Clone, Debug, Default)]
pub(crate) struct LevelHysteresis {
    asked: [Option<Tick>; LEVELS],
}

const LEVELS: usize = 3;

impl LevelHysteresis {
    /// Takes one pressure; returns the level from now on.
    pub(crate) fn step(&mut self, pressure: f64, now: Tick, recover_after: Duration) -> SheddingLevel {
        // Reaching a level reaches the lower ones too: they end after it, or together with it.
        for asked in self.asked.iter_mut().take(SheddingLevel::at(pressure) as usize) {
            *asked = Some(now);
        }
        let holds = |asked: &Option<Tick>| {
            asked.is_some_and(|asked| asked == now || now.since(asked) < recover_after)
        };
        match self.asked.iter().rposition(holds) {
            Some(2) => SheddingLevel::High,
            Some(1) => SheddingLevel::Normal,
            Some(_) => SheddingLevel::Low,
            None => SheddingLevel::Nothing,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn at(seconds: u64) -> Tick {
        Tick::default().plus(Duration::from_secs(seconds))
    }

    #[test]
    fn a_level_is_entered_at_once_and_left_after_five_calm_seconds() {
        let mut hysteresis = LevelHysteresis::default();
        for (second, pressure, level) in [
            (0, 0.9, SheddingLevel::Nothing),
            (1, 1.6, SheddingLevel::High),
            (2, 1.0, SheddingLevel::High),
            (5, 1.3, SheddingLevel::High),
            // `High` was last reached at 1, `Normal` and `Low` at 5.
            (6, 0.0, SheddingLevel::Normal),
            (9, 1.1, SheddingLevel::Normal),
            (10, 0.0, SheddingLevel::Low),
            (13, 0.0, SheddingLevel::Low),
            (14, 0.0, SheddingLevel::Nothing),
            (15, 1.0, SheddingLevel::Low),
        ] {
            assert_eq!(hysteresis.step(pressure, at(second), 5 * SECOND), level, "at {second}");
        }
    }

    #[test]
    fn without_a_time_to_recover_the_level_follows_the_pressure() {
        let mut hysteresis = LevelHysteresis::default();
        for (second, pressure) in [1.5, 0.0, 1.2, 1.0, 0.99].into_iter().enumerate() {
            let level = hysteresis.step(pressure, at(second as u64), Duration::ZERO);
            assert_eq!(level, SheddingLevel::at(pressure), "at {second}");
        }
    }

    #[test]
    fn a_shorter_time_to_recover_acts_on_the_level_in_force() {
        let mut hysteresis = LevelHysteresis::default();
        assert_eq!(hysteresis.step(2.0, at(0), 60 * SECOND), SheddingLevel::High);
        assert_eq!(hysteresis.step(0.0, at(10), 60 * SECOND), SheddingLevel::High);
        assert_eq!(hysteresis.step(0.0, at(10), 5 * SECOND), SheddingLevel::Nothing);
    }

    proptest! {
        #[test]
        fn the_level_is_the_highest_that_was_asked_for_of_late(
            pressures in proptest::collection::vec(0.0..2.0, 1..60),
            recover in 0_u32..20,
        ) {
            let mut hysteresis = LevelHysteresis::default();
            for (now, pressure) in pressures.iter().enumerate() {
                let level = hysteresis.step(*pressure, at(now as u64), recover * SECOND);
                let since = (now + 1).saturating_sub(recover.max(1) as usize);
                let expected = pressures[since..=now].iter().map(|&past| SheddingLevel::at(past)).max();
                prop_assert_eq!(Some(level), expected);
            }
        }
    }
}
