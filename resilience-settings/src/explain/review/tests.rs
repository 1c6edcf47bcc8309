//! What a load reports about the program and the file together.

use std::time::Duration;

use super::*;
use crate::layers::ground::tests::site;
use crate::policy::{Key, ServiceKind, Value};

static QUERY: SiteFacts = site("search", "query", 10, &[(Key::MaxAttempts, Value::Count(2))]);
static INDEX: SiteFacts = site("search", "index", 20, &[]);
static PAY: SiteFacts = site("payments", "pay", 30, &[]);

fn found(sites: &[&SiteFacts], text: &str) -> Vec<(FindingKind, String)> {
    let file = FileConfig::parse(text, "r.toml").unwrap_or_else(|error| panic!("{error}"));
    review(sites, Some(&file), &Updates::default())
        .into_iter()
        .map(|one| (one.kind(), one.to_string()))
        .collect()
}

#[test]
fn a_program_that_fits_its_file_has_no_findings() {
    let text = "[services.search]\ndeadline = 5\n[services.payments]\n[overrides.\"search@shop::api::index\"]\nmax_attempts = 1\n";
    assert_eq!(found(&[&QUERY, &INDEX, &PAY], text), []);
}

#[test]
fn a_key_that_an_attribute_shadows_is_named_with_its_line() {
    let expected = "r.toml:2: `services.search.max_attempts` does not reach shop::api::query, whose attribute says 2 \
        (src/api.rs:10 in query); an override would";
    let found = found(&[&QUERY, &INDEX], "[services.search]\nmax_attempts = 5\n");
    assert_eq!(found, [(FindingKind::ShadowedByInline, expected.to_owned())]);
}

#[test]
fn a_misspelt_service_is_reported_from_both_sides() {
    let found = found(&[&INDEX], "\n[services.serach]\n");
    assert_eq!(
        found,
        [
            (
                FindingKind::UnknownService,
                "r.toml:2: no call site names the service `serach`; did you mean `search`?".to_owned()
            ),
            (
                FindingKind::MissingService,
                "src/api.rs:20: the service `search` is not in r.toml, but `serach` is; is one of them misspelt?".to_owned()
            ),
        ]
    );
}

#[test]
fn a_bare_number_that_nobody_means_in_seconds_is_asked_for_its_unit() {
    let text = "[services.search]\nbase_delay = 200\nmax_delay = 240\nattempt_timeout = \"200s\"\nbreaker.open_for = 5e3\n\
        cache.ttl = 86400\nbreaker.window = 5000\n[templates.slow]\ndeadline = 10_000\n[services.payments]\ntemplate = \"slow\"\n";
    let lines: Vec<String> = found(&[&INDEX, &PAY], text)
        .into_iter()
        .filter(|(kind, _)| *kind == FindingKind::UnitMissing)
        .map(|(_, message)| message)
        .collect();
    assert_eq!(
        lines,
        [
            "r.toml:9: `templates.slow.deadline = 10000` is 10000 seconds; write \"10000s\" if that is meant, or \"10000ms\"",
            "r.toml:2: `services.search.base_delay = 200` is 200 seconds; write \"200s\" if that is meant, or \"200ms\"",
            "r.toml:5: `services.search.breaker.open_for = 5000` is 5000 seconds; write \"5000s\" if that is meant, or \"5000ms\"",
        ]
    );
}

