//! Whoever does as advised and asks again hears of nothing more, and the file still loads.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use proptest::prelude::*;

use super::{Measured, Question, advise, file};
use crate::advice::{Advice, Verdict, patch};
use crate::policy::{Clause, Key, Value};

/// The keys of one service, by their names in their clauses.
type Keys = BTreeMap<(Clause, &'static str), String>;

fn text_of(keys: &Keys) -> String {
    let mut text = String::new();
    for clause in Clause::ALL {
        let suffix = if *clause == Clause::Top { String::new() } else { format!(".{}", clause.name()) };
        let of_clause = keys.iter().filter(|((of, _), _)| of == clause);
        let lines: String = of_clause.fold(String::new(), |mut lines, ((_, name), value)| {
            let _ = writeln!(lines, "{name} = {value}");
            lines
        });
        if *clause == Clause::Top || !lines.is_empty() {
            let _ = write!(text, "[services.db{suffix}]\n{lines}");
        }
    }
    text
}

fn written(value: &Value) -> String {
    match value {
        Value::Count(count) => count.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Switch(on) => on.to_string(),
        other => format!("\"{other}\""),
    }
}

fn proposals(keys: &Keys, facts: &Measured, capacity: Option<f64>) -> Vec<Advice> {
    let file = file(&text_of(keys));
    let mut question = Question::default();
    question.measured.insert("db".to_owned(), facts.clone());
    question.capacity.extend(capacity.map(|capacity| (String::new(), capacity)));
    advise(&file, &question)
}

fn any_keys() -> impl Strategy<Value = Keys> {
    let millis = |range: std::ops::Range<u64>| proptest::option::of(range);
    (
        (millis(20..5_000), millis(5_000..60_000), proptest::option::of(any::<bool>())),
        proptest::option::of((1_u32..500, 0_u32..500, 0_u64..5_000)),
        proptest::option::of(0.0..1.0_f64),
        proptest::option::of((0.01..1.0_f64, 1_u32..200)),
        (1_u32..6, proptest::option::of(20_u64..5_000)),
    )
        .prop_map(|((timeout, deadline, idempotent), bulkhead, ratio, breaker, (attempts, slow))| {
            let mut keys = Keys::new();
            let mut put = |key: Key, value: Option<String>| {
                if let Some(value) = value {
                    keys.insert((key.info().clause, key.info().name), value);
                }
            };
            let time = |millis: Option<u64>| millis.map(|millis| format!("\"{millis}ms\""));
            put(Key::AttemptTimeout, time(timeout));
            put(Key::Deadline, time(deadline));
            put(Key::Idempotent, idempotent.map(|yes| yes.to_string()));
            put(Key::BaseDelay, Some("\"1ms\"".to_owned()));
            put(Key::MaxDelay, Some("\"2ms\"".to_owned()));
            put(Key::MaxAttempts, Some(attempts.to_string()));
            let (concurrent, (queue, wait)) =
                (bulkhead.map(|of| of.0), bulkhead.map_or((None, None), |of| (Some(of.1), Some(of.2))));
            put(Key::MaxConcurrent, concurrent.map(|count| count.to_string()));
            // One of them alone at zero would be refused.
            let waits = queue != Some(0) && wait != Some(0);
            put(Key::MaxQueue, queue.map(|count| if waits { count } else { 0 }.to_string()));
            put(Key::BulkheadMaxWait, time(wait.map(|time| if waits { time } else { 0 })));
            put(Key::BudgetRatio, ratio.map(|ratio| ratio.to_string()));
            put(Key::FailureRate, breaker.map(|of| of.0.to_string()));
            put(Key::MinCalls, breaker.map(|of| of.1.to_string()));
            let slow = slow.map(|slow| slow.min(timeout.unwrap_or(2_000)));
            put(Key::SlowCall, time(slow));
            keys
        })
}

fn any_sample() -> impl Strategy<Value = Measured> {
    let micros = 100..2_000_000_u64;
    (
        (1_000_u64..5_000_000, 0.0..0.01_f64, 0.0..0.002_f64),
        (micros, 1.0..4.0_f64, 1.0..4.0_f64, 1.0..10.0_f64),
        (0.1..2_000.0_f64, 1.0..5.0_f64, 0.7..1.3_f64),
        (0_u64..2_000, proptest::option::of(0.0..0.2_f64), proptest::option::of(1_u32..500)),
    )
        .prop_map(
            |((attempts, failed, timed_out), (mean, a, b, c), (rate, burst, apart), (most, share, limit))| {
                let mean = Duration::from_micros(mean);
                let (p95, p99, p999) = (mean.mul_f64(a), mean.mul_f64(a * b), mean.mul_f64(a * b * c));
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    clippy::cast_precision_loss,
                    reason = "shares"
                )]
                let part = |share: f64| (attempts as f64 * share) as u64;
                Measured {
                    length: Duration::from_hours(2),
                    attempts,
                    failed: part(failed),
                    succeeded: attempts - part(failed),
                    timed_out: part(timed_out),
                    mean: Some(mean),
                    p95: Some(p95),
                    p99: Some(p99),
                    p999: Some(p999),
                    per_second: rate,
                    peak_per_second: Some(rate * burst),
                    in_flight_mean: Some(rate * mean.as_secs_f64() * apart),
                    in_flight_peak: most,
                    retry_share_p95: share,
                    bulkhead_limit: limit,
                    ..Measured::default()
                }
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn applying_it_and_asking_again_proposes_nothing(
        keys in any_keys(), facts in any_sample(), capacity in proptest::option::of(1.0..5_000.0_f64),
    ) {
        let first = proposals(&keys, &facts, capacity);
        let mut applied = keys.clone();
        for change in first.iter().filter(|one| one.verdict == Verdict::Proposal).flat_map(|one| &one.changes) {
            let info = change.key.info();
            applied.insert((info.clause, info.name), written(&change.to));
        }
        if let Some(text) = patch(&first) {
            file(&text);
        }
        let again = proposals(&applied, &facts, capacity);
        let more: Vec<_> = again.iter().filter(|one| one.verdict == Verdict::Proposal).collect();
        prop_assert!(more.is_empty(), "{}\n{}\n{more:#?}", text_of(&keys), text_of(&applied));
    }
}
