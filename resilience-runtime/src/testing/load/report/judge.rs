//! Decides whether a load test has reached its thresholds, and whether its generator was too late to say. In: thresholds and what
//! was measured. Out: a verdict for each, and one in all.

use std::time::Duration;

use super::baseline::Baseline;
use super::comparison::{Allowed, Comparison};
use super::outcome::Report;
use super::threshold_result::{ThresholdResult, Verdict};
use crate::testing::load::running::Counted;
use crate::testing::load::schedule::Identity;
use crate::testing::load::threshold::{Metric, Threshold, Value};

/// From here on a generator that was late is no instrument, whatever it measured.
const LATE: Duration = Duration::from_millis(5);

/// Part of the median latency by which the generator may be late.
const LATE_OF_MEDIAN: f64 = 0.1;

/// A report of what was counted, held against what has to be reached.
pub(in crate::testing::load) fn judged(
    counted: Counted,
    schedule: Identity,
    seed: u64,
    thresholds: &[Threshold],
    baseline: Option<&(Baseline, Allowed)>,
) -> Report {
    let mut report = Report { counted, schedule, seed, judged: Vec::new(), comparison: None };
    report.judged = thresholds.iter().map(|threshold| report.judge(threshold)).collect();
    if let Some((baseline, allowed)) = baseline.filter(|_| !report.is_saturated()) {
        report.comparison = Some(baseline.compare(&report, *allowed));
    }
    report
}

impl Report {
    /// Whether the generator was late, so that its times are its own and not those of what was called: the 99th percentile
    /// of how late calls began is above 5 ms and above 10 % of the median latency.
    pub fn is_saturated(&self) -> bool {
        let median = self.counted.recorder.latency.value_at_quantile(0.5);
        let allowed = LATE.max(Duration::from_nanos(median).mul_f64(LATE_OF_MEDIAN));
        self.lateness(99.0) > allowed
    }

    /// Whether it is held to anything: without a threshold and an earlier run, to pass says nothing.
    pub(super) fn is_judged(&self) -> bool {
        !self.judged.is_empty() || self.comparison.is_some()
    }

    /// Whether it is held to anything about success.
    pub(in crate::testing) fn is_held_to_success(&self) -> bool {
        self.comparison.is_some()
            || self.judged.iter().any(|judged| judged.threshold.metric == Metric::Success)
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
    pub fn thresholds(&self) -> &[ThresholdResult] {
        &self.judged
    }

    /// What has changed since the earlier run, if there is one and the generator was in time.
    pub fn comparison(&self) -> Option<&Comparison> {
        self.comparison.as_ref()
    }

    fn judge(&self, threshold: &Threshold) -> ThresholdResult {
        let is_measured = !self.is_saturated();
        let value = self.value(threshold.metric).filter(|_| is_measured);
        // What is beyond all measured times keeps no bound.
        let is_met = value.is_some_and(|value| threshold.is_met_by(value));
        ThresholdResult { threshold: threshold.clone(), value, is_met: is_measured.then_some(is_met) }
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
