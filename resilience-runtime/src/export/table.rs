//! The table of all exported metrics, for the Prometheus page and OpenTelemetry: a new metric begins with a row here. It has names,
//! help texts and labels.
//!
//! A metric of a service has the label `dependency` and not `service`, which Prometheus uses for its targets on
//! Kubernetes: it would arrive as `exported_service`.

use super::metric::{Kind, Metric, Read};
use super::read;

/// All metrics, in the order of the page.
pub(crate) const METRICS: &[Metric] = &[
    counter(
        ["resilience_calls_total", "resilience.calls", "{call}"],
        "Calls that ended, by outcome as their caller saw it.",
        Read::Service(read::calls),
    ),
    Metric {
        kind: Kind::Histogram,
        ..gauge(
            ["resilience_call_duration_seconds", "resilience.call.duration", "s"],
            "How long calls took whose body ran, delays between attempts included.",
            Read::Latency(|service| &service.latency),
        )
    },
    gauge(
        ["resilience_calls_in_flight", "resilience.calls_in_flight", "{call}"],
        "Calls under way.",
        Read::Service(read::in_flight),
    ),
    counter(
        ["resilience_attempts_total", "resilience.attempts", "{attempt}"],
        "Attempts that ended, by outcome and by why they were made.",
        Read::Service(read::attempts),
    ),
    counter(
        ["resilience_rejections_total", "resilience.rejections", "{call}"],
        "Calls that ended in an error of ours, by its kind.",
        Read::Service(read::rejections),
    ),
    counter(
        ["resilience_unretried_total", "resilience.unretried", "{call}"],
        "Calls without a success, by what kept them from another attempt.",
        Read::Service(read::unretried),
    ),
    gauge(
        ["resilience_breaker_state", "resilience.breaker.state", ""],
        "1 for the state that the circuit breaker is in, 0 for the others.",
        Read::Service(read::breaker_state),
    ),
    counter(
        ["resilience_breaker_transitions_total", "resilience.breaker.transitions", "{transition}"],
        "How often the circuit breaker came into a state.",
        Read::Service(read::breaker_transitions),
    ),
    gauge(
        ["resilience_partitions", "resilience.partitions", "{partition}"],
        "Partitions by the state of their circuit breaker.",
        Read::Service(read::partitions),
    ),
    gauge(
        ["resilience_budget_tokens", "resilience.budget.tokens", "{token}"],
        "How many retries the budget would pay for now; +Inf without a budget.",
        Read::Service(read::budget_tokens),
    ),
    gauge(
        ["resilience_budget_capacity", "resilience.budget.capacity", "{token}"],
        "The most that the retry budget can hold; +Inf without a budget.",
        Read::Service(read::budget_capacity),
    ),
    gauge(
        ["resilience_bulkhead_in_flight", "resilience.bulkhead.in_flight", "{attempt}"],
        "Attempts that hold a slot of the bulkhead.",
        Read::Service(read::bulkhead_in_flight),
    ),
    gauge(
        ["resilience_bulkhead_limit", "resilience.bulkhead.limit", "{attempt}"],
        "Slots of the bulkhead; +Inf without one.",
        Read::Service(read::bulkhead_limit),
    ),
    gauge(
        ["resilience_bulkhead_queue_depth", "resilience.bulkhead.queue_depth", "{attempt}"],
        "Attempts that wait for a slot of the bulkhead.",
        Read::Service(read::bulkhead_queue_depth),
    ),
    counter(
        ["resilience_wait_seconds_total", "resilience.wait", "s"],
        "Time that calls waited, by what for.",
        Read::Service(read::waiting),
    ),
    counter(
        ["resilience_fallbacks_total", "resilience.fallbacks", "{answer}"],
        "Sources that were asked for an answer in place of a failed call, by whether they had one.",
        Read::Service(read::fallbacks),
    ),
    counter(
        ["resilience_cache_hits_total", "resilience.cache_hits", "{call}"],
        "Calls that a ReadThrough cache answered before they were made.",
        Read::Service(read::cache_hits),
    ),
    counter(
        ["resilience_idempotency_total", "resilience.idempotency", "{call}"],
        "Results of the idempotency clauses of calls.",
        Read::Service(read::idempotency),
    ),
    counter(
        ["resilience_would_total", "resilience.would", "{call}"],
        "Calls of observed services, by what the rules would have done.",
        Read::Service(read::would),
    ),
    gauge(
        ["resilience_health_score", "resilience.health_score", ""],
        "How well the dependency did over the last minute, from 0 to 100.",
        Read::Service(read::health),
    ),
    gauge(
        ["resilience_dependency_info", "resilience.dependency_info", ""],
        "What the dependency is; always 1.",
        Read::Service(read::info),
    ),
    counter(
        ["resilience_config_reloads_total", "resilience.config.reloads", "{reload}"],
        "Configurations that were loaded, by whether they were put in force.",
        Read::Process(read::reloads),
    ),
    gauge(
        ["resilience_config_last_applied_timestamp_seconds", "resilience.config.last_applied_timestamp", "s"],
        "When a configuration was last put in force, in Unix time; 0 before the first.",
        Read::Process(read::applied_at),
    ),
    gauge(
        ["resilience_shedding_level", "resilience.shedding_level", ""],
        "Which calls are shed: 0 none, 1 low priority, 2 normal too, 3 all but critical.",
        Read::Process(read::shedding),
    ),
    gauge(
        ["resilience_overrides_active", "resilience.overrides_active", "{override}"],
        "Run-time overrides and forced breakers in force.",
        Read::Process(read::overrides),
    ),
    gauge(
        ["resilience_retries_in_flight", "resilience.retries_in_flight", "{attempt}"],
        "Attempts beyond the first of their call that are in flight, over all services.",
        Read::Process(read::retries_in_flight),
    ),
    counter(
        ["resilience_events_dropped_total", "resilience.events.dropped", "{event}"],
        "Events that slow readers have missed.",
        Read::Process(read::events_dropped),
    ),
    gauge(
        ["resilience_store_up", "resilience.store.up", ""],
        "1 while the shared store answers.",
        Read::Process(read::stores),
    ),
    #[cfg(feature = "testing")]
    Metric {
        is_rare: true,
        ..counter(
            ["resilience_chaos_injections_total", "resilience.chaos.injections", "{attempt}"],
            "Attempts that a rule of chaos has hit, by the name of the rule.",
            Read::Service(read::injections),
        )
    },
];

