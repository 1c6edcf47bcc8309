//! Each key of `[global]`, beside each that keeps it from acting.

use std::collections::BTreeSet;

use super::*;
use crate::config::global::global_keys;
use crate::explain::review::{review, review_file};

/// What is found in a file, by both reviews: with the program, and of the file alone.
fn found(text: &str) -> Vec<String> {
    let file = FileConfig::parse(text, "r.toml").unwrap_or_else(|error| panic!("{error}"));
    let messages = |found: Vec<crate::layers::Finding>| -> Vec<String> {
        let idle = found.into_iter().filter(|one| one.kind() == FindingKind::WithoutEffect);
        idle.map(|one| one.message().to_owned()).collect()
    };
    let of_file = messages(review_file(&file));
    let of_load = messages(review(&[], Some(&file), &crate::layers::Updates::default()));
    // Without a server, a load says of its keys that they need the feature.
    let is_said = |message: &&String| cfg!(feature = "server") || !message.contains("prometheus_");
    assert!(of_load.iter().eq(of_file.iter().filter(is_said)), "{of_load:?}");
    of_file
}

/// Every key that can be idle, with a file in which it is and what is said.
const IDLE: &[(&str, &str, &str)] = &[
    (
        "metrics_export_interval",
        "[global]\nenable_global_metrics = false\nmetrics_export_interval = 300\n",
        "r.toml:3: `global.metrics_export_interval` does nothing beside `enable_global_metrics = false` in line 2: calls are not \
         counted, so that there is nothing to sum up",
    ),
    (
        "prometheus_port",
        "[global]\nprometheus_port = 8000\n",
        "r.toml:2: `global.prometheus_port` does nothing: no server is started; add `prometheus_enabled = true`",
    ),
    (
        "prometheus_address",
        "[global]\nprometheus_address = \"0.0.0.0\"\nprometheus_enabled = false\n",
        "r.toml:2: `global.prometheus_address` does nothing beside `prometheus_enabled = false` in line 3: no server is started",
    ),
    (
        "retry_budget_enabled_globally",
        "[global]\nmax_concurrent_retries_global = 0\nretry_budget_enabled_globally = true\n",
        "r.toml:3: `global.retry_budget_enabled_globally` does nothing beside `max_concurrent_retries_global = 0` in line 2: \
         there are no retries",
    ),
    ("shedding.cpu", "[global.shedding]\nenabled = false\ncpu = 0.5\n", ""),
    ("shedding.memory", "[global.shedding]\nenabled = false\nmemory = 0.5\n", ""),
    ("shedding.scheduler_lag", "[global.shedding]\nenabled = false\nscheduler_lag = \"1s\"\n", ""),
    ("shedding.queue_time", "[global.shedding]\nenabled = false\nqueue_time = \"1s\"\n", ""),
    ("shedding.max_in_flight", "[global.shedding]\nenabled = false\nmax_in_flight = 9\n", ""),
    ("shedding.recover_after", "[global.shedding]\nenabled = false\nrecover_after = \"1s\"\n", ""),
];

/// Those that always act, with a line that is likely to be beside others that are off.
const ACTING: &[(&str, &str)] = &[
    ("enable_global_metrics", "enable_global_metrics = false"),
    (
        "max_concurrent_retries_global",
        "retry_budget_enabled_globally = false\nmax_concurrent_retries_global = 5",
    ),
    ("circuit_breaker_enabled_globally", "circuit_breaker_enabled_globally = true"),
    ("prometheus_enabled", "prometheus_enabled = true\nenable_global_metrics = false"),
    ("mode", "mode = 'observe'\nenable_global_metrics = false"),
    ("tracing_spans", "tracing_spans = true\nenable_global_metrics = false"),
    ("shedding", "shedding = \"off\""),
    ("shedding.enabled", "shedding.enabled = false"),
];

#[test]
fn every_key_that_cannot_act_is_told_of_with_what_keeps_it() {
    for (key, text, said) in IDLE {
        let line = "r.toml:3: ";
        let of_shedding =
            format!("{line}`global.{key}` does nothing beside `enabled = false` in line 2: nothing is shed");
        let said = if said.is_empty() { &of_shedding } else { *said };
        assert_eq!(found(text), [said], "{key}");
    }
    for (key, lines) in ACTING {
        assert_eq!(found(&format!("[global]\n{lines}\n")), [""; 0], "{key}");
    }
    let walked: BTreeSet<String> = IDLE
        .iter()
        .map(|(key, ..)| *key)
        .chain(ACTING.iter().map(|(key, _)| *key))
        .map(str::to_owned)
        .collect();
    assert_eq!(walked, global_keys().into_iter().collect(), "each key is walked");
}

#[test]
fn keys_that_have_what_they_need_are_not_told_of() {
    for text in [
        // The file that the seed of this library gives as an example.
        "[global]\nenable_global_metrics = true\nmetrics_export_interval = 300\nmax_concurrent_retries_global = 100\n\
         circuit_breaker_enabled_globally = true\nretry_budget_enabled_globally = true\nprometheus_enabled = true\n\
         prometheus_port = 8000\n",
        // Load shedding goes by how many calls run, so that they are counted.
        "[global]\nenable_global_metrics = false\nmetrics_export_interval = 300\n[global.shedding]\nmax_in_flight = 9\n",
        "[global]\nmax_concurrent_retries_global = 0\nretry_budget_enabled_globally = false\n",
        "[global.shedding]\ncpu = 0.5\nrecover_after = \"1s\"\n",
        "",
    ] {
        assert_eq!(found(text), [""; 0], "{text}");
    }
    let idle_count = "[global]\nenable_global_metrics = false\nmetrics_export_interval = 300\n[global.shedding]\n\
                      enabled = false\nmax_in_flight = 9\n";
    assert_eq!(found(idle_count).len(), 2, "shedding that is off has nothing counted");
}
