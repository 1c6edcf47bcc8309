//! Whole files: what loads, what is refused, and how a refusal reads.

mod chaos;
mod hints;
mod unclosed;

use std::time::Duration;

use super::*;
use crate::config::fault::Fault;
use crate::config::global::GlobalSettings;
use crate::layers::ground::resolve_service;
use crate::policy::{Clause, Key, ServiceKind, Shape, Strategy};

pub(crate) fn faults(text: &str) -> Vec<Fault> {
    let error = FileConfig::parse(text, "test.toml").expect_err("refused");
    error.faults().to_vec()
}

/// The file that the documentation shows.
const DOCUMENTED: &str = r#"[global]
enable_global_metrics = true
metrics_export_interval = 300
max_concurrent_retries_global = 100
circuit_breaker_enabled_globally = true
retry_budget_enabled_globally = true
prometheus_enabled = true
prometheus_port = 8000

[services.claude_api]
template = "ai_service"
max_attempts = 5
base_delay = 2.0
max_delay = 60.0
strategy = "exponential_jitter"
service_type = "ai_claude"
retryable_status_codes = [408, 429, 500, 502, 503, 504]

[services.postgres_db]
template = "database"
max_attempts = 3
base_delay = 0.5
max_delay = 5.0
strategy = "linear"

[services.redis_cache]
template = "cache"
max_attempts = 2
base_delay = 0.1
max_delay = 1.0
strategy = "fixed"
"#;

#[test]
fn the_documented_file_loads_as_it_stands() {
    let file = FileConfig::parse(DOCUMENTED, "resilience.toml").unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(file.global().metrics_export_interval, Duration::from_mins(5));
    assert!(file.global().prometheus_enabled);
    let claude = resolve_service("claude_api", &[], Some(&file), None);
    assert_eq!(claude.service_policy().service_type.as_deref(), Some("ai_claude"));
    assert_eq!(claude.service_policy().kind, ServiceKind::AiService);
    let call = claude.call_policy();
    assert_eq!(call.max_attempts, 5);
    assert_eq!(call.deadline, Some(Duration::from_mins(10)));
    assert!(call.retryable_status_codes.is_some_and(|codes| codes.contains(429) && !codes.contains(404)));
    let cache = resolve_service("redis_cache", &[], Some(&file), None).call_policy();
    assert_eq!((cache.backoff.strategy, cache.max_attempts), (Strategy::Fixed, 2));
    assert_eq!(cache.backoff.base_delay, Duration::from_millis(100));
}

#[test]
fn an_empty_file_loads_and_a_byte_order_mark_is_no_fault() {
    assert!(FileConfig::parse("", "test.toml").is_ok());
    assert!(FileConfig::parse("\u{feff}[global]\n", "test.toml").is_ok());
}

/// A value that the shape takes, and one that it does not.
fn samples(shape: Shape) -> (&'static str, &'static str) {
    match shape {
        Shape::Switch => ("true", "1"),
        Shape::Table => ("\"off\"", "\"of\""),
        Shape::Number { .. } => ("1", "-0.5"),
        Shape::Count { min: 0, .. } | Shape::Duration { least: Duration::ZERO, .. } => ("0", "-1"),
        Shape::Count { min: 2, .. } => ("2", "1"),
        Shape::Count { .. } => ("1", "0"),
        Shape::Timeout => ("\"Adaptive\"", "\"adaptve\""),
        Shape::Attempts => ("\"unlimited\"", "0"),
        Shape::Quantile => ("0.95", "1.0"),
        Shape::AfterOrQuantile => ("\"P99\"", "\"P98\""),
        Shape::CacheMode => ("\"ReadThrough\"", "\"read\""),
        Shape::OnUnavailable => ("\"Run\"", "\"runs\""),
        Shape::Duration { .. } => ("\"1m 30s\"", "0"),
        Shape::Strategy => ("\"ExponentialJitter\"", "\"exponental\""),
        Shape::BudgetKind => ("\"sliding_window\"", "\"window\""),
        Shape::Deposit => ("\"Success\"", "\"error\""),
        Shape::NestedRetries => ("\"suppress\"", "\"deny\""),
        Shape::Mode => ("\"Observe\"", "\"watch\""),
        Shape::Priority => ("\"critical\"", "\"urgent\""),
        Shape::Kind => ("\"HttpApi\"", "\"http\""),
        Shape::Window => ("\"10s\"", "10.0"),
        Shape::StatusCodes => ("[429, 503]", "[429, 99]"),
        Shape::Address => ("\"::1\"", "\"localhost\""),
    }
}

