//! Data: what a load test came to: counts of calls, latencies from the intended start, and how late the generator was.

use std::time::Duration;

use super::comparison::Comparison;
use super::threshold_result::ThresholdResult;
use crate::rejection::RejectionKind;
use crate::testing::load::running::Counted;
use crate::testing::load::schedule::Identity;

/// What a load came to.
///
/// `Display` is a text for 80 columns without colours; [`to_text`](Self::to_text) fits others,
/// [`to_json`](Self::to_json) is for programs and for comparison with later runs, [`to_svg`](Self::to_svg) a picture,
/// [`to_hgrm`](Self::to_hgrm) for plotters.
#[derive(Debug)]
pub struct Report {
    pub(super) counted: Counted,
    pub(super) schedule: Identity,
    pub(super) seed: u64,
    pub(super) judged: Vec<ThresholdResult>,
    pub(super) comparison: Option<Comparison>,
}

impl Report {
    /// Calls in the schedule.
    pub fn scheduled(&self) -> u64 {
        self.counted.scheduled
    }

    /// Calls that returned `Ok`.
    pub fn ok(&self) -> u64 {
        self.counted.recorder.ok
    }

    /// Calls that returned an error of the dependency.
    pub fn failed(&self) -> u64 {
        self.counted.recorder.failed
    }

    /// Calls that this library ended, by the kind of their rejection.
    pub fn rejected(&self) -> impl Iterator<Item = (RejectionKind, u64)> {
        self.counted.recorder.rejected.iter().map(|(kind, count)| (*kind, *count))
    }

    /// How many these are in all.
    pub fn rejections(&self) -> u64 {
        self.counted.recorder.rejected.values().sum()
    }

    /// Calls that panicked.
    pub fn panicked(&self) -> u64 {
        self.counted.recorder.panicked
    }

    /// Calls whose start came while as many were in flight as may be.
    pub fn not_started(&self) -> u64 {
        self.counted.recorder.not_started
    }

    /// Calls that had not ended when the time to drain was up.
    pub fn unfinished(&self) -> u64 {
        self.scheduled().saturating_sub(self.not_started() + self.counted.recorder.has_ended())
    }

    /// Errors by their [class](crate::testing::load::Load::classes).
    pub fn classes(&self) -> impl Iterator<Item = (&str, u64)> {
        self.counted.recorder.classes.iter().map(|(class, count)| (class.as_str(), *count))
    }

    /// How many calls were in flight at once, at most.
    pub fn most_in_flight(&self) -> u64 {
        self.counted.most_in_flight
    }

    /// How long the load lasted, until the last start or the last end.
    pub fn elapsed(&self) -> Duration {
        self.counted.elapsed
    }

    /// The part of the scheduled calls that returned `Ok`.
    #[expect(clippy::cast_precision_loss, reason = "at most ten million")]
    pub fn success(&self) -> f64 {
        self.ok() as f64 / self.scheduled() as f64
    }

    /// Calls that ended per second, in whatever way; 0 if no time went by, as on a paused clock when nothing waits.
    #[expect(clippy::cast_precision_loss, reason = "at most ten million")]
    pub fn rate(&self) -> f64 {
        let seconds = self.elapsed().as_secs_f64();
        if seconds > 0.0 { self.counted.recorder.has_ended() as f64 / seconds } else { 0.0 }
    }

    /// A percentile of the latency from the intended start: of how many percent of the scheduled calls it is known that they
    /// took no longer. To three digits.
    ///
    /// `None` if the generator was [late](Self::is_saturated), and if the percentile lies among calls that did not start or
    /// did not end: it is above all that was measured then.
    pub fn percentile(&self, percent: f64) -> Option<Duration> {
        if self.is_saturated() {
            return None;
        }
        let latency = &self.counted.recorder.latency;
        self.quantile_of_known(percent)
            .map(|quantile| Duration::from_nanos(latency.value_at_quantile(quantile).min(latency.max())))
    }

    /// The longest latency, if all calls started and ended and the generator was in time.
    pub fn max(&self) -> Option<Duration> {
        self.is_complete().then(|| Duration::from_nanos(self.counted.recorder.latency.max()))
    }

    /// The mean latency, if all calls started and ended and the generator was in time.
    pub fn mean(&self) -> Option<Duration> {
        self.is_complete().then(|| Duration::from_secs_f64(self.counted.recorder.latency.mean() / 1e9))
    }

    /// A percentile of how long after their intended start calls began.
    pub fn lateness(&self, percent: f64) -> Duration {
        Duration::from_nanos(self.counted.recorder.lateness.value_at_quantile(percent / 100.0))
    }

    fn is_complete(&self) -> bool {
        self.not_started() + self.unfinished() == 0 && !self.is_saturated()
    }

    /// Which quantile of the calls that ended is this percentile of all, of which the others took longer.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rank among at most ten million"
    )]
    fn quantile_of_known(&self, percent: f64) -> Option<f64> {
        let known = self.counted.recorder.latency.len();
        // 99.9 / 100 × 1,000 is a little more than 999, and must not become the thousandth.
        let rank = (percent / 100.0 * self.scheduled() as f64 - 1e-6).ceil().max(1.0) as u64;
        // The middle of the rank, so that no rounding leads to the next.
        (rank <= known).then(|| (rank as f64 - 0.5) / known as f64)
    }
}
