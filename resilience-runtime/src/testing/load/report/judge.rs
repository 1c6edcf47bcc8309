//! Whether a load reached what it had to. In: thresholds and what was measured. Out: a verdict for each, and one in all.

use std::fmt;
use std::time::Duration;

use super::baseline::Comparison;
use super::outcome::Report;
use crate::testing::load::threshold::{Metric, Threshold, Value};

/// From here on a generator that was late is no instrument, whatever it measured.
const LATE: Duration = Duration::from_millis(5);

/// Part of the median latency by which the generator may be late.
const LATE_OF_MEDIAN: f64 = 0.1;

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
pub struct Judged {
    threshold: Threshold,
    value: Option<Value>,
    is_met: Option<bool>,
}

impl Judged {
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

impl fmt::Display for Judged {
    /// What was measured.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.value, self.is_met) {
            (Some(value), _) => value.fmt(f),
            (None, None) => f.write_str("not measured"),
            (None, Some(_)) => f.write_str("beyond all that was measured"),
        }
    }
}

impl Report {
    /// Whether the generator was late, so that its times are its own and not those of what was called: the 99th percentile
    /// of how late calls began is above 5 ms and above 10 % of the median latency.
    pub fn is_saturated(&self) -> bool {
        let median = self.counted.recorder.latency.value_at_quantile(0.5);
        let allowed = LATE.max(Duration::from_nanos(median).mul_f64(LATE_OF_MEDIAN));
        self.lateness(99.0) > allowed
    }

    /// Passed, failed, or not measured.
    pub fn verdict(&self) -> Verdict {
        let missed = self.judged.iter().any(|judged| judged.is_met == Some(false));
        let worse = self.comparison.as_ref().is_some_and(Comparison::is_worse);
        match (self.is_saturated(), missed || worse) {
            (true, _) => Verdict::Saturated,
            (false, true) => Verdict::Failed,
            (false, false) => Verdict::Passed,
        }
    }

    /// Whether everything was reached.
    pub fn has_passed(&self) -> bool {
        self.verdict() == Verdict::Passed
    }

    /// Each threshold and what it was held against.
    pub fn thresholds(&self) -> &[Judged] {
        &self.judged
    }

    /// What has changed since the earlier run, if there is one and the generator was in time.
    pub fn comparison(&self) -> Option<&Comparison> {
        self.comparison.as_ref()
    }

    pub(super) fn judge(&mut self, thresholds: &[Threshold]) {
        let is_measured = !self.is_saturated();
        let judge = |threshold: &Threshold| {
            let value = self.value(threshold.metric).filter(|_| is_measured);
            let is_met = value.is_some_and(|value| threshold.is_met_by(value));
            // What is beyond all measured times is surely above any bound below them, and may be above any other.
            Judged { threshold: threshold.clone(), value, is_met: is_measured.then_some(is_met) }
        };
        self.judged = thresholds.iter().map(judge).collect();
    }

    fn value(&self, metric: Metric) -> Option<Value> {
        match metric {
            Metric::Percentile(percent) => self.percentile(percent).map(Value::Time),
            Metric::Max => self.max().map(Value::Time),
            Metric::Mean => self.mean().map(Value::Time),
            Metric::Success => Some(Value::Share(self.success())),
            Metric::Rate => Some(Value::PerSecond(self.rate())),
        }
    }
}
