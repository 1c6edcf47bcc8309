//! Shows what has changed since an earlier run of a load test. In: two reports. Out: what has changed since the earlier run, value
//! by value.

use crate::testing::load::threshold::Value;

/// By how much a run may be worse than an earlier one.
///
/// A part of a time is not a part of the calls that succeed: a tenth more time is a slow day, a tenth of all calls is an outage.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::testing::load) struct Allowed {
    /// By how many percent times may be longer.
    pub(in crate::testing::load) percent: f64,
    /// By how many percentage points success may be lower.
    pub(in crate::testing::load) points: f64,
}

impl Allowed {
    /// Points that are allowed unless somebody says so: five calls of a thousand.
    pub(in crate::testing::load) const POINTS: f64 = 0.5;
}

/// What has changed since an earlier run.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    pub(super) allowed: Allowed,
    pub(super) changes: Vec<Change>,
}

/// How one value has changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    pub(super) metric: &'static str,
    pub(super) before: Value,
    pub(super) now: Option<Value>,
    pub(super) is_worse: bool,
}

impl Comparison {
    /// By how many percent times may be longer.
    pub fn percent(&self) -> f64 {
        self.allowed.percent
    }

    /// By how many percentage points success may be lower.
    pub fn points(&self) -> f64 {
        self.allowed.points
    }

    /// Each value, `p50` to `mean` and `success`.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Whether something is worse than allowed.
    pub fn is_worse(&self) -> bool {
        self.changes.iter().any(Change::is_worse)
    }
}

impl Change {
    /// Its name, such as `p99`.
    pub fn metric(&self) -> &'static str {
        self.metric
    }

    /// Whether it is worse by more than is allowed; a time, by at least 100 µs.
    pub fn is_worse(&self) -> bool {
        self.is_worse
    }

    /// By how many percent it is higher; negative when it is lower, `None` if it is not known or was zero.
    pub fn percent(&self) -> Option<f64> {
        let (before, now) = match (self.before, self.now?) {
            (Value::Time(before), Value::Time(now)) => (before.as_secs_f64(), now.as_secs_f64()),
            (Value::Share(before), Value::Share(now)) => (before, now),
            _ => return None,
        };
        (before > 0.0).then(|| (now / before - 1.0) * 100.0)
    }

    /// By how many percentage points a share is higher; negative when it is lower, `None` of times.
    pub fn points(&self) -> Option<f64> {
        match (self.before, self.now?) {
            (Value::Share(before), Value::Share(now)) => Some((now - before) * 100.0),
            _ => None,
        }
    }
}
