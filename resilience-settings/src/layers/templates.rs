//! Decides the built-in value of every key, by the kind of a service, before anybody has written one (templates). In: a kind. Out:
//! the values. Out of the table of keys, and of what each template changes. Changing one changes what running programs do, so a
//! test pins them all.

use std::time::Duration;

use crate::policy::{Key, Patch, ServiceKind, Strategy, Window};

/// The layer below all others: what a service of no particular kind gets.
pub fn defaults() -> Patch {
    Key::ALL.iter().filter_map(|key| Some((*key, key.built_in()?))).collect()
}

/// What the template of a kind lays over the defaults.
pub fn built_in(kind: ServiceKind) -> Patch {
    let millis = Duration::from_millis;
    let secs = Duration::from_secs;
    let template = match kind {
        // A model thinks for minutes, and its provider throttles: few results, long windows.
        ServiceKind::AiService => row(5, Strategy::ExponentialJitter, [2_000, 60_000, 180_000, 600_000])
            .breaker_window(Window::Time(secs(60)))
            .breaker_min_calls(10)
            .breaker_open_for(secs(15)),
        ServiceKind::Database => row(3, Strategy::Linear, [500, 5_000, 5_000, 30_000]).jitter(0.2),
        // A cache that does not answer at once is worthless, but it is back soon.
        ServiceKind::Cache => row(2, Strategy::Fixed, [100, 1_000, 500, 2_000])
            .jitter(0.2)
            .breaker_open_for(millis(1_000))
            .breaker_max_open_for(secs(10)),
        ServiceKind::HttpApi => row(4, Strategy::ExponentialJitter, [1_000, 30_000, 10_000, 90_000]),
        ServiceKind::MessageQueue => row(5, Strategy::DecorrelatedJitter, [500, 30_000, 10_000, 120_000]),
        ServiceKind::Microservice => Patch::new(),
        // The defaults are its template.
        ServiceKind::Generic => return Patch::new(),
    };
    template.kind(kind)
}

