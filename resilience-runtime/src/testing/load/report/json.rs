//! Writes the report of a load test as JSON. In: a report. Out: JSON, for programs and for comparison with later runs. Times are in
//! seconds.

use std::time::Duration;

use serde_json::{Map, Value as Json, json};

use super::outcome::Report;
use crate::testing::load::recorder::Step;

/// What a reader goes by: it changes when a name or a unit does.
pub(super) const FORMAT: &str = "resilience-load/1";

/// The percentiles that reports list.
pub(super) const PERCENTILES: [(&str, f64); 5] =
    [("p50", 50.0), ("p90", 90.0), ("p95", 95.0), ("p99", 99.0), ("p99.9", 99.9)];

impl Report {
    /// The report as JSON; [`Baseline::from_json`](crate::testing::load::Baseline::from_json) reads it.
    ///
    /// Times are in seconds, `success` is a part of one, `rate` is per second. `starts` is what recorded starts are told apart
    /// by. `latency` is `null` if the generator was late; a percentile is `null` if it lies among calls that did not start or
    /// did not end.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(&self.json()).unwrap_or_default();
        text.push('\n');
        text
    }

    /// The same as a value, to be a part of another.
    pub(in crate::testing) fn json(&self) -> Json {
        let rejected: Map<_, _> =
            self.rejected().map(|(kind, count)| (kind.name().to_owned(), count.into())).collect();
        let classes: Map<_, _> =
            self.classes().map(|(class, count)| (class.to_owned(), count.into())).collect();
        json!({
            "format": FORMAT,
            "schedule": self.schedule.words,
            "starts": self.schedule.starts,
            "seed": self.seed,
            "seconds": self.elapsed().as_secs_f64(),
            "verdict": self.verdict().name(),
            "saturated": self.is_saturated(),
            "calls": {
                "scheduled": self.scheduled(),
                "ok": self.ok(),
                "failed": self.failed(),
                "rejected": rejected,
                "panicked": self.panicked(),
                "not_started": self.not_started(),
                "unfinished": self.unfinished(),
            },
            "errors": classes,
            "success": self.success(),
            "rate": self.rate(),
            "in_flight": { "most": self.most_in_flight(), "limit": self.counted.limits.in_flight },
            "lateness": {
                "p50": self.lateness(50.0).as_secs_f64(),
                "p99": self.lateness(99.0).as_secs_f64(),
                "max": self.lateness(100.0).as_secs_f64(),
            },
            "latency": self.latency_json(),
            "thresholds": self.thresholds_json(),
            "baseline": self.comparison_json(),
            "over_time": {
                "step": self.counted.recorder.step.as_secs_f64(),
                "steps": self.counted.recorder.steps.iter().map(|step| self.step_json(step)).collect::<Vec<_>>(),
            },
        })
    }

    fn latency_json(&self) -> Json {
        if self.is_saturated() {
            return Json::Null;
        }
        let mut latency: Map<_, _> = PERCENTILES
            .iter()
            .map(|(name, percent)| ((*name).to_owned(), seconds(self.percentile(*percent))))
            .collect();
        latency.insert("mean".to_owned(), seconds(self.mean()));
        latency.insert("max".to_owned(), seconds(self.max()));
        latency.into()
    }

    fn thresholds_json(&self) -> Vec<Json> {
        let judged = self.judged.iter().map(|judged| {
            json!({
                "threshold": judged.threshold().to_string(),
                "value": judged.value(),
                "met": judged.is_met(),
            })
        });
        judged.collect()
    }

    fn comparison_json(&self) -> Json {
        let Some(comparison) = &self.comparison else { return Json::Null };
        let changes: Vec<_> = comparison
            .changes()
            .iter()
            .map(|change| {
                json!({
                    "metric": change.metric(),
                    "change_percent": change.percent(),
                    "change_points": change.points(),
                    "worse": change.is_worse(),
                })
            })
            .collect();
        json!({
            "allowed_percent": comparison.percent(),
            "allowed_points": comparison.points(),
            "worse": comparison.is_worse(),
            "changes": changes,
        })
    }

    fn step_json(&self, step: &Step) -> Json {
        let has_times = !self.is_saturated() && !step.latency.is_empty();
        let at = |quantile: f64| {
            has_times.then(|| Duration::from_nanos(step.latency.value_at_quantile(quantile)).as_secs_f64())
        };
        json!({
            "ok": step.ok,
            "failed": step.failed,
            "rejected": step.rejected,
            "not_started": step.not_started,
            "p50": at(0.5),
            "p99": at(0.99),
            "max": at(1.0),
        })
    }
}

fn seconds(time: Option<Duration>) -> Json {
    time.map_or(Json::Null, |time| time.as_secs_f64().into())
}
