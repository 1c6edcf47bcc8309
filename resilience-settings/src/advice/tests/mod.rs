//! What is advised of whole files, as people and patches have it.

mod alone;
mod edges;
mod layers;
mod measured;
mod samples;
mod twice;

use std::time::Duration;

use super::{Advice, Measured, Question, advise};
use crate::config::file::FileConfig;

fn file(text: &str) -> FileConfig {
    FileConfig::parse(text, "r.toml").unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// An hour and more of a service that is well: 100 attempts per second of 20 ms.
fn well() -> Measured {
    Measured {
        length: Duration::from_hours(2),
        attempts: 720_000,
        failed: 720,
        succeeded: 719_280,
        timed_out: 0,
        mean: Some(Duration::from_millis(20)),
        p95: Some(Duration::from_millis(40)),
        p99: Some(Duration::from_millis(60)),
        p999: Some(Duration::from_millis(600)),
        per_second: 100.0,
        peak_per_second: Some(200.0),
        in_flight_mean: Some(2.0),
        in_flight_peak: 10,
        retry_share_p95: Some(0.03),
        breaker_openings: 0,
        bulkhead_limit: None,
        has_partitions: false,
        reloaded_after: None,
    }
}

fn with(file: &FileConfig, facts: Measured) -> Vec<Advice> {
    let mut question = Question::default();
    question.measured.insert("db".to_owned(), facts);
    advise(file, &question)
}

/// `rule verdict: key = value, …` of each piece of advice.
fn short(advice: &[Advice]) -> Vec<String> {
    advice
        .iter()
        .map(|one| {
            let changes: Vec<String> =
                one.changes.iter().map(|change| format!("{} = {}", change.key.path(), change.to)).collect();
            format!("{} {}: {}", one.rule, one.verdict, changes.join(", "))
                .trim_end_matches([' ', ':'])
                .to_owned()
        })
        .collect()
}