#[test]
fn every_key_takes_its_values_and_refuses_others_with_the_line() {
    for &key in Key::ALL {
        let info = key.info();
        let header = match info.clause {
            Clause::Top => "[services.x]".to_owned(),
            clause => format!("[services.x.{}]", clause.name()),
        };
        let (good, bad) = samples(info.shape);
        for name in [Some(info.name), info.alias].into_iter().flatten() {
            let text = format!("{header}\n\n{name} = {good}\n");
            let file = FileConfig::parse(&text, "test.toml").unwrap_or_else(|error| panic!("{error}"));
            let written = file.services.get("x").and_then(|entry| entry.values.get(key));
            assert_eq!(written.map(|written| written.line), Some(3), "{name}");

            let faults = faults(&format!("{header}\n\n{name} = {bad}\n"));
            let path = format!("services.x.{}", key.path().replace(info.name, name));
            assert_eq!(faults.len(), 1, "{name}");
            assert_eq!((faults[0].line(), faults[0].path()), (3, path.as_str()));
            assert!(faults[0].message().contains(bad.trim_matches('"')), "{}", faults[0].message());
        }
    }
}

#[test]
fn every_global_key_is_checked() {
    let table = [
        ("enable_global_metrics", "false", "\"yes\""),
        ("metrics_export_interval", "\"30s\"", "0"),
        ("max_concurrent_retries_global", "0", "-1"),
        ("circuit_breaker_enabled_globally", "false", "0"),
        ("retry_budget_enabled_globally", "false", "0"),
        ("prometheus_enabled", "true", "\"true\""),
        ("prometheus_port", "65535", "65536"),
        ("prometheus_address", "\"::\"", "\"0.0.0.0:80\""),
        ("tracing_spans", "true", "\"off\""),
        ("shedding", "true", "0.9"),
        ("shedding", "{ cpu = 0.5 }", "{ cpu = 2 }"),
    ];
    for (key, good, bad) in table {
        let file = FileConfig::parse(&format!("[global]\n{key} = {good}\n"), "test.toml").expect("accepted");
        assert_eq!(file.global.line_of(key), Some(2), "{key}");
        assert_ne!(*file.global(), GlobalSettings::default(), "{key}");
        assert_eq!(faults(&format!("[global]\n{key} = {bad}\n"))[0].line(), 2, "{key}");
    }
}

#[test]
fn a_missing_file_is_named_with_a_remedy() {
    let error = FileConfig::load(Path::new("/nowhere/resilience.toml")).expect_err("missing");
    assert!(error.is_io() && !error.is_syntax() && error.faults().is_empty());
    assert!(error.to_string().contains("/nowhere/resilience.toml"), "{error}");
    assert!(error.to_string().contains("create_default_config_file"), "{error}");
    assert!(std::error::Error::source(&error).is_some());
}

#[test]
fn all_syntax_errors_come_at_once_with_the_faults_of_the_healthy_lines() {
    let text = "[services.a]\nmax_attempts = = 3\nbase_delay = \"2x\"\ndeadline = \"1\n";
    let error = FileConfig::parse(text, "test.toml").expect_err("refused");
    assert!(error.is_syntax() && !error.is_io());
    let lines: Vec<u32> = error.faults().iter().map(Fault::line).collect();
    assert_eq!(lines, [2, 3, 4], "{error}");
}

#[test]
fn a_broken_header_does_not_drag_other_faults_along() {
    let faults = faults("[global]\nprometheus_port = 1\n[services.a\nmax_attempts = 3\ncolour = 1\n");
    assert!(faults.iter().all(|fault| fault.path().is_empty()), "{faults:?}");
    assert_eq!(faults[0].line(), 3);
}

#[test]
fn wrong_places_are_told_the_right_ones() {
    let table = [
        ("[service.a]\n", "did you mean `services`?"),
        ("[services.a]\nmax_atempts = 3\n", "did you mean `max_attempts`?"),
        ("[services.a]\nmin_calls = 3\n", "`min_calls` belongs to `breaker`: write `breaker.min_calls`"),
        (
            "[services.a.breaker]\nmax_attempts = 3\n",
            "`max_attempts` belongs to the service itself, above `breaker`",
        ),
        (
            "[services.a]\nmax_wait = 3\n",
            "`max_wait` belongs to `bulkhead` or `rate_limit`: write `bulkhead.max_wait` or `rate_limit.max_wait`",
        ),
        (
            "[services.a.cache]\nkey = \"id\"\n",
            "the `key` of a cache needs code: write it in the attribute of the function",
        ),
        (
            "[services.a.attempt_timeout]\nquantile = 95\n",
            "write the share of attempts that are faster: 0.95",
        ),
        ("[services.a]\nhegde = \"off\"\n", "did you mean `hedge`?"),
        ("[services.a]\nretry_on = 3\n", "`retry_on` needs code: write it in the attribute of the function"),
        ("[services.a]\nstrategy = \"exponental\"\n", "did you mean \"exponential\"?"),
        (
            "[services.a]\ndeadline = \"30\"\n",
            "a text needs a unit: write \"30s\", or the number without quotes",
        ),
        ("[services.a]\nidempotent = \"true\"\n", "write true without quotes"),
        (
            "[services.a.breaker]\nwindow = 10.5\n",
            "write \"10.5s\" for a length of time, or a whole number for calls",
        ),
        ("[global]\nprometheus_prot = 1\n", "did you mean `prometheus_port`?"),
    ];
    for (text, help) in table {
        assert_eq!(faults(text)[0].help(), Some(help), "{text}");
    }
    assert!(faults("[services.a]\nqqq = 1\n")[0].help().is_some_and(|help| help.contains("`service_type`")));
}

