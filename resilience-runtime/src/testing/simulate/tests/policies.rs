//! A user's own policy is played as it is written, whatever its times are; what cannot be played is refused or said.

use std::time::Duration;

use super::number;
use crate::testing::simulate::episode::Episode;
use crate::testing::simulate::policy::{LONGEST_UNIT, SHORTEST_UNIT};
use crate::testing::simulate::world::Condition;
use crate::testing::simulate::{Policy, Report, scenario};

fn policy(keys: &str) -> Policy {
    Policy::from_toml(&format!("[services.db]\n{keys}"), "my.toml", "db").expect("a policy")
}

/// As little as there is: what is asked of it here does not depend on how much is played.
fn glimpse(name: &str, policy: Policy) -> Report {
    scenario(name).expect("a scenario").policy(policy).glimpse().run()
}

#[test]
fn a_policy_is_played_in_multiples_of_its_attempt_timeout() {
    let file = "[services.db]\nattempt_timeout = \"200ms\"\nbase_delay = \"20ms\"\nmax_attempts = 4\nbreaker = false\n\
                budget = false\ncache = { ttl = \"5s\" }\n\n[global]\nmax_concurrent_retries_global = 100000\n";
    let policy = Policy::from_toml(file, "my.toml", "db").expect("a policy");
    assert_eq!(policy.attempt_timeout(), Duration::from_millis(200));
    assert!(policy.ignored().iter().any(|line| line.starts_with("cache")), "{:?}", policy.ignored());
    // All attempts fail in it, so few calls say as much as many.
    let report = scenario("retries").expect("a scenario").policy(policy).glimpse().alone().run();
    assert_eq!(report.unit(), Duration::from_millis(200));
    let load = number(&report, &["db of my.toml", "1"], "requests per call");
    assert!((load - 4.0).abs() < 1e-9, "four plain attempts: {report}");
    assert!(report.to_string().contains("Without effect here: cache"), "{report}");
}

#[test]
fn a_file_that_cannot_be_simulated_is_refused_with_the_reason() {
    let refused =
        |text, service| Policy::from_toml(text, "my.toml", service).expect_err("refused").to_string();
    assert!(refused("[services.db]\nmax_attempt = 3", "db").contains("max_attempts"));
    assert!(refused("[services.db]", "cache").contains("no settings for the service `cache`"));
    assert!(refused("[services.db]\nattempt_timeout = \"off\"", "db").contains("no attempt timeout"));
}

#[test]
fn an_attempt_timeout_that_is_no_unit_of_virtual_time_is_refused_with_its_place() {
    for (keys, said) in [
        ("attempt_timeout = \"500us\"", ["is 500us (my.toml:2)", "at least 20ms"]),
        ("attempt_timeout = \"1.5ms\"", ["is 1ms 500us (my.toml:2)", "at least 20ms"]),
        ("attempt_timeout = \"19.999ms\"", ["(my.toml:2)", "at least 20ms"]),
        ("max_attempts = 1\ndeadline = \"5ms\"", ["`deadline` is 5ms (my.toml:3)", "at least 20ms"]),
        ("attempt_timeout = { ceiling = \"9ms\", floor = \"1ms\" }", ["is 9ms (my.toml:2)", "at least 20ms"]),
        ("deadline = \"off\"\nattempt_timeout = \"3w\"", ["is 21d (my.toml:3)", "at most 1d"]),
    ] {
        let error = Policy::from_toml(&format!("[services.db]\n{keys}"), "my.toml", "db").expect_err(keys);
        let message = error.to_string();
        assert!(said.iter().all(|part| message.contains(part)), "{keys}: {message}");
        assert!(message.contains("`attempt_timeout` of `db`"), "{message}");
    }
}

/// What the unit is must not matter. Of a second it had always been so; the deadline of ten seconds cut longer ones short, and
/// delays and breaks were longer for shorter ones.
#[test]
fn references_come_to_the_same_whatever_the_unit_is() {
    let reference: [fn(Duration) -> Policy; 4] =
        [Policy::no_retry, Policy::plain_retries, Policy::budget_alone, Policy::defaults];
    for make in reference {
        let play = |unit| {
            let episode = Episode {
                unit,
                workers: 3,
                takes: 0.05,
                is_random: true,
                conditions: vec![Condition::Takes(10.0, 20.0, 3.0)],
                load: vec![(0.0, 0.8)],
                end: 40.0,
            };
            let timeline = episode.play(&make(unit), 11);
            let all = timeline.sum(10, 40);
            (all.success(), all.amplification())
        };
        let (success, load) = play(Duration::from_secs(1));
        for unit in [SHORTEST_UNIT, Duration::from_secs(5), Duration::from_mins(3), LONGEST_UNIT] {
            let (other_success, other_load) = play(unit);
            let name = make(unit);
            let name = name.name();
            assert!((other_success - success).abs() < 0.1, "{name} {unit:?}: {other_success}, not {success}");
            assert!((other_load / load - 1.0).abs() < 0.1, "{name} {unit:?}: {other_load}, not {load}");
        }
    }
}

