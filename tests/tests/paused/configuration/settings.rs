//! Which layer of settings takes effect, through the attributes.

use std::collections::BTreeSet;
use std::time::Duration;

use resilience_runtime::config::FindingKind;
use resilience_runtime::monitor::AttemptOutcome;
use resilience_runtime::{comprehensive_retry, registry, retry_cache, testing};

use tokio::time::Instant;

use super::named::assert_is_test;
use crate::script::{Answer, Fail, Fault, Script, call, slow as slow_step};

#[comprehensive_retry("layered", max_attempts = 4, base_delay = 0, breaker = off, budget(burst_capacity = 100))]
async fn inline(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[comprehensive_retry("layered", base_delay = 0)]
async fn plain(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[retry_cache("of_kind", base_delay = 0)]
async fn of_kind(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

fn load(text: &str) {
    if let Err(error) = registry().load_config(text, "test.toml") {
        panic!("{error}");
    }
}

async fn attempts() -> (usize, usize) {
    let (one, other) = (Script::new([Fail(Fault::Down)]), Script::new([Fail(Fault::Down)]));
    let _ = inline(&one).await;
    let _ = plain(&other).await;
    (one.asked().len(), other.asked().len())
}

#[tokio::test(start_paused = true)]
async fn each_layer_beats_those_below() {
    testing::isolated(async {
        assert_eq!(attempts().await, (4, 3), "inline call keys are of one site; the rest is built in");
        load("[templates.generic]\nmax_attempts = 2\n");
        assert_eq!(attempts().await, (4, 2));
        load("[templates.generic]\nmax_attempts = 2\n[services.layered]\nmax_attempts = 5\n");
        assert_eq!(attempts().await, (4, 5));
        registry().update_service("layered", &resilience_runtime::Patch::new().max_attempts(6)).unwrap();
        assert_eq!(attempts().await, (6, 6));
        load("[overrides.layered]\nmax_attempts = 1\n");
        assert_eq!(attempts().await, (1, 1));
        let site = format!("[overrides.\"layered@{}::plain\"]\nmax_attempts = 7\n", module_path!());
        load(&format!("[overrides.layered]\nmax_attempts = 1\n{site}"));
        assert_eq!(attempts().await, (1, 7));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn inline_service_keys_are_for_all_sites_and_below_the_file() {
    testing::isolated(async {
        let _ = attempts().await;
        let tokens = || registry().service("layered").unwrap().budget_tokens().unwrap();
        assert!(tokens() > 90.0, "{}", tokens());
        load("[services.layered.budget]\nburst_capacity = 5\n");
        assert!(tokens() <= 5.0, "{}", tokens());
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_kind_of_the_attribute_chooses_the_template() {
    testing::isolated(async {
        let script = Script::new([Fail(Fault::Down)]);
        let _ = of_kind(&script).await;
        assert_eq!(script.asked().len(), 2, "the cache template has two attempts");
        load("[services.of_kind]\ntemplate = \"ai_service\"\n");
        let script = Script::new([Fail(Fault::Down)]);
        let _ = of_kind(&script).await;
        assert_eq!(script.asked().len(), 5, "a template of the file replaces that of the kind");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn global_switches_act_on_every_service() {
    testing::isolated(async {
        load("[services.svc]\nmax_attempts = 1\nbreaker.consecutive_failures = 1\n");
        let fail = || async { call(&Script::new([Fail(Fault::Down)])).await };
        assert_eq!((fail().await, matches!(fail().await, Err(Fault::Rejected(_)))), (Err(Fault::Down), true));
        load("[global]\ncircuit_breaker_enabled_globally = false\n[services.svc]\nmax_attempts = 1\n");
        assert_eq!(fail().await, Err(Fault::Down));
        load("[global]\nretry_budget_enabled_globally = false\n");
        assert!(registry().service("svc").unwrap().budget_tokens().is_none());
        load("");
        assert!(registry().service("svc").unwrap().budget_tokens().is_some());
    })
    .await;
}

/// A function with nothing but attempts, once it is not counted.
#[comprehensive_retry(
    "bare",
    max_attempts = 3,
    base_delay = "1s",
    breaker = off,
    budget = off,
    attempt_timeout = off,
    deadline = off
)]
async fn bare(script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[tokio::test(start_paused = true)]
async fn calls_are_not_counted_where_the_file_says_so() {
    testing::isolated(async {
        let counted = |service: &str| {
            let stats =
                registry().service(service).map(resilience_runtime::Service::stats).unwrap_or_default();
            (stats.started(), stats.attempts(AttemptOutcome::Success), stats.latency().count())
        };
        let fine = || async { call(&Script::new([Answer(1)])).await };
        fine().await.unwrap();
        assert_eq!(counted("svc"), (1, 1, 1));
        load("[global]\nenable_global_metrics = false\n");
        fine().await.unwrap();
        assert_eq!(counted("svc"), (1, 1, 1));

        // Everything else works: delays, retries, the last error.
        let script = Script::new([Fail(Fault::Down), Answer(7)]);
        let begun = Instant::now();
        assert_eq!(bare(&script).await, Ok(7));
        assert_eq!(script.asked().len(), 2);
        assert!(begun.elapsed() > Duration::ZERO);
        assert_eq!(bare(&Script::new([Fail(Fault::Down)])).await, Err(Fault::Down));
        assert_eq!(counted("bare"), (0, 0, 0));
        assert_eq!(registry().service("bare").unwrap().calls_in_flight(), 0);
        // Neither failures nor successes, however late, remain in any window.
        for _ in 0..30 {
            bare(&Script::new([slow_step(10, Answer(1))])).await.unwrap();
        }
        assert_eq!(registry().service("bare").unwrap().failure_rate(), None);

        // What load shedding depends on is counted all the same.
        load("[global]\nenable_global_metrics = false\n[global.shedding]\nmax_in_flight = 9\n");
        fine().await.unwrap();
        assert_eq!(counted("svc"), (2, 2, 2));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_call_that_runs_while_counting_is_switched_is_counted_whole_or_not_at_all() {
    testing::isolated(async {
        let in_flight = || registry().service("svc").unwrap().calls_in_flight();
        let slow = || async { call(&Script::new([slow_step(10, Answer(1))])).await };
        let first = async {
            slow().await.unwrap();
        };
        let switch = async {
            assert_eq!(in_flight(), 1);
            load("[global]\nenable_global_metrics = false\n");
        };
        tokio::join!(biased; first, switch);
        assert_eq!(in_flight(), 0);
        let second = async {
            slow().await.unwrap();
        };
        let switch = async {
            assert_eq!(in_flight(), 0);
            load("");
        };
        tokio::join!(biased; second, switch);
        assert_eq!((in_flight(), registry().service("svc").unwrap().stats().started()), (0, 1));
    })
    .await;
}

/// The keys of `[global]`, and the tests that show what each does. Those of `[global.shedding]` are tested where
/// readings can be set, and those of monitoring where there is a server: in the runtime's own tests.
const GLOBAL: &[(&str, &str)] = &[
    (
        "max_concurrent_retries_global",
        "degrading::which_error::the_cap_on_all_retries_in_flight_ends_calls_with_their_own_error",
    ),
    ("circuit_breaker_enabled_globally", "configuration::settings::global_switches_act_on_every_service"),
    ("retry_budget_enabled_globally", "configuration::settings::global_switches_act_on_every_service"),
    ("mode", "observed::written::a_mode_for_all_stands_below_what_is_said_of_one"),
    ("tracing_spans", "observing::spans::there_are_none_unless_the_file_asks_for_them"),
    ("enable_global_metrics", "configuration::settings::calls_are_not_counted_where_the_file_says_so"),
    ("metrics_export_interval", "server_file::each_interval_has_a_line_for_each_service_with_traffic"),
    ("prometheus_enabled", "server_file::the_server_follows_the_file_off_and_on_and_to_another_port"),
    ("prometheus_port", "server_file::the_server_follows_the_file_off_and_on_and_to_another_port"),
    ("prometheus_address", "server_file::the_address_is_that_of_the_file_also_when_the_port_stays"),
    ("shedding", "registry::shedding::tests::every_key_of_the_file_changes_what_is_shed"),
    ("shedding.enabled", "registry::shedding::tests::every_key_of_the_file_changes_what_is_shed"),
    ("shedding.cpu", "registry::shedding::tests::every_key_of_the_file_changes_what_is_shed"),
    ("shedding.memory", "registry::shedding::tests::every_key_of_the_file_changes_what_is_shed"),
    ("shedding.scheduler_lag", "registry::shedding::tests::every_key_of_the_file_changes_what_is_shed"),
    ("shedding.queue_time", "registry::shedding::tests::every_key_of_the_file_changes_what_is_shed"),
    ("shedding.max_in_flight", "registry::shedding::tests::every_key_of_the_file_changes_what_is_shed"),
    ("shedding.recover_after", "registry::shedding::tests::every_key_of_the_file_changes_what_is_shed"),
];

#[test]
fn every_global_key_has_its_test() {
    let all: BTreeSet<_> = resilience_runtime::config::global_keys().into_iter().collect();
    assert_eq!(all, GLOBAL.iter().map(|(key, _)| (*key).to_owned()).collect());
    for (key, test) in GLOBAL {
        assert_is_test(key, test);
    }
}

#[tokio::test(start_paused = true)]
async fn a_faulty_file_changes_nothing_and_is_counted() {
    testing::isolated(async {
        load("[services.layered]\nmax_attempts = 2\n");
        let error = registry().load_config("[services.layered]\nmax_attempts = 0\n", "bad.toml").unwrap_err();
        assert!(error.to_string().contains("bad.toml:2"), "{error}");
        assert_eq!(attempts().await.1, 2);
        let reloads = registry().reloads();
        assert_eq!((reloads.applied, reloads.refused), (1, 1));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn explain_names_the_origin_of_every_value() {
    testing::isolated(async {
        load("[services.layered]\nmax_attempts = 5\n");
        let text = registry().explain("layered").expect("a known service").to_string();
        for needle in ["max_attempts", "test.toml:2", "settings.rs", "burst_capacity", "100"] {
            assert!(text.contains(needle), "`{needle}` is missing in\n{text}");
        }
        assert!(registry().explain("no_such_service").is_none());
    })
    .await;
}

#[comprehensive_retry("contradicted", breaker(open_for = "1s"))]
async fn says_one() -> Result<(), Fault> {
    Ok(())
}

#[comprehensive_retry("contradicted", breaker(open_for = "2s"))]
async fn says_two() -> Result<(), Fault> {
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn contradictions_shadows_and_misspelt_names_are_reported_at_load() {
    testing::isolated(async {
        let text = "[services.layered]\nmax_attempts = 5\n[services.svcc]\nmax_attempts = 2\n";
        let findings = registry().load_config(text, "test.toml").unwrap();
        let has = |kind: FindingKind, needles: &[&str]| {
            let found = findings.iter().any(|finding| {
                let text = finding.to_string();
                finding.kind() == kind && needles.iter().all(|needle| text.contains(needle))
            });
            assert!(found, "{kind:?} with {needles:?} is missing in {findings:#?}");
        };
        has(FindingKind::ShadowedByInline, &["test.toml:2", "max_attempts", "settings.rs"]);
        has(FindingKind::UnknownService, &["svcc", "svc"]);
        let lines: Vec<_> = resilience_runtime::inventory()
            .into_iter()
            .filter(|site| site.service() == "contradicted")
            .map(|site| format!("settings.rs:{}", site.line()))
            .collect();
        assert_eq!(lines.len(), 2);
        has(FindingKind::ConflictingInline, &["contradicted", "open_for", &lines[0], &lines[1]]);

        // Neither of the two applies: the built-in 5 s do, until the file or a template sets another value.
        assert!(says_one().await.is_ok() && says_two().await.is_ok());
        let open_for = |name| registry().service(name).unwrap().policy().breaker.as_ref().unwrap().open_for;
        assert_eq!(open_for("contradicted"), crate::script::secs(5));
        load("[services.contradicted.breaker]\nopen_for = 3\n");
        assert_eq!(open_for("contradicted"), crate::script::secs(3));
    })
    .await;
}
