//! The page of an example as a whole, and properties of the page of any snapshot, read back by a reader of its own.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::monitor::snapshot::example;

/// Compares with a file beside this one; with `BLESS` set it is written anew.
fn compare(file: &str, page: &str) {
    let path = format!("{}/src/export/prometheus/page/{file}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, page).expect("the file can be written");
    }
    let expected = std::fs::read_to_string(&path).expect("the file");
    assert!(page == expected, "{path} differs: run it with BLESS=1 and read the difference");
}

#[test]
fn the_page_of_the_example_is_that_of_the_files() {
    compare("example.prom", &render(&example(), Format::Text));
    compare("example.om", &render(&example(), Format::OpenMetrics));
}

/// The labels of a series, in their order.
type Series = Vec<(String, String)>;

/// Reads the lines with values: by name, the labels and the value. Panics at any other line.
fn read(page: &str) -> BTreeMap<String, BTreeMap<Series, String>> {
    let mut all: BTreeMap<String, BTreeMap<_, _>> = BTreeMap::new();
    for line in page.strip_suffix('\n').expect("a last line break").split('\n') {
        if line.starts_with('#') {
            continue;
        }
        let end = line.find(['{', ' ']).expect("a name");
        let (name, mut rest) = line.split_at(end);
        assert!(name.starts_with("resilience_") && name.bytes().all(|c| c.is_ascii_lowercase() || c == b'_'));
        let mut labels = Series::new();
        if rest.starts_with('{') {
            while !rest.starts_with('}') {
                let (label, value) = rest[1..].split_once("=\"").expect("a label");
                let mut chars = value.chars();
                let mut text = String::new();
                loop {
                    match chars.next().expect("a closing quote") {
                        '"' => break,
                        '\\' => text.push(match chars.next() {
                            Some('n') => '\n',
                            Some(c @ ('"' | '\\')) => c,
                            other => panic!("no escape: {other:?} in {line}"),
                        }),
                        c => text.push(c),
                    }
                }
                rest = chars.as_str();
                assert!(rest.starts_with([',', '}']), "{line}");
                labels.push((label.to_owned(), text));
            }
            rest = &rest[1..];
        }
        let value = rest.strip_prefix(' ').expect("a space before the value");
        assert!(value.parse::<f64>().is_ok(), "{line}");
        let before = all.entry(name.to_owned()).or_default().insert(labels, value.to_owned());
        assert_eq!(before, None, "the series is there twice: {line}");
    }
    all
}

fn of(name: &str) -> impl Fn(&&Series) -> bool {
    move |labels| labels.first().is_some_and(|(label, value)| label == "dependency" && value == name)
}

/// Only a service with the clause has these, or one whose calls are observed; then all of them are there.
const OF_SOME: [&str; 2] = ["resilience_idempotency_total", "resilience_would_total"];

#[test]
fn every_series_is_there_before_the_first_call() {
    let page = read(&render(&example(), Format::Text));
    for (name, series) in page.iter().filter(|(name, _)| !OF_SOME.contains(&name.as_str())) {
        let labels = |service: &str| -> BTreeSet<Series> {
            let all = series.keys().filter(of(service)).map(|labels| labels[1..].to_vec());
            all.filter(|_| name != "resilience_dependency_info").collect()
        };
        // The idle service has the same series as the one in trouble; its name ends in a line break.
        assert_eq!(labels("redis_cache"), labels("claude \"api\" <script>\\n"), "{name}");
        assert_eq!(labels("redis_cache"), labels("postgres_db"), "{name}");
    }
    for metric in METRICS.iter().filter(|metric| !metric.is_rare) {
        let name = match metric.kind {
            Kind::Histogram => format!("{}_bucket", metric.prometheus),
            _ => metric.prometheus.to_owned(),
        };
        assert!(page.contains_key(&name), "{name}");
        if !matches!(metric.read, Read::Process(_)) && !OF_SOME.contains(&name.as_str()) {
            assert!(page[&name].keys().any(|labels| of("redis_cache")(&labels)), "{name}");
        }
    }
    // The words of the contract, as a query has them.
    let words = |name: &str, label: &str| -> BTreeSet<String> {
        let labels = page[name].keys().filter(of("redis_cache")).flatten();
        labels.filter(|(known, _)| known == label).map(|(_, value)| value.clone()).collect()
    };
    let set = |all: &str| all.split(' ').map(str::to_owned).collect::<BTreeSet<_>>();
    let outcomes = "success degraded declined failure rejected cancelled panicked";
    assert_eq!(words("resilience_calls_total", "outcome"), set(outcomes));
    assert_eq!(words("resilience_attempts_total", "attempt_type"), set("original retry hedge"));
    assert_eq!(words("resilience_wait_seconds_total", "reason"), set("queue rate_limit backoff idempotency"));
    let states = "closed open half_open forced_open forced_closed";
    for name in ["resilience_breaker_state", "resilience_partitions"] {
        assert_eq!(words(name, "state"), set(&format!("{states} observed")));
    }
    assert_eq!(words("resilience_breaker_transitions_total", "to"), set(states));
}

