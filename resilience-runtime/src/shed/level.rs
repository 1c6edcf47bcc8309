//! Decides which priorities are shed at a pressure. In: a pressure. Out: the level. Shared by the rule and its readers.

use resilience_settings::Priority;

use resilience_settings::words;

/// The pressure from which `Low` calls are shed.
const LOW: f64 = 1.0;
/// The pressure from which `Normal` calls are shed too. A fifth above the threshold: by then, shedding `Low` calls has
/// had its chance to help.
const NORMAL: f64 = 1.2;
/// The pressure from which all but `Critical` calls are shed.
pub(super) const HIGH: f64 = 1.5;

words! {
    /// Which calls are shed: those of the named priority and below.
    ///
    /// `Critical` calls are never shed: a process that shed them too would be of no use to anybody, and the health
    /// check that would report it could not get through.
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
    /// The level for a pressure, without hysteresis: the levels start at 1, 1.2 and 1.5.
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

    /// Whether calls of that priority are shed.
    #[inline]
    pub const fn sheds(self, priority: Priority) -> bool {
        // Both enums count up from the least important; level 1 sheds priority 0. A single comparison, as every call
        // makes it.
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
