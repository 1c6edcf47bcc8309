//! Decides whether a load test was worse than an earlier run by more than is allowed. In: the JSON of the earlier run. Out: what
//! has changed.

use std::time::Duration;

use resilience_settings::shown::clipped;
use serde_json::Value as Json;

use super::comparison::{Allowed, Change, Comparison};
use super::json::{FORMAT, PERCENTILES};
use super::outcome::Report;
use crate::testing::load::error::LoadError;
use crate::testing::load::schedule::Identity;
use crate::testing::load::threshold::Value;

/// Less than this is noise of a machine, whatever its part of a short time.
const NOISE: Duration = Duration::from_micros(100);

/// What is compared. Not the maximum: one call says nothing about a change.
const COMPARED: [&str; 4] = ["p50", "p95", "p99", "mean"];

/// An earlier run.
#[derive(Clone, Debug, PartialEq)]
pub struct Baseline {
    schedule: Identity,
    success: f64,
    /// By the names that reports have, in seconds.
    latency: Vec<(&'static str, f64)>,
}

impl Baseline {
    /// Reads what [`Report::to_json`] wrote.
    ///
    /// # Errors
    ///
    /// If the text is no report, or the report of a run whose generator was late.
    pub fn from_json(text: &str) -> Result<Self, LoadError> {
        let json: Json = serde_json::from_str(text)
            .map_err(|error| LoadError::baseline(format!("the baseline is no JSON: {error}")))?;
        if json["format"] != FORMAT {
            return Err(LoadError::baseline(format!(
                "the baseline is no report of a load; it has to say \"format\": \"{FORMAT}\""
            )));
        }
        if json["saturated"] == true {
            return Err(LoadError::baseline(
                "the generator of the baseline was late, so it has no latencies; measure it again at a lower rate",
            ));
        }
        let lacks = |what: &str| LoadError::baseline(format!("the baseline has no {what}"));
        let is_no = |key: &str, value: &Json, what: &str| {
            LoadError::baseline(format!("`{key}` of the baseline is `{}`, which is no {what}", shown(value)))
        };
        let words = json["schedule"].as_str().ok_or_else(|| lacks("schedule"))?;
        let success = match (&json["success"], json["success"].as_f64()) {
            (Json::Null, _) => return Err(lacks("success")),
            (_, Some(share)) if (0.0..=1.0).contains(&share) => share,
            (other, _) => return Err(is_no("success", other, "part of one")),
        };
        let latencies = json["latency"].as_object().ok_or_else(|| lacks("latency"))?;
        let mut latency = Vec::new();
        for name in PERCENTILES.iter().map(|(name, _)| *name).chain(["mean"]) {
            match latencies.get(name).ok_or_else(|| lacks(&format!("`{name}`")))? {
                // What was beyond all measured times has nothing to compare with.
                Json::Null => {}
                time => {
                    let time = seconds(time).ok_or_else(|| is_no(name, time, "time in seconds"))?;
                    latency.push((name, time));
                }
            }
        }
        Ok(Self {
            schedule: Identity {
                words: words.to_owned(),
                starts: json["starts"].as_str().map(str::to_owned),
            },
            success,
            latency,
        })
    }

    /// Whether a run of this schedule can be compared with it.
    pub(in crate::testing::load) fn check(
        &self,
        schedule: &Identity,
        allowed: Allowed,
    ) -> Result<(), LoadError> {
        for (number, unit) in [(allowed.percent, "percent"), (allowed.points, "points")] {
            if !(number.is_finite() && number >= 0.0) {
                return Err(LoadError::baseline(format!(
                    "a change of {number} {unit} cannot be allowed; write a number from 0 on"
                )));
            }
        }
        schedule.differs_from(&self.schedule).map_or(Ok(()), |why| Err(LoadError::baseline(why)))
    }

    pub(super) fn compare(&self, report: &Report, allowed: Allowed) -> Comparison {
        let factor = allowed.percent / 100.0;
        let mut changes = Vec::new();
        for metric in COMPARED {
            let Some((_, before)) = self.latency.iter().find(|(name, _)| *name == metric) else { continue };
            let before = Duration::from_secs_f64(*before);
            let now = match PERCENTILES.iter().find(|(name, _)| *name == metric) {
                Some((_, percent)) => report.percentile(*percent),
                None => report.mean(),
            };
            // What is not known any more is above all that was measured.
            // In seconds, which take any factor.
            let is_longer = |now: Duration| now.as_secs_f64() > before.as_secs_f64() * (1.0 + factor);
            let is_worse = now.is_none_or(|now| is_longer(now) && now.saturating_sub(before) >= NOISE);
            changes.push(Change { metric, before: Value::Time(before), now: now.map(Value::Time), is_worse });
        }
        let success = report.success();
        changes.push(Change {
            metric: "success",
            before: Value::Share(self.success),
            now: Some(Value::Share(success)),
            // Shares are quotients: what is allowed to the last call is not to fail by a rounding.
            is_worse: (self.success - success) * 100.0 > allowed.points + 1e-9,
        });
        Comparison { allowed, changes }
    }
}

/// A value in a file from outside, which may be of any length.
fn shown(json: &Json) -> String {
    clipped(&json.to_string())
}

/// A time in a file from outside.
fn seconds(json: &Json) -> Option<f64> {
    json.as_f64()
        .filter(|seconds| Duration::try_from_secs_f64(*seconds).is_ok_and(|time| time.as_secs() < 1 << 32))
}
