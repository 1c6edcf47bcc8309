//! Settings that nobody plays by default, in every scenario. In: odd but valid files, and attempt timeouts of all sizes. Out:
//! claims that each is played to its end and told in figures and sentences, with the keys that have no effect.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use resilience_runtime::testing::simulate::{Cell, Chart, Line, Policy, Report, Simulation, scenarios};

use crate::claims::Claims;

/// Keys of a service, and those of them that say that they have no effect.
const ODD: &[(&str, &[&str])] = &[
    ("", &[]),
    ("max_attempts = 1\n", &[]),
    ("max_attempts = 'unlimited'\nbase_delay = '10ms'\n", &[]),
    ("max_attempts = 7\nbreaker = 'off'\nbudget = 'off'\n", &[]),
    ("budget = { ratio = 0.0, burst_capacity = 0, min_per_second = 0 }\n", &[]),
    ("budget = { kind = 'sliding_window', max_retries_per_minute = 1 }\n", &[]),
    ("budget = { kind = 'adaptive', adaptive_threshold = 1.0 }\n", &[]),
    ("bulkhead = { max_concurrent = 1, max_queue = 0 }\n", &[]),
    ("bulkhead = { max_concurrent = 1, max_queue = 100000, max_wait = '1h' }\ndeadline = 'off'\n", &[]),
    ("bulkhead = { max_concurrent = 40, adaptive = true }\n", &[]),
    ("rate_limit = { per_second = 1, burst = 1 }\n", &[]),
    ("rate_limit = { per_second = 1, burst = 1, max_wait = '1h' }\ndeadline = 'off'\n", &[]),
    ("deadline = '300ms'\n", &[]),
    ("deadline = 'off'\n", &[]),
    ("breaker = { window = 20, consecutive_failures = 1, open_for = '1h', max_open_for = '1h' }\n", &[]),
    ("breaker = { slow_call = '1ms', slow_rate = 0.01, min_calls = 1 }\n", &[]),
    ("throttle = true\n", &[]),
    ("throttle = { k = 1.0, window = '1s' }\nbreaker = 'off'\n", &[]),
    ("attempt_timeout = 'adaptive'\n", &[]),
    ("idempotent = false\n", &[]),
    ("idempotent = true\nhedge = { after = '1ms', max = 3 }\n", &["hedge"]),
    ("cache = { ttl = '1s', mode = 'read_through' }\n", &["cache"]),
    ("idempotency = { ttl = '1h' }\n", &["idempotency"]),
    (
        "retry_enabled = false\nretry_budget_enabled = false\ncircuit_breaker_enabled = false\n",
        &["retry_budget_enabled"],
    ),
    ("degradation_enabled = false\npriority = 'low'\nmax_partitions = 1\n", &[]),
    ("degrade_timeout = '1ms'\nkind = 'ai_service'\n", &[]),
    ("strategy = 'exponential'\nmax_delay = '1h'\nbase_delay = '1h'\ndeadline = 'off'\n", &[]),
    ("strategy = 'linear'\nbase_delay = 0\n", &[]),
    ("strategy = 'fixed'\njitter = 0.0\n", &[]),
    ("strategy = 'adaptive'\n", &[]),
    ("strategy = 'fibonacci'\njitter = 1.0\n", &[]),
    ("strategy = 'decorrelated_jitter'\n", &[]),
    ("strategy = 'constant_jitter'\n", &[]),
    ("[chaos.evening]\ntarget = 'db'\nreject = 'shed'\n", &["chaos"]),
];

/// Attempt timeouts, with whose multiples all is played; a bulkhead, whose waiters wait for as long.
const UNITS: &[&str] = &["20ms", "1s", "1d"];

/// A glimpse takes some milliseconds; what waits for ever takes longer.
const LONGEST: Duration = Duration::from_mins(2);

/// So many scenarios apart are those in which one of the settings is played, unless all are wanted.
const APART: usize = 5;

