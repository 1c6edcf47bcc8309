//! The attributes say what `setting` says, each pattern alone has the others off, and every case makes its calls.

use benches::measure::{on_this_thread, time};
use benches::setting::{
    ATTEMPTS, BASE_DELAY, CONCURRENT, FAILURE_RATE, MIN_CALLS, PER_SECOND, TIMEOUT, WINDOW,
};
use benches::{LANES, cases};
use resilience_runtime::config::SiteExplanation;
use resilience_runtime::explain;
use resilience_runtime::monitor::CallOutcome;
use resilience_runtime::policy::{Key, Value, Window};
use resilience_runtime::registry;

/// What is in force for the one call site of a service.
fn in_force(service: &str, key: Key) -> Value {
    let explanation = explain(service).expect("a call site names the service");
    let own = explanation.sites().iter().flat_map(SiteExplanation::entries);
    let entry = own.chain(explanation.entries()).find(|entry| entry.key() == key);
    entry.expect("every key has a value").value().clone()
}

fn is_on(service: &str, key: Key) -> bool {
    in_force(service, key) == Value::Switch(true)
}

fn rate(rate: f64) -> Value {
    Value::Number(rate)
}

#[test]
fn the_numbers_of_the_attributes_are_those_of_the_peers() {
    for service in
        (0..LANES).flat_map(|lane| [format!("bench_full_{lane:02}"), format!("bench_pending_{lane:02}")])
    {
        for (key, value) in [
            (Key::MaxAttempts, Value::Count(ATTEMPTS.into())),
            (Key::BaseDelay, Value::Duration(BASE_DELAY)),
            (Key::AttemptTimeout, Value::Duration(TIMEOUT)),
            (Key::Window, Value::Window(Window::Time(WINDOW))),
            (Key::MinCalls, Value::Count(MIN_CALLS.into())),
            (Key::FailureRate, rate(FAILURE_RATE.into())),
            (Key::MaxConcurrent, Value::Count(CONCURRENT as u64)),
            (Key::BudgetRatio, rate(0.1)),
            (Key::Breaker, Value::Switch(true)),
            (Key::Budget, Value::Switch(true)),
            (Key::Bulkhead, Value::Switch(true)),
        ] {
            assert_eq!(in_force(&service, key), value, "{service}: {key:?}");
        }
    }
    for (service, key, value) in [
        ("bench_retry", Key::MaxAttempts, Value::Count(ATTEMPTS.into())),
        ("bench_retry", Key::BaseDelay, Value::Duration(BASE_DELAY)),
        ("bench_budget", Key::BudgetRatio, rate(0.1)),
        ("bench_breaker", Key::Window, Value::Window(Window::Time(WINDOW))),
        ("bench_breaker", Key::MinCalls, Value::Count(MIN_CALLS.into())),
        ("bench_breaker_count", Key::Window, Value::Window(Window::Calls(MIN_CALLS))),
        ("bench_bulkhead", Key::MaxConcurrent, Value::Count(CONCURRENT as u64)),
        ("bench_timeout", Key::AttemptTimeout, Value::Duration(TIMEOUT)),
        ("bench_rate_limit", Key::PerSecond, rate(PER_SECOND.into())),
    ] {
        assert_eq!(in_force(service, key), value, "{service}: {key:?}");
    }
}

#[test]
fn a_pattern_alone_has_the_others_off() {
    for (service, on) in [
        ("bench_retry", &[][..]),
        ("bench_budget", &[Key::Budget]),
        ("bench_breaker", &[Key::Breaker]),
        ("bench_breaker_count", &[Key::Breaker]),
        ("bench_bulkhead", &[Key::Bulkhead]),
        ("bench_timeout", &[]),
        ("bench_rate_limit", &[Key::RateLimit]),
        ("bench_at_once", &[]),
        ("bench_open", &[Key::Breaker]),
    ] {
        for key in
            [Key::Breaker, Key::Budget, Key::Bulkhead, Key::RateLimit, Key::Throttle, Key::Hedge, Key::Cache]
        {
            assert_eq!(is_on(service, key), on.contains(&key), "{service}: {key:?}");
        }
        let timed = in_force(service, Key::AttemptTimeout) != Value::Off;
        assert_eq!(timed, service == "bench_timeout", "{service}");
        assert_eq!(in_force(service, Key::Deadline), Value::Off, "{service}");
    }
}

#[test]
fn every_case_makes_its_calls_under_a_name_of_its_own() {
    let runtime = on_this_thread();
    let cases = cases::all();
    for case in &cases {
        // A call that does not do what the case is about panics.
        time(&runtime, case, if case.sleeps { 2 } else { 200 });
    }
    let mut names: Vec<String> = cases.iter().map(benches::Case::id).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), cases.len());

    let stats = registry().service("bench_full_00").expect("has been called").stats();
    assert_eq!(stats.calls(CallOutcome::Success), 200);
    assert_eq!(stats.latency().count(), 200, "the histogram is on");
    let stats = registry().service("bench_full_at_once").expect("has been called").stats();
    assert_eq!((stats.calls(CallOutcome::Success), stats.retries()), (200, 400));
}

#[test]
fn each_lane_is_a_service_of_its_own() {
    let runtime = on_this_thread();
    let cases = cases::contended();
    let ours = cases.iter().filter(|case| case.is_ours() && case.group.starts_with("full stack"));
    for case in ours {
        runtime.block_on(async { case.start(LANES - 1, 100).await });
    }
    for service in ["bench_full_63", "bench_pending_63"] {
        let stats = registry().service(service).expect("has been called").stats();
        assert_eq!(stats.calls(CallOutcome::Success), 100, "{service}");
    }
}
