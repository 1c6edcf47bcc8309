//! Decides whether a value keeps the bound of a threshold. In: a text or typed bounds. Out: whether a value keeps it.

use std::fmt;
use std::time::Duration;

use super::metric::{Metric, Value};

/// What a load has to reach.
///
/// As text: a metric, `<`, `<=`, `>` or `>=`, and a value.
///
/// | metric | value | is |
/// | --- | --- | --- |
/// | `p50`, `p99`, `p99.9`, … | `80 ms`, `1.5s` | a percentile of the latency from the intended start, over all calls |
/// | `max`, `mean` | `80 ms` | its maximum and its mean |
/// | `success` | `0.99`, `99 %` | the part of the scheduled calls that returned `Ok` |
/// | `rate` | `200` | calls that ended, per second |
///
/// ```
/// use std::time::Duration;
///
/// use resilience_runtime::testing::load::Threshold;
///
/// let threshold: Threshold = "p99 < 80 ms".parse().unwrap();
/// assert_eq!(threshold, Threshold::percentile_below(99.0, Duration::from_millis(80)));
/// assert_eq!(
///     "p99 < 80".parse::<Threshold>().unwrap_err().to_string(),
///     "a time needs a unit\n    p99 < 80\n          ^^ write `80 ms` or `80 s`"
/// );
/// ```
#[derive(Clone, Debug)]
pub struct Threshold {
    pub(in crate::testing::load) metric: Metric,
    pub(super) relation: Relation,
    pub(super) bound: Value,
    /// As it was written.
    pub(super) text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    Below,
    AtMost,
    Above,
    AtLeast,
}

impl Relation {
    pub(super) const fn sign(self) -> &'static str {
        match self {
            Self::Below => "<",
            Self::AtMost => "<=",
            Self::Above => ">",
            Self::AtLeast => ">=",
        }
    }

    /// Whether every value that there is holds, or none; `None` where that depends on the value, as it should.
    pub(super) fn is_decided(self, bound: Value) -> Option<bool> {
        let [lowest, highest] = bound.range();
        let always = self.holds(lowest, bound);
        (always == self.holds(highest, bound)).then_some(always)
    }

    pub(super) fn holds(self, value: Value, bound: Value) -> bool {
        match self {
            Self::Below => value < bound,
            Self::AtMost => value <= bound,
            Self::Above => value > bound,
            Self::AtLeast => value >= bound,
        }
    }
}

impl Threshold {
    /// One that calls may keep or miss, as each that is read from a text.
    #[track_caller]
    fn new(metric: Metric, relation: Relation, bound: Value) -> Self {
        let threshold =
            Self { metric, relation, bound, text: format!("{metric} {} {bound}", relation.sign()) };
        if let Some(fault) = threshold.fault() {
            let (sign, written) = (relation.sign(), bound.written());
            panic!("{fault}: `{metric} {sign} {written}`; write a bound that can be kept and missed");
        }
        threshold
    }

    /// Why nothing can be held against it, if so.
    fn fault(&self) -> Option<String> {
        let (is_bound, what) = match self.bound {
            Value::Time(_) => (true, ""),
            Value::Share(share) if share > 1.0 => (false, "more than all calls"),
            Value::Share(share) => (share >= 0.0, "no part of all calls"),
            Value::PerSecond(rate) => (rate.is_finite() && rate >= 0.0, "no number of calls per second"),
        };
        if !is_bound {
            return Some(what.to_owned());
        }
        let always = self.relation.is_decided(self.bound)?;
        Some(format!("{} `{}` keeps this", if always { "every" } else { "no" }, self.metric))
    }

    /// A percentile of the latency is below a time.
    ///
    /// # Panics
    ///
    /// If `percent` is not above 0 and at most 100, and for a time of zero, below which nothing is.
    #[track_caller]
    pub fn percentile_below(percent: f64, time: Duration) -> Self {
        assert!(percent > 0.0 && percent <= 100.0, "there is no {percent}th percentile");
        Self::new(Metric::Percentile(percent), Relation::Below, Value::Time(time))
    }

    /// No call takes as long as this.
    ///
    /// # Panics
    ///
    /// For a time of zero: nothing is below it.
    #[track_caller]
    pub fn max_below(time: Duration) -> Self {
        Self::new(Metric::Max, Relation::Below, Value::Time(time))
    }

    /// Calls take less than this on average.
    ///
    /// # Panics
    ///
    /// For a time of zero: nothing is below it.
    #[track_caller]
    pub fn mean_below(time: Duration) -> Self {
        Self::new(Metric::Mean, Relation::Below, Value::Time(time))
    }

    /// More than this part of the scheduled calls returns `Ok`: `0.99`.
    ///
    /// # Panics
    ///
    /// If `share` is not from 0 on and below 1: no success is above all calls, and `99.0` is no part of them.
    #[track_caller]
    pub fn success_above(share: f64) -> Self {
        Self::new(Metric::Success, Relation::Above, Value::Share(share))
    }

    /// More calls than this end in a second.
    ///
    /// # Panics
    ///
    /// If `per_second` is no number from 0 on.
    #[track_caller]
    pub fn rate_above(per_second: f64) -> Self {
        Self::new(Metric::Rate, Relation::Above, Value::PerSecond(per_second))
    }

    /// Whether a value of its metric keeps it.
    pub(in crate::testing::load) fn is_met_by(&self, value: Value) -> bool {
        self.relation.holds(value, self.bound)
    }
}

/// Two thresholds are equal if they ask the same, however they are written.
impl PartialEq for Threshold {
    fn eq(&self, other: &Self) -> bool {
        (self.metric, self.relation, self.bound) == (other.metric, other.relation, other.bound)
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}
