//! Data: one thing that a suite expects, met or missed. In: what was expected, what came. Out: met, missed, or not known.

use crate::testing::load::{Comparison, Report, ThresholdResult};

/// Something that was expected, and what came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    what: String,
    met: Met,
    found: String,
}

/// Whether an expectation is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Met {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// It could not be found out: nothing was measured, so it is neither.
    Unknown,
}

impl Expectation {
    pub(super) fn new(what: impl Into<String>, met: Met, found: impl Into<String>) -> Self {
        Self { what: what.into(), met, found: found.into() }
    }

    pub(super) fn of(what: impl Into<String>, is_met: bool, found: impl Into<String>) -> Self {
        Self::new(what, if is_met { Met::Yes } else { Met::No }, found)
    }

    /// What was expected: `p99 < 80 ms`.
    pub fn what(&self) -> &str {
        &self.what
    }

    /// Whether it is met.
    pub fn met(&self) -> Met {
        self.met
    }

    /// What came: `12.3 ms`.
    pub fn found(&self) -> &str {
        &self.found
    }
}

/// Each threshold of a load is an expectation. One without any still has to measure something.
pub(super) fn of_load(report: &Report) -> Vec<Expectation> {
    let of = |judged: &ThresholdResult| {
        let met = match judged.is_met() {
            Some(true) => Met::Yes,
            Some(false) => Met::No,
            None => Met::Unknown,
        };
        Expectation::new(judged.threshold().to_string(), met, judged.to_string())
    };
    let mut expectations: Vec<_> = report.thresholds().iter().map(of).collect();
    if report.is_saturated() {
        let found = "it was late itself, so no latency is known";
        expectations.insert(0, Expectation::new("the generator keeps its schedule", Met::Unknown, found));
    }
    if let Some(comparison) = report.comparison() {
        let what = format!("no more than {} % worse than the earlier run", comparison.percent());
        expectations.push(Expectation::of(what, !comparison.is_worse(), changes(comparison)));
    }
    expectations
}

fn changes(comparison: &Comparison) -> String {
    let changes = comparison.changes().iter().map(|change| match change.percent() {
        Some(percent) => format!("{} {percent:+.1} %", change.metric()),
        None => format!("{} unknown", change.metric()),
    });
    changes.collect::<Vec<_>>().join(", ")
}