/// Plays all of it, or, for the time that `./test` has, each of the settings in some scenarios and each scenario with some settings.
pub(crate) fn play(claims: &mut Claims, is_whole: bool) {
    for (number, (keys, ignored)) in ODD.iter().enumerate() {
        let policy = policy(keys);
        for key in *ignored {
            let is_listed = policy.ignored().iter().any(|line| line.starts_with(key));
            claims.say(is_listed, &format!("`{key}` is listed as ignored: {:?}", policy.ignored()));
        }
        if ignored.is_empty() {
            claims.say(policy.ignored().is_empty(), &format!("`{keys}` acts: {:?}", policy.ignored()));
        }
        let step = if is_whole { 1 } else { APART };
        for scenario in scenarios().iter().skip(number % step).step_by(step) {
            is_told(claims, scenario.simulation().policy(policy.clone()).glimpse().alone(), keys);
        }
    }
    for unit in UNITS {
        let keys = format!(
            "attempt_timeout = '{unit}'\ndeadline = 'off'\n\
             bulkhead = {{ max_concurrent = 2, max_queue = 100, max_wait = '{unit}' }}\n"
        );
        for scenario in scenarios() {
            is_told(claims, scenario.simulation().policy(policy(&keys)).glimpse(), &keys);
        }
    }
}

fn policy(keys: &str) -> Policy {
    let text = format!("[services.db]\n{keys}");
    Policy::from_toml(&text, "odd.toml", "db").unwrap_or_else(|error| panic!("{keys}: {error}"))
}

/// Plays it, in a thread that may be left behind.
fn is_told(claims: &mut Claims, simulation: Simulation, keys: &str) {
    let name = simulation.scenario().name();
    let (sender, report) = channel();
    let playing = thread::spawn(move || drop(sender.send(simulation.run())));
    match report.recv_timeout(LONGEST) {
        Ok(report) => {
            let faults = faults(&report);
            claims.say(
                faults.is_empty(),
                &format!("{name} is told with `{keys}`: {}\n{report}", faults.join("; ")),
            );
        }
        Err(RecvTimeoutError::Timeout) => claims.say(false, &format!("{name} ends with `{keys}`")),
        Err(RecvTimeoutError::Disconnected) => {
            let panic = playing.join().err().and_then(|panic| panic.downcast_ref::<String>().cloned());
            claims.say(false, &format!("{name} does not panic with `{keys}`: {panic:?}"));
        }
    }
}

/// What is wrong with a report.
fn faults(report: &Report) -> Vec<String> {
    let mut faults = Vec::new();
    let mut check = |holds: bool, fault: &str| {
        if !holds {
            faults.push(fault.to_owned());
        }
    };
    let is_finite = |cell: &Cell| !matches!(cell, Cell::Number(number) if !number.is_finite());
    check(!report.rows().is_empty(), "no rows");
    for row in report.rows() {
        check(
            row.len() == report.columns().len(),
            "a row has another number of cells than there are columns",
        );
        check(row.iter().all(is_finite), "a figure is not finite");
    }
    let points = report.charts().iter().flat_map(Chart::lines).flat_map(Line::points);
    let is_drawable = points.copied().all(|(x, y)| x.is_finite() && y.is_finite());
    check(is_drawable, "a point cannot be drawn");
    for text in [report.verdict(), report.limits()] {
        let is_sentence =
            text.trim_end().ends_with('.') && text.split(' ').count() > 3 && !text.contains("  ");
        check(is_sentence, "no sentence");
        check(!text.contains("NaN") && !text.contains("inf"), "a sentence tells what is no number");
    }
    let csv = report.csv();
    let mut lines = records(&csv).into_iter();
    let head = lines.next().unwrap_or_default();
    check(head.iter().map(String::as_str).eq(report.columns().iter().copied()), "CSV has other columns");
    check(lines.len() == report.rows().len(), "CSV has another number of rows");
    check(lines.all(|record| record.len() == report.columns().len()), "a row of CSV is torn");
    faults
}

/// The fields of CSV (RFC 4180), read as by another program.
fn records(csv: &str) -> Vec<Vec<String>> {
    let (mut records, mut record, mut field) = (Vec::new(), Vec::new(), String::new());
    let mut is_quoted = false;
    let mut signs = csv.chars().peekable();
    while let Some(sign) = signs.next() {
        match sign {
            '"' if is_quoted && signs.peek() == Some(&'"') => field.extend(signs.next()),
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => record.push(std::mem::take(&mut field)),
            '\n' if !is_quoted => {
                record.push(std::mem::take(&mut field));
                records.push(std::mem::take(&mut record));
            }
            sign => field.push(sign),
        }
    }
    records
}