/// The Prometheus name, the one of OpenTelemetry and the unit there.
type Names = [&'static str; 3];

const fn counter(names: Names, help: &'static str, read: Read) -> Metric {
    Metric {
        prometheus: names[0],
        otel: names[1],
        unit: names[2],
        kind: Kind::Counter,
        help,
        read,
        is_rare: false,
    }
}

const fn gauge(names: Names, help: &'static str, read: Read) -> Metric {
    Metric {
        prometheus: names[0],
        otel: names[1],
        unit: names[2],
        kind: Kind::Gauge,
        help,
        read,
        is_rare: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The translation of a name to Prometheus, as OpenTelemetry's specification has it.
    fn translated(metric: &Metric) -> String {
        let mut name = metric.otel.replace('.', "_");
        if metric.unit == "s" {
            name += "_seconds";
        }
        if metric.kind == Kind::Counter {
            name += "_total";
        }
        name
    }

    #[test]
    fn the_names_for_opentelemetry_become_those_of_the_page() {
        for metric in METRICS {
            assert_eq!(translated(metric), metric.prometheus);
            assert!(
                metric.unit != "1" && metric.help.ends_with('.') && !metric.help.contains(['\\', '"', '\n'])
            );
        }
    }

    #[test]
    fn no_name_is_there_twice_or_the_start_of_a_suffixed_one() {
        for (place, metric) in METRICS.iter().enumerate() {
            assert!(METRICS[..place].iter().all(|other| other.prometheus != metric.prometheus));
            assert!(METRICS.iter().all(|other| other.prometheus != format!("{}_total", metric.prometheus)));
        }
    }
}
