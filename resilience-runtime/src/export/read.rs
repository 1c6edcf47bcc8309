//! Reads the values of each metric out of a snapshot, with their labels. In: a snapshot. Out: the values of one metric with their
//! labels. Every label of a closed set is present from the start, also with 0: if a series appears only with its first event, no
//! alert sees it grow.

use super::metric::{Sink, Value};
use crate::breaker_state::{BreakerState, OBSERVED};
use crate::monitor::snapshot::{Counts, ProcessSnapshot, ServiceSnapshot};

pub(super) fn calls(service: &ServiceSnapshot, sink: Sink<'_>) {
    for (outcome, count) in service.calls.outcomes() {
        sink(&[("outcome", outcome)], Value::Count(count));
    }
}

pub(super) fn in_flight(service: &ServiceSnapshot, sink: Sink<'_>) {
    sink(&[], Value::Count(service.calls.in_flight));
}

pub(super) fn attempts(service: &ServiceSnapshot, sink: Sink<'_>) {
    for (attempt_type, counts) in service.attempts.types() {
        for (outcome, count) in counts.iter() {
            sink(&[("attempt_type", attempt_type), ("outcome", outcome)], Value::Count(count));
        }
    }
}

pub(super) fn rejections(service: &ServiceSnapshot, sink: Sink<'_>) {
    each("reason", &service.rejections, sink);
}

pub(super) fn unretried(service: &ServiceSnapshot, sink: Sink<'_>) {
    each("reason", &service.unretried, sink);
}

/// The states that are shown, that of a service that is only observed at the end.
fn shown_states() -> impl Iterator<Item = &'static str> {
    BreakerState::ALL.iter().map(|state| state.name()).chain([OBSERVED])
}

/// One label per state, exactly one of them 1. A breaker that is switched off keeps its state and admits everything.
pub(super) fn breaker_state(service: &ServiceSnapshot, sink: Sink<'_>) {
    let now = if service.breaker.on { service.breaker.state } else { BreakerState::Closed.name() };
    for state in shown_states() {
        sink(&[("state", state)], Value::switch(state == now));
    }
}

pub(super) fn breaker_transitions(service: &ServiceSnapshot, sink: Sink<'_>) {
    each("to", &service.breaker.transitions, sink);
}

pub(super) fn partitions(service: &ServiceSnapshot, sink: Sink<'_>) {
    for state in shown_states() {
        sink(&[("state", state)], Value::Count(service.partitions.by_state.get(state)));
    }
}

/// Infinite without a budget: the series is present before a reload adds one.
pub(super) fn budget_tokens(service: &ServiceSnapshot, sink: Sink<'_>) {
    sink(&[], Value::Number(service.budget.as_ref().map_or(f64::INFINITY, |budget| budget.tokens)));
}

pub(super) fn budget_capacity(service: &ServiceSnapshot, sink: Sink<'_>) {
    sink(&[], Value::Number(service.budget.as_ref().map_or(f64::INFINITY, |budget| budget.capacity)));
}

pub(super) fn bulkhead_in_flight(service: &ServiceSnapshot, sink: Sink<'_>) {
    sink(&[], Value::Count(service.bulkhead.map_or(0, |bulkhead| bulkhead.in_flight.into())));
}

/// Infinite without a bulkhead.
pub(super) fn bulkhead_limit(service: &ServiceSnapshot, sink: Sink<'_>) {
    sink(
        &[],
        service.bulkhead.map_or(Value::Number(f64::INFINITY), |bulkhead| Value::Count(bulkhead.limit.into())),
    );
}

pub(super) fn bulkhead_queue_depth(service: &ServiceSnapshot, sink: Sink<'_>) {
    sink(&[], Value::Count(service.bulkhead.map_or(0, |bulkhead| bulkhead.queue_depth.into())));
}

pub(super) fn waiting(service: &ServiceSnapshot, sink: Sink<'_>) {
    for (reason, micros) in service.waiting.reasons() {
        sink(&[("reason", reason)], Value::Micros(micros));
    }
}

pub(super) fn fallbacks(service: &ServiceSnapshot, sink: Sink<'_>) {
    for (outcome, counts) in
        [("success", &service.fallbacks.success), ("failure", &service.fallbacks.failure)]
    {
        for (source, count) in counts.iter() {
            sink(&[("source", source), ("outcome", outcome)], Value::Count(count));
        }
    }
}

pub(super) fn cache_hits(service: &ServiceSnapshot, sink: Sink<'_>) {
    sink(&[], Value::Count(service.cache_hits));
}

pub(super) fn idempotency(service: &ServiceSnapshot, sink: Sink<'_>) {
    each("result", &service.idempotency, sink);
}

pub(super) fn would(service: &ServiceSnapshot, sink: Sink<'_>) {
    each("decision", &service.would, sink);
}

#[cfg(feature = "testing")]
pub(super) fn injections(service: &ServiceSnapshot, sink: Sink<'_>) {
    each("rule", &service.injections, sink);
}

pub(super) fn health(service: &ServiceSnapshot, sink: Sink<'_>) {
    sink(&[], Value::Count(service.health.score.into()));
}

pub(super) fn info(service: &ServiceSnapshot, sink: Sink<'_>) {
    let labels = [
        ("kind", service.kind),
        ("service_type", service.service_type.as_deref().unwrap_or_default()),
        ("template", &service.template),
    ];
    sink(&labels, Value::Count(1));
}

pub(super) fn reloads(process: &ProcessSnapshot, sink: Sink<'_>) {
    sink(&[("result", "applied")], Value::Count(process.reloads_applied));
    sink(&[("result", "refused")], Value::Count(process.reloads_refused));
}

/// 0 before the first configuration.
pub(super) fn applied_at(process: &ProcessSnapshot, sink: Sink<'_>) {
    sink(&[], Value::Millis(process.config_applied_at_ms.unwrap_or(0)));
}

pub(super) fn shedding(process: &ProcessSnapshot, sink: Sink<'_>) {
    sink(&[], Value::Count(process.shedding.into()));
}

pub(super) fn overrides(process: &ProcessSnapshot, sink: Sink<'_>) {
    sink(&[], Value::Count(process.overrides_active));
}

pub(super) fn retries_in_flight(process: &ProcessSnapshot, sink: Sink<'_>) {
    sink(&[], Value::Count(process.retries_in_flight));
}

pub(super) fn events_dropped(process: &ProcessSnapshot, sink: Sink<'_>) {
    sink(&[], Value::Count(process.events_dropped));
}

pub(super) fn stores(process: &ProcessSnapshot, sink: Sink<'_>) {
    for store in &process.stores {
        sink(&[("store", store.store)], Value::switch(store.up));
    }
}

fn each(label: &'static str, counts: &Counts, sink: Sink<'_>) {
    for (value, count) in counts.iter() {
        sink(&[(label, value)], Value::Count(count));
    }
}