#[test]
fn keys_without_a_place_are_refused() {
    for text in [
        "[templates.a]\nkind = \"cache\"\n",
        "[overrides.\"a@b::c\"]\nkind = \"cache\"\n",
        "[overrides.\"a@b::c\".breaker]\nmin_calls = 3\n",
        "[overrides.\"a@b::c\".bulkhead]\n",
        "[overrides.\"a@b::c\"]\nmax_partitions = 3\n",
        "[services.a]\nhedge = \"off\"\nhedge.max = 3\n",
        "[overrides.a]\ntemplate = \"cache\"\n",
        "[overrides.a]\nservice_type = \"cache\"\n",
        "[templates.a]\nservice_type = \"cache\"\n",
        "[overrides.\"a@\"]\n",
        "[services.\"\"]\n",
        "[services.a]\nservice_type = \"two words\"\n",
        "[services.a.budget]\nmin_per_second = 1\nrefill_rate = 2\n",
        "[templates.ai_service]\n[templates.AiService]\n",
        "services = 3\n",
        "[services]\na = 3\n",
    ] {
        assert!(!faults(text).is_empty(), "{text}");
    }
}

#[test]
fn words_and_notations_of_others_are_told_ours() {
    let table = [
        ("[services.a.circuit_breaker]\nfailure_rate = 0.5\n", "did you mean `breaker`?"),
        ("[services.a]\nbackoff = \"fixed\"\n", "did you mean `strategy`?"),
        ("[services.a]\ntimeout = 5\n", "did you mean `attempt_timeout`?"),
        ("[services.a]\ntype = \"cache\"\n", "did you mean `kind`?"),
        ("[services.a.breaker]\nreset_timeout = 5\n", "did you mean `open_for`?"),
        (
            "[services.a]\ntimeout_ms = 500\n",
            "did you mean `attempt_timeout`, with the unit in the value, `attempt_timeout = \"5ms\"`?",
        ),
        (
            "[services.a]\nbase_delay_ms = 500\n",
            "did you mean `base_delay`, with the unit in the value, `base_delay = \"5ms\"`?",
        ),
        ("[services.a.breaker]\nhalf_open_max_requests = 5\n", "did you mean `half_open_calls`?"),
        (
            "[services.a]\nrecovery_time_secs = 5\n",
            "did you mean `open_for`, with the unit in the value, `open_for = \"5s\"`? `open_for` belongs to `breaker`: write `breaker.open_for`",
        ),
        ("[services.a.breaker]\nfailure_rate = 50\n", "50 percent are 0.5"),
        ("[services.a.breaker]\nslow_rate = 12.5\n", "12.5 percent are 0.125"),
        (
            "[services.a.retry]\nmax_attempts = 3\n",
            "`retry` is no table: write its keys in the table above it, such as `max_attempts = 3`",
        ),
        ("[[services]]\nname = \"a\"\n", "write `[services.NAME]`, a table for each name"),
        (
            "[services.api.example.com]\nmax_attempts = 3\n",
            "a name with dots stands in quotes: `[services.\"api.example.com\"]`",
        ),
        (
            "[services.api.example.com.breaker]\nmin_calls = 3\n",
            "a name with dots stands in quotes: `[services.\"api.example.com\".breaker]`",
        ),
        (
            "[services.a]\nretryable_status_codes = [\"5xx\"]\n",
            "a class is written code by code, such as [500, 502, 503, 504]",
        ),
    ];
    for (text, help) in table {
        assert_eq!(faults(text)[0].help(), Some(help), "{text}");
    }
}

#[test]
fn another_notation_is_one_fault_that_names_it() {
    let yaml = "services:\n  a:\n    max_attempts: 3\n    deadline: 5s\n";
    let found = FileConfig::parse(yaml, "r.yaml").expect_err("YAML");
    assert_eq!(found.fault_count(), 1);
    assert!(found.to_string().contains("r.yaml: this looks like YAML"), "{found}");
    let utf16 = "[services.a]\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let found = FileConfig::read(Path::new("r.toml"), Ok(utf16)).expect_err("UTF-16");
    assert!(found.to_string().contains("UTF-16"), "{found}");
}
