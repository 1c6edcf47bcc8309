//! Holds the pressure and the shedding level that are in force: what the last sample came to. In: samples. Out: whether a call is
//! shed, at the cost of one relaxed load. Which priorities are, `level` decides.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

use resilience_settings::Priority;

use resilience_settings::policy::Ratio;

use super::level::{HIGH, SheddingLevel};
use super::queues::Queues;
use crate::priority::Admitted;

/// Below three quarters of a threshold, the share is 0.
const EASY: f64 = 0.75;

/// The current pressure and shedding level of the process.
#[derive(Debug, Default)]
pub(crate) struct Pressure {
    /// The [`SheddingLevel`] as a number.
    level: AtomicU8,
    /// The bits of an `f64`.
    value: AtomicU64,
    pub(crate) queues: Queues,
}

impl Pressure {
    /// Whether a call of that priority is shed now.
    #[inline]
    pub(crate) fn sheds(&self, priority: Priority) -> bool {
        self.level.load(Ordering::Relaxed) > priority as u8
    }

    /// Whether any call is shed now.
    #[inline]
    pub(crate) fn sheds_anything(&self) -> bool {
        self.level.load(Ordering::Relaxed) > 0
    }

    /// Whether a call that would be admitted with this priority is shed now.
    #[inline]
    pub(crate) fn sheds_call(&self, call: Admitted) -> bool {
        u16::from(self.level.load(Ordering::Relaxed)) >= call.0
    }

    pub(crate) fn level(&self) -> SheddingLevel {
        let number = usize::from(self.level.load(Ordering::Relaxed));
        SheddingLevel::ALL.get(number).copied().unwrap_or_default()
    }

    /// The measurement that is worst relative to its threshold; 1 means that it is at the threshold.
    pub(crate) fn value(&self) -> f64 {
        f64::from_bits(self.value.load(Ordering::Relaxed))
    }

    /// The pressure as a share: 0 up to three quarters of a threshold, a third at the threshold, and rising linearly to
    /// 1 where all but `Critical` calls are shed. It has no step, so that clients that adapt to it do not all change
    /// pace at once, and it is flat at the bottom, so that a process is not slowed down merely for being in use.
    pub(crate) fn share(&self) -> f64 {
        Ratio::saturating((self.value() - EASY) / (HIGH - EASY)).get()
    }

    /// Publishes a sample; returns the level in force before.
    pub(crate) fn publish(&self, value: f64, level: SheddingLevel) -> SheddingLevel {
        let before = self.level();
        self.value.store(value.to_bits(), Ordering::Relaxed);
        self.level.store(level as u8, Ordering::Relaxed);
        before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_published_is_what_is_read() {
        let pressure = Pressure::default();
        assert_eq!(pressure.level(), SheddingLevel::Nothing);
        let mut before = SheddingLevel::Nothing;
        for level in SheddingLevel::ALL {
            assert_eq!(pressure.publish(1.25, *level), before);
            before = *level;
            assert_eq!(pressure.level(), *level);
            for priority in [Priority::Low, Priority::Normal, Priority::High, Priority::Critical] {
                assert_eq!(pressure.sheds(priority), level.sheds(priority), "{level} {priority:?}");
            }
        }
        assert!((pressure.value() - 1.25).abs() < 1e-12);
    }

    #[test]
    fn the_share_rises_from_three_quarters_of_a_threshold() {
        let pressure = Pressure::default();
        for (value, share) in [
            (0.0, 0.0),
            (0.75, 0.0),
            (1.0, 1.0 / 3.0),
            (1.2, 0.6),
            (1.5, 1.0),
            (9.0, 1.0),
            (f64::INFINITY, 1.0),
            (f64::NAN, 0.0),
        ] {
            pressure.publish(value, SheddingLevel::Nothing);
            assert!((pressure.share() - share).abs() < 1e-9, "{value}: {}", pressure.share());
        }
    }
}