/// Attempts and strategy, then base delay, longest delay, attempt timeout and deadline in milliseconds.
fn row(attempts: u32, strategy: Strategy, [base, max, attempt, deadline]: [u64; 4]) -> Patch {
    Patch::new()
        .max_attempts(attempts)
        .strategy(strategy)
        .base_delay(Duration::from_millis(base))
        .max_delay(Duration::from_millis(max))
        .attempt_timeout(Some(Duration::from_millis(attempt)))
        .deadline(Some(Duration::from_millis(deadline)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::duration::most_seconds;
    use crate::policy::Value;

    #[test]
    fn each_key_that_takes_a_time_says_which_number_needs_a_unit() {
        for info in Key::ALL.iter().map(|key| key.info()) {
            let row = most_seconds(info.clause.name(), info.name);
            assert_eq!(row.is_some(), info.shape.is_time(), "{}.{}", info.clause.name(), info.name);
        }
        for kind in ServiceKind::ALL {
            for (key, value) in defaults().iter().chain(built_in(*kind).iter()) {
                let (info, Value::Duration(time)) = (key.info(), value) else { continue };
                let most = most_seconds(info.clause.name(), info.name).map(Duration::from_secs);
                assert!(most.is_some_and(|most| *time <= most), "{kind}: {}", info.name);
            }
        }
    }

    #[test]
    fn the_templates_are_the_documented_table() {
        let told = |kind| {
            let mut patch = defaults();
            patch.extend(&built_in(kind));
            let keys = [
                Key::MaxAttempts,
                Key::Strategy,
                Key::Jitter,
                Key::BaseDelay,
                Key::MaxDelay,
                Key::AttemptTimeout,
                Key::Deadline,
                Key::Window,
                Key::MinCalls,
                Key::OpenFor,
                Key::MaxOpenFor,
            ];
            let values = keys.iter().map(|key| patch.get(*key).map_or("-".to_owned(), ToString::to_string));
            values.collect::<Vec<_>>().join(" ")
        };
        let table = [
            (ServiceKind::AiService, "5 exponential_jitter - 2s 1m 3m 10m 1m 10 15s 1m"),
            (ServiceKind::Database, "3 linear 0.2 500ms 5s 5s 30s 10s 20 5s 1m"),
            (ServiceKind::Cache, "2 fixed 0.2 100ms 1s 500ms 2s 10s 20 1s 10s"),
            (ServiceKind::HttpApi, "4 exponential_jitter - 1s 30s 10s 1m 30s 10s 20 5s 1m"),
            (ServiceKind::MessageQueue, "5 decorrelated_jitter - 500ms 30s 10s 2m 10s 20 5s 1m"),
            (ServiceKind::Microservice, "3 exponential_jitter - 200ms 5s 2s 10s 10s 20 5s 1m"),
            (ServiceKind::Generic, "3 exponential_jitter - 200ms 5s 2s 10s 10s 20 5s 1m"),
        ];
        for (kind, expected) in table {
            assert_eq!(told(kind), expected, "{kind}");
        }
    }

    #[test]
    fn the_built_in_values_are_the_documented_ones() {
        let defaults = defaults();
        for (path, value) in [
            ("multiplier", "2"),
            ("attempt_timeout.floor", "10ms"),
            ("attempt_timeout.factor", "2"),
            ("attempt_timeout.quantile", "p99"),
            ("nested_retries", "allow"),
            ("retry_enabled", "true"),
            ("max_partitions", "1000"),
            ("breaker", "true"),
            ("breaker.failure_rate", "0.5"),
            ("breaker.quiet_failures", "5"),
            ("breaker.slow_call", "off"),
            ("breaker.slow_rate", "0.8"),
            ("breaker.consecutive_failures", "off"),
            ("breaker.half_open_calls", "2"),
            ("breaker.success_threshold", "2"),
            ("budget", "true"),
            ("budget.kind", "token_bucket"),
            ("budget.ratio", "0.1"),
            ("budget.min_per_second", "1"),
            ("budget.burst_capacity", "10"),
            ("budget.deposit", "call"),
            ("budget.cost", "1"),
            ("budget.throttled_cost", "1"),
            ("budget.max_retries_per_minute", "60"),
            ("budget.max_retries_per_hour", "1000"),
            ("budget.adaptive_threshold", "0.8"),
            ("bulkhead", "off"),
            ("bulkhead.max_concurrent", "64"),
            ("bulkhead.max_queue", "64"),
            ("bulkhead.max_wait", "1s"),
            ("bulkhead.adaptive", "false"),
            ("bulkhead.min_concurrent", "1"),
            ("rate_limit", "off"),
            ("rate_limit.per_second", "100"),
            ("rate_limit.burst", "10"),
            ("rate_limit.max_wait", "0s"),
            ("throttle", "off"),
            ("throttle.k", "2"),
            ("throttle.window", "2m"),
            ("hedge", "off"),
            ("hedge.after", "p95"),
            ("hedge.max", "1"),
            ("cache", "off"),
            ("cache.ttl", "1m"),
            ("cache.stale_for", "5m"),
            ("cache.capacity", "1000"),
            ("cache.mode", "on_failure"),
        ] {
            let key = Key::ALL.iter().find(|key| key.path() == path).expect("a key");
            assert_eq!(defaults.get(*key).map(ToString::to_string).as_deref(), Some(value), "{path}");
        }
        for unset in [Key::Priority, Key::Jitter, Key::Idempotent, Key::TimeoutCeiling, Key::MaxRetryAfter] {
            assert_eq!(defaults.get(unset), None, "{}", unset.path());
        }
    }

    #[test]
    fn every_built_in_value_is_one_that_its_key_takes() {
        for (key, value) in defaults().iter() {
            assert_eq!(crate::rules::accepted::misfit(key, value), None);
        }
    }
}
