//! A pressure goes in, the calls that are shed under it come out. Vocabulary shared by the rule and its readers.

use crate::policy::words::words;
use crate::priority::Priority;

/// From here on the least important calls are shed.
const LOW: f64 = 1.0;
/// From here on also the usual ones. A fifth above the threshold: shedding `Low` calls had its chance by then.
const NORMAL: f64 = 1.2;
/// From here on everything but `Critical` calls.
pub(super) const HIGH: f64 = 1.5;

words! {
    /// Which calls are shed: those of the named priority and below.
    ///
    /// `Critical` calls never are: a process that sheds those as well may as well be gone, and the health check that
    /// would say so could not get through.
    ///
    /// ```
    /// use resilience_runtime::{Priority, SheddingLevel};
    /// assert!(SheddingLevel::Normal.sheds(Priority::Low));
    /// assert!(!SheddingLevel::Normal.sheds(Priority::High));
    /// ```
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    #[non_exhaustive]
    pub enum SheddingLevel {
        /// None.
        #[default]
        Nothing = "nothing",
        /// `Low` calls.
        Low = "low",
        /// `Low` and `Normal` calls.
        Normal = "normal",
        /// All but `Critical` calls.
        High = "high",
    }
}

impl SheddingLevel {
    /// The level that a pressure asks for, without looking back: from 1, 1.2 and 1.5 on.
    pub fn at(pressure: f64) -> Self {
        if pressure >= HIGH {
            Self::High
        } else if pressure >= NORMAL {
            Self::Normal
        } else if pressure >= LOW {
            Self::Low
        } else {
            Self::Nothing
        }
    }

    /// Whether calls of that priority are turned away.
    #[inline]
    pub const fn sheds(self, priority: Priority) -> bool {
        // Both count up from the least; level 1 sheds priority 0. One comparison, as every call makes it.
        self as u8 > priority as u8
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_level_sheds_its_priority_and_those_below() {
        use Priority::{Critical, High, Low, Normal};
        for (level, shed) in [
            (SheddingLevel::Nothing, &[][..]),
            (SheddingLevel::Low, &[Low]),
            (SheddingLevel::Normal, &[Low, Normal]),
            (SheddingLevel::High, &[Low, Normal, High]),
        ] {
            for priority in [Low, Normal, High, Critical] {
                assert_eq!(level.sheds(priority), shed.contains(&priority), "{level} {priority:?}");
            }
        }
    }

    #[test]
    fn the_levels_begin_at_their_pressures() {
        for (pressure, level) in [
            (f64::NAN, SheddingLevel::Nothing),
            (-1.0, SheddingLevel::Nothing),
            (0.0, SheddingLevel::Nothing),
            (0.999, SheddingLevel::Nothing),
            (1.0, SheddingLevel::Low),
            (1.199, SheddingLevel::Low),
            (1.2, SheddingLevel::Normal),
            (1.499, SheddingLevel::Normal),
            (1.5, SheddingLevel::High),
            (f64::INFINITY, SheddingLevel::High),
        ] {
            assert_eq!(SheddingLevel::at(pressure), level, "{pressure}");
        }
    }
}
