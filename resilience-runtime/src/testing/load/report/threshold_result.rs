//! Data: a threshold with what was held against it, and what a load test comes to in one word.

use std::fmt;

use crate::testing::load::threshold::{Threshold, Value};

/// What a load came to in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All thresholds are met, and no comparison is worse than allowed.
    Passed,
    /// Some threshold was missed, or something is worse than in the earlier run by more than is allowed.
    Failed,
    /// The generator was late, so nothing was measured.
    Saturated,
}

impl Verdict {
    /// The exit code of the command line: 0, 1 and 3.
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Passed => 0,
            Self::Failed => 1,
            Self::Saturated => 3,
        }
    }

    /// The word that reports have.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Saturated => "saturated",
        }
    }
}

/// A threshold and what it was held against.
#[derive(Clone, Debug, PartialEq)]
pub struct ThresholdResult {
    pub(super) threshold: Threshold,
    pub(super) value: Option<Value>,
    pub(super) is_met: Option<bool>,
}

impl ThresholdResult {
    /// The threshold.
    pub fn threshold(&self) -> &Threshold {
        &self.threshold
    }

    /// Whether it is met; `None` when nothing was measured, as the generator was late.
    pub fn is_met(&self) -> Option<bool> {
        self.is_met
    }

    /// What was measured, in seconds, as a part of one, or per second. `None` when nothing was, and for a time that is longer
    /// than anything that was measured, since too many calls did not start or did not end.
    pub fn value(&self) -> Option<f64> {
        self.value.map(|value| match value {
            Value::Time(time) => time.as_secs_f64(),
            Value::Share(number) | Value::PerSecond(number) => number,
        })
    }
}

impl fmt::Display for ThresholdResult {
    /// What was measured.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.value, self.is_met) {
            (Some(value), _) => value.fmt(f),
            (None, None) => f.write_str("not measured"),
            (None, Some(_)) => f.write_str("beyond all that was measured"),
        }
    }
}