#[test]
fn no_key_takes_a_likely_number_of_milliseconds_for_seconds_unasked() {
    for line in [
        "base_delay = 50",
        "max_delay = 500",
        "max_retry_after = 1000",
        "attempt_timeout = 500",
        "attempt_timeout = 800",
        "attempt_timeout.floor = 50",
        "attempt_timeout.ceiling = 800",
        "deadline = 1000",
        "degrade_timeout = 500",
        "breaker.slow_call = 200",
        "breaker.open_for = 500",
        "breaker.max_open_for = 1000",
        "bulkhead.max_wait = 100",
        "rate_limit.max_wait = 100",
        "throttle.window = 1000",
        "hedge.after = 50",
        "cache.ttl = 300000",
        "cache.stale_for = 3600000",
        "idempotency.ttl = 86400000",
        "idempotency.lease = 1000",
        "idempotency.wait = 5000",
    ] {
        for table in ["services.search", "overrides.search"] {
            let found = found(&[&INDEX], &format!("[{table}]\n{line}\n"));
            let asked = found.iter().filter(|(kind, _)| *kind == FindingKind::UnitMissing).count();
            assert_eq!(asked, 1, "{line}: {found:?}");
        }
    }
    for line in [
        "attempt_timeout = 180\ndeadline = 600",
        "max_delay = 60\nbase_delay = 2",
        "cache.ttl = 86400\ncache.stale_for = 172800",
        "idempotency.ttl = 86400\nidempotency.lease = 60",
        "breaker.window = 500",
        "attempt_timeout = '500s'",
    ] {
        let found = found(&[&INDEX], &format!("[services.search]\n{line}\n"));
        assert!(found.iter().all(|(kind, _)| *kind != FindingKind::UnitMissing), "{line}: {found:?}");
    }
}

/// The functions of `src/api.rs` whose methods have one path.
fn of_two_traits() -> [SiteFacts; 3] {
    let method = |line, place| SiteFacts { place, ..site("search", "go", line, &[]) };
    [
        method(10, || "<shop::api::Client as shop::api::A>::go::{{closure}}::here"),
        method(20, || "<shop::api::Client as shop::api::B>::go::{{closure}}::here"),
        method(30, || "shop::api::go::{{closure}}::here"),
    ]
}

#[test]
fn an_override_that_reaches_two_functions_says_how_to_reach_one() {
    let sites = of_two_traits();
    let sites: Vec<&SiteFacts> = sites.iter().collect();
    let over = |path: &str| format!("[overrides.\"search@{path}\"]\nmax_attempts = 1\n");
    assert_eq!(
        found(&sites, &over("shop::api::Client::go")),
        [(
            FindingKind::AmbiguousOverride,
            "r.toml:1: `overrides.\"search@shop::api::Client::go\"` reaches 2 functions, src/api.rs:10 in go and \
             src/api.rs:20 in go; to mean one of them, write \
             `overrides.\"search@<shop::api::Client as shop::api::A>::go\"` or \
             `overrides.\"search@<shop::api::Client as shop::api::B>::go\"`"
                .to_owned()
        )]
    );
    for one in ["<shop::api::Client as shop::api::A>::go", "shop::api::go"] {
        assert_eq!(found(&sites, &over(one)), []);
    }
    let paths = [
        "<shop::api::Client as shop::api::A>::go",
        "<shop::api::Client as shop::api::B>::go",
        "shop::api::go",
    ];
    assert_eq!(sites.iter().map(|site| site.path_among(sites.iter().copied())).collect::<Vec<_>>(), paths);
}

#[test]
fn services_that_are_only_in_the_program_need_no_file() {
    assert_eq!(found(&[&INDEX, &PAY], "[services.search]\n"), []);
}

#[test]
fn overrides_that_hit_nothing_are_reported() {
    let text =
        "[overrides.serach]\nmax_attempts = 1\n[overrides.\"search@shop::api::indx\"]\nmax_attempts = 1\n";
    let messages: Vec<String> = found(&[&INDEX], text).into_iter().map(|(_, message)| message).collect();
    assert_eq!(
        messages,
        [
            "r.toml:1: `overrides.serach` overrides nothing: no call site names the service `serach`; did you mean \
             `search`?",
            "r.toml:3: `overrides.\"search@shop::api::indx\"` overrides nothing: `search` has no call site \
             `shop::api::indx`; did you mean `shop::api::index`?",
        ]
    );
}

