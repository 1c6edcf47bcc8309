//! Texts of configuration files: those in force between the rounds, and those of reloads.

use std::fmt::Write as _;

/// Breakers and limits that a reload adds to the services, or removes from them. The budget of `soak_budgets` never
/// grants more than its ledger says, and no bulkhead that bounds its ledger is switched off.
const CHANGES: [&[(&str, &str)]; VARIANTS as usize] = [
    &[
        ("soak_permits", "bulkhead = { max_concurrent = 16 }"),
        ("soak_queues", "bulkhead = { max_concurrent = 1 }"),
        ("soak_rates", "rate_limit = { per_second = 500 }"),
        ("soak_budgets", "budget = { ratio = 0.05 }"),
        ("soak_breaks", "breaker = { window = 30 }"),
        ("soak_flights", "cache = { capacity = 8 }"),
        ("soak_delays", "strategy = 'fixed'"),
    ],
    &[
        ("soak_permits", "breaker = 'off'"),
        ("soak_queues", "bulkhead = { max_concurrent = 4 }\nbreaker = 'off'"),
        ("soak_rates", "rate_limit = 'off'"),
        ("soak_adaptive", "bulkhead = { adaptive = false }"),
        ("soak_breaks", "breaker = { window = '500ms', half_open_calls = 1 }"),
        ("soak_hedges", "hedge = { after = '2ms', max = 1 }"),
        ("soak_partitions", "bulkhead = 'off'"),
        ("soak_throttle", "throttle = 'off'"),
    ],
    &[
        ("soak_permits", "bulkhead = { max_concurrent = 48 }\nmax_attempts = 3"),
        ("soak_queues", "bulkhead = { max_queue = 4 }"),
        ("soak_rates", "rate_limit = { burst = 1 }\nbulkhead = 'off'"),
        ("soak_quotas", "budget = { kind = 'fixed_window' }"),
        ("soak_breaks", "breaker = 'off'"),
        ("soak_outer", "bulkhead = { max_concurrent = 20 }"),
        ("soak_kept", "cache = { mode = 'read_through' }"),
        ("soak_timeouts", "attempt_timeout = '5ms'"),
    ],
    &[
        ("soak_permits", "bulkhead = { adaptive = true }"),
        ("soak_queues", "bulkhead = { max_concurrent = 2, max_wait = '5ms' }"),
        ("soak_rates", "rate_limit = { max_wait = '10ms' }"),
        ("soak_budgets", "max_attempts = 2"),
        ("soak_unwritten_0", "breaker = 'off'"),
        ("soak_flights", "cache = { mode = 'on_failure' }"),
        ("soak_partitions", "breaker = { window = 10 }"),
    ],
    &[
        ("soak_inner", "breaker = 'off'\nbulkhead = { max_concurrent = 40 }"),
        ("soak_adaptive", "bulkhead = { max_concurrent = 20 }"),
        ("soak_rules", "bulkhead = { max_concurrent = 16 }"),
        ("soak_quotas", "budget = 'off'"),
        ("soak_throttle", "throttle = { k = 1.2, window = '500ms' }"),
    ],
];

/// How many texts there are.
pub(crate) const VARIANTS: u32 = 5;

/// By number of calls only, which is about as many: the load of the machine does not matter here.
const SHEDDING: &str = "\
[global.shedding]
max_in_flight = 500
recover_after = 0
cpu = 1.0
memory = 1.0
scheduler_lag = '1m'
queue_time = '1m'
";

/// The services' tag: it says which text is in force, by a setting without effect on services without partitions.
pub(crate) fn tag(variant: u32) -> u32 {
    17 + variant
}

/// The settings for the checks: those of the attributes, with room for retries.
pub(crate) fn between_rounds(is_counted: bool) -> String {
    format!("[global]\nmax_concurrent_retries_global = 100000\nenable_global_metrics = {is_counted}\n")
}

/// A text in which each service has the tag, and some have other changes.
pub(crate) fn variant(variant: u32, services: &[&'static str], is_counted: bool) -> String {
    let retries = if variant == 1 { 4 } else { 1_000 };
    let mut text = format!(
        "[global]\nmax_concurrent_retries_global = {retries}\nenable_global_metrics = {is_counted}\n"
    );
    // It depends on how many calls run, so they are counted whatever else the file says.
    if variant == 3 && is_counted {
        text.push_str(SHEDDING);
    }
    let changes = CHANGES[variant as usize % CHANGES.len()];
    for service in services {
        let _ = writeln!(text, "[services.{service}]\nmax_partitions = {}", tag(variant));
        for (_, change) in changes.iter().filter(|(of, _)| of == service) {
            text.push_str(change);
            text.push('\n');
        }
    }
    text
}

/// A text that is refused and changes nothing.
pub(crate) fn faulty(services: &[&'static str]) -> String {
    let service = services.first().unwrap_or(&"soak");
    format!("[services.{service}]\nmax_partitions = 3\nmax_attempts = 0\nbase_dela = '1s'\n")
}