#[test]
fn retries_without_a_bound_are_cut_off_and_that_is_said() {
    // Where neither attempts nor delays take time, no horizon would end it.
    let keys = "max_attempts = \"unlimited\"\nbase_delay = 0\nbreaker = false\nbudget = false\n";
    let report = scenario("retries").expect("a scenario").policy(policy(keys)).quick().alone().run();
    assert!(number(&report, &["db of my.toml", "1"], "requests per call") > 45.0, "{report}");
    assert!((number(&report, &["db of my.toml", "0"], "requests per call") - 1.0).abs() < 1e-9, "{report}");
    assert!(report.verdict().contains("`db of my.toml` asks for more than is played"), "{report}");
    assert_eq!(report.verdict().matches("cut off").count(), 1, "{report}");
}

#[test]
fn rules_of_chaos_of_the_file_are_left_out_and_listed() {
    let file = "[services.db]\n[chaos.evening]\ntarget = 'db'\nreject = 'shed'\n[chaos.other]\ntarget = 'cache'\nhang = true\n";
    let policy = Policy::from_toml(file, "my.toml", "db").expect("a policy");
    assert_eq!(policy.ignored().len(), 1, "{:?}", policy.ignored());
    assert!(policy.ignored()[0].starts_with("chaos.evening: "), "{:?}", policy.ignored());
    let everywhere = "[services.db]\n[chaos.evening]\ntarget = \"*@load\"\nhang = true\n";
    let policy = Policy::from_toml(everywhere, "my.toml", "db").unwrap();
    assert_eq!(policy.ignored().len(), 1, "a function of every service: {:?}", policy.ignored());
}

#[test]
fn copies_are_made_as_the_policy_says() {
    let sent = |keys: &str| {
        let report = glimpse("hedging", policy(&format!("attempt_timeout = \"200ms\"\n{keys}")));
        let more = number(&report, &["db of my.toml"], "requests per call") - 1.0;
        (more, report)
    };
    let (more, report) = sent("");
    assert!(more.abs() < 1e-9, "{report}");
    assert!(report.verdict().contains("`db of my.toml`, which makes no copies as it is written"), "{report}");
    let (more, report) = sent("idempotent = true\nhedge = { after = \"P90\" }\n");
    assert!((0.01..0.2).contains(&more), "{report}");
    assert!(report.verdict().contains("`db of my.toml`, as it is written"), "{report}");
    assert!(!report.ignored().iter().any(|line| line.starts_with("hedge")), "{report}");
}

#[test]
fn delays_of_a_policy_contend_with_those_of_the_article() {
    // Those of full jitter there, at another unit: a base of half a hop, and a cap of two hundred.
    let keys = "attempt_timeout = \"4s\"\nbase_delay = \"50ms\"\nmax_delay = \"20s\"\ndeadline = \"1m\"\n\
                strategy = \"exponential_jitter\"\nmax_attempts = 2\n";
    let report = glimpse("jitter", policy(keys));
    for clients in ["10", "100"] {
        let of = |name, column| number(&report, &[name, clients], column);
        assert!((of("db of my.toml", "writes") - of("full", "writes")).abs() < 1e-9, "{report}");
        assert!((of("db of my.toml", "ms") - of("full", "ms")).abs() < 1e-6, "{report}");
    }
    assert!(report.verdict().contains("With the delays of `db of my.toml`"), "{report}");
    assert_eq!(report.unit(), Duration::from_secs(4));
}

/// What is sent at once when the server goes down is sent while it is down.
#[test]
fn requests_are_counted_from_the_first_moment_of_an_outage() {
    let keys = "base_delay = 0\nmax_delay = 0\nmax_attempts = 50\nbudget = false\n";
    let report = scenario("half-open").expect("a scenario").policy(policy(keys)).quick().alone().run();
    let sent = number(&report, &["db of my.toml"], "requests per call while down");
    assert!(sent > 0.3, "as many as the window had successes, at once: {report}");
}

#[test]
fn retries_are_counted_and_not_what_a_breaker_lets_through_without_the_calls() {
    let keys = "max_delay = \"2s\"\nbudget = false\nbreaker = { consecutive_failures = 3 }\n";
    let policy = policy(keys);
    assert_eq!(policy.ignored(), [""; 0], "`max_retry_after` follows `max_delay`, and acts");
    let report = scenario("retries").expect("a scenario").policy(policy).glimpse().alone().run();
    let load = number(&report, &["db of my.toml", "1"], "requests per call");
    let retries = number(&report, &["db of my.toml", "1"], "retries of a client");
    assert!(load < 1.0 && retries > 0.2, "{report}");
    let plain = number(&report, &["plain retries", "1"], "requests per call") - 1.0;
    assert!(
        (number(&report, &["plain retries", "1"], "retries of a client") / plain - 10.0).abs() < 4.0,
        "{report}"
    );
}