#[test]
fn keys_of_the_server_are_reported_as_inactive_only_where_there_is_none() {
    let found = found(
        &[],
        "[global]\nprometheus_enabled = true\nprometheus_port = 9000\nprometheus_address = \"0.0.0.0\"\n\
         metrics_export_interval = 5\nenable_global_metrics = true\nmax_concurrent_retries_global = 5\n",
    );
    if cfg!(feature = "server") {
        assert_eq!(found, []);
        return;
    }
    assert!(found.iter().all(|(kind, _)| *kind == FindingKind::Inactive));
    for ((_, message), (line, key)) in
        found.iter().zip([(2, "prometheus_enabled"), (3, "prometheus_port"), (4, "prometheus_address")])
    {
        assert!(message.starts_with(&format!("r.toml:{line}: `global.{key}`")), "{message}");
        assert!(message.contains("feature `server`"), "{message}");
    }
    assert_eq!(found.len(), 3);
}

#[test]
fn sites_that_disagree_are_reported_once_and_without_a_file() {
    static CACHE: SiteFacts = site("s", "one", 1, &[(Key::Kind, Value::Kind(ServiceKind::Cache))]);
    static BASE: SiteFacts = site("s", "two", 2, &[(Key::Kind, Value::Kind(ServiceKind::Database))]);
    let kinds: Vec<FindingKind> =
        review(&[&CACHE, &BASE], None, &Updates::default()).iter().map(Finding::kind).collect();
    assert_eq!(kinds, [FindingKind::ConflictingKinds]);
}

#[test]
fn what_was_clamped_is_reported_for_the_site_that_wrote_it() {
    static SLOW: SiteFacts =
        site("s", "slow", 1, &[(Key::AttemptTimeout, Value::Duration(Duration::from_mins(1)))]);
    let found = review(&[&SLOW], None, &Updates::default());
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].kind(), found[0].service()), (FindingKind::Adjusted, "s"));
}

#[test]
fn a_timeout_of_the_file_is_not_shadowed_where_it_becomes_a_ceiling() {
    static ADAPTIVE: SiteFacts = site("s", "query", 1, &[(Key::AttemptTimeout, Value::Adaptive)]);
    static BOUNDED: SiteFacts =
        site("s", "bounded", 2, &[(Key::TimeoutCeiling, Value::Duration(Duration::from_secs(1)))]);
    let text = "[services.s]\nattempt_timeout = 4\n";
    assert_eq!(found(&[&ADAPTIVE], text), []);
    let kinds: Vec<FindingKind> = found(&[&BOUNDED], text).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, [FindingKind::ShadowedByInline]);
}

#[test]
fn names_cannot_write_into_logs_and_terminals() {
    let name = "a\\nERROR fine\\u001b[2J\\u202e";
    let text = format!(
        "[services.\"{name}\"]\nmax_attempts = 2\n[templates.\"{name}\"]\nbase_delay = 0\n[overrides.\"x{name}@{name}::f\"]\nmax_attempts = 2\n"
    );
    let hostile = |text: &str| text.contains(['\u{1b}', '\u{202e}']) || text.contains("\nERROR");
    let found = found(&[&INDEX], &text);
    assert_eq!(found.len(), 2, "{found:?}");
    for (_, message) in &found {
        assert!(!hostile(message) && message.contains("\\u{202e}"), "{message}");
    }
    let file = FileConfig::parse(&text.replace("max_attempts = 2", "hedge = true"), "r\n\u{1b}[2J.toml")
        .expect("parses");
    let service = "a\nERROR fine\u{1b}[2J\u{202e}";
    let explained =
        crate::explain::explanation::Explanation::new(service, &[], Some(&file), None).to_string();
    assert!(!hostile(&explained) && explained.contains("\\u{1b}"), "{explained}");
    let wrong = format!("[services.\"{name}\"]\nmax_attempts = 0\nextends = \"{name}\"\n\"{name}\" = 1\n");
    let error = FileConfig::parse(&wrong, "r\u{1b}.toml").expect_err("three faults");
    assert!(!hostile(&error.to_string()), "{error}");
    assert!(error.faults().iter().all(|fault| !hostile(fault.message())), "{error:?}");
}