#[test]
fn one_state_is_1_and_a_breaker_that_is_off_lets_pass() {
    let mut data = example();
    data.services.truncate(1);
    for (on, state, shown) in
        [(true, "open", "open"), (true, "observed", "observed"), (false, "open", "closed")]
    {
        data.services[0].breaker.on = on;
        data.services[0].breaker.state = state;
        let page = read(&render(&data, Format::Text));
        let ones = page["resilience_breaker_state"].iter().filter(|(_, value)| *value == "1");
        let ones: Vec<_> = ones.map(|(labels, _)| labels[1].1.as_str()).collect();
        assert_eq!(ones, [shown]);
    }
}

#[test]
fn buckets_are_cumulative_and_end_at_powers_of_two_of_nanoseconds() {
    let data = example();
    let page = read(&render(&data, Format::OpenMetrics));
    let series = &page["resilience_call_duration_seconds_bucket"];
    let count = |le: &str| {
        let labels = [("dependency", "postgres_db"), ("le", le)];
        let labels = labels.map(|(name, value)| (name.to_owned(), value.to_owned()));
        series[&labels.to_vec()].parse::<u64>().expect("a whole number")
    };
    let ends: Vec<String> =
        (17..40).map(|power| (f64::from(1 << 16) * f64::powi(2.0, power - 16) / 1e9).to_string()).collect();
    assert_eq!((ends[0].as_str(), ends[22].as_str(), ends.len()), ("0.000131072", "549.755813888", 23));
    let counts: Vec<_> = ends.iter().map(|end| count(end)).collect();
    assert_eq!(counts[1..6], [0, 4_000, 84_000, 114_000, 120_015]);
    assert!(counts.is_sorted());
    assert_eq!(count("+Inf"), data.services[1].latency.count);
}

#[test]
fn what_is_off_has_no_limit() {
    let page = read(&render(&example(), Format::Text));
    let value = |name: &str, service: &str| {
        let (_, value) = page[name].iter().find(|(labels, _)| of(service)(labels)).expect("the series");
        value.clone()
    };
    assert_eq!(value("resilience_bulkhead_limit", "redis_cache"), "+Inf");
    assert_eq!(value("resilience_bulkhead_in_flight", "redis_cache"), "0");
    assert_eq!(value("resilience_budget_tokens", "redis_cache"), "+Inf");
    assert_eq!(value("resilience_budget_tokens", "claude \"api\" <script>\\n"), "1.5");
}

proptest! {
    /// For any names, each line is one line, each series is present once, and each name can be told from all others.
    #[test]
    fn any_names_are_escaped_and_stay_apart(
        names in proptest::collection::btree_set("[ab\\\\\"\n\r\u{1b}\u{202e}{},=<n]{1,4}|.{1,8}", 1..6),
        other in ".{0,6}",
    ) {
        let mut data = example();
        let service = data.services.swap_remove(2);
        data.services = names.iter().map(|name| {
            let mut service = service.clone();
            service.name.clone_from(name);
            service.service_type = Some(other.clone());
            service.template.clone_from(&other);
            service
        }).collect();
        for format in [Format::Text, Format::OpenMetrics] {
            let page = render(&data, format);
            prop_assert!(page.chars().all(|c| c == '\n' || resilience_settings::printable::is_printable(c)));
            let info = &read(&page)["resilience_dependency_info"];
            let shown: BTreeSet<_> = info.keys().map(|labels| labels[0].1.clone()).collect();
            let expected: BTreeSet<_> = names.iter().map(|name| normalised(name).into_owned()).collect();
            prop_assert_eq!(shown.len(), names.len());
            prop_assert_eq!(shown, expected);
            prop_assert!(info.keys().all(|labels| labels[3].1 == normalised(&other)));
        }
    }
}
