//! Fills in the snapshot of one service. In: the live service, its counters and its samples. Out: plain data.

use std::time::SystemTime;

use resilience_settings::policy::BudgetSettings;

use super::asked_once::AskedOnce;
use crate::breaker_state::{BreakerState, OBSERVED};
use crate::clock::micros;
use crate::ending::Ending;
use crate::monitor::snapshot::{
    AttemptsSnapshot, BreakerSnapshot, BudgetSnapshot, BulkheadSnapshot, CallCounts, Counts, ErrorPattern,
    FallbacksSnapshot, HealthReport, LatencySnapshot, PartitionSnapshot, PartitionsSnapshot, SampleSnapshot,
    ServiceSnapshot, WaitingSnapshot, Window, Windows,
};
use crate::monitor::{
    AttemptOutcome, AttemptType, CallerOutcome, HealthInputs, IdempotencyResult, ObservedDecision, Stats,
    WaitedFor, health, unix_millis,
};
use crate::registry::{Partition, Registry, Service};
use crate::rejection::RejectionKind;
use crate::source::Source;

/// How many partitions a snapshot shows.
const MAX_PARTITIONS: usize = 20;

pub(super) fn service(
    registry: &'static Registry,
    of: &'static Service,
    asked: &AskedOnce,
) -> ServiceSnapshot {
    let (stats, policy, now) = (of.stats(), of.policy(), of.now());
    // Without counters they would say that nothing happens.
    let watched = registry.shared.window_sampler.windows(of.name(), &stats, now);
    let watched = watched.filter(|_| asked.settings.counts_calls());
    let (windows, sparkline) = watched.map_or((None, Vec::new()), |(windows, curve)| (Some(windows), curve));
    let by_state = of.breaker_states();
    let breaker = breaker(of, &stats, asked);
    let minute = windows.as_ref().map(|windows: &Windows| &windows.one_minute);
    let health = health(&inputs(of, minute, &by_state, asked, stats.has_idempotency()));
    ServiceSnapshot {
        name: of.name().to_owned(),
        kind: policy.kind.name(),
        service_type: policy.service_type.as_deref().map(str::to_owned),
        template: asked.settings.template_of(of).to_owned(),
        health,
        calls: calls(&stats),
        attempts: attempts(&stats),
        attempts_needed: stats.attempts_needed(),
        latency: LatencySnapshot {
            count: stats.latency().count(),
            total_us: micros(stats.latency().total()),
            buckets: stats.latency().octaves(LatencySnapshot::FIRST_POWER),
        },
        waiting: WaitingSnapshot {
            queue_us: micros(stats.waited(WaitedFor::Queue)),
            rate_limit_us: micros(stats.waited(WaitedFor::RateLimit)),
            backoff_us: micros(stats.waited(WaitedFor::Backoff)),
            idempotency_us: micros(stats.waited(WaitedFor::Idempotency)),
        },
        rejections: labels(RejectionKind::ALL, |kind| (kind.name(), stats.rejections(kind))),
        unretried: labels(Ending::ALL, |ending| (ending.name(), stats.endings(ending))),
        sample: registry.shared.window_sampler.sample(of.name(), &stats, now).map(|sample| SampleSnapshot {
            settings_updated_at_ms: asked.settings.updated_at(of).map(unix_millis),
            ..sample
        }),
        windows,
        sparkline,
        breaker,
        budget: of.budget_tokens().map(|tokens| budget(tokens, policy.budget.as_ref())),
        bulkhead: of.bulkhead_limit().map(|limit| BulkheadSnapshot {
            in_flight: of.bulkhead_in_flight().unwrap_or(0),
            limit,
            queue_depth: of.bulkhead_queue_depth().unwrap_or(0),
            adaptive: policy.bulkhead.as_ref().is_some_and(|bulkhead| bulkhead.adaptive),
        }),
        would: if policy.is_observed() || stats.has_observed() {
            labels(ObservedDecision::ALL, |decision| (decision.name(), stats.would(decision)))
        } else {
            Counts::default()
        },
        throttle_probability: of.throttle_probability(),
        fallbacks: FallbacksSnapshot {
            success: labels(Source::ALL, |source| (source.name(), stats.fallbacks(source))),
            failure: labels(Source::ALL, |source| (source.name(), stats.fallbacks_failed(source))),
            skipped: stats.fallbacks_skipped(),
        },
        cache_hits: stats.cache_hits(),
        idempotency: if stats.has_idempotency() {
            labels(IdempotencyResult::ALL, |result| (result.name(), stats.idempotency(result)))
        } else {
            Counts::default()
        },
        partitions: PartitionsSnapshot {
            total: by_state.iter().sum(),
            by_state: partitions_by_state(of, &by_state),
            shown: of
                .list_partitions(MAX_PARTITIONS)
                .into_iter()
                .map(|shown| partition(&shown, of))
                .collect(),
        },
        sites: asked.settings.site_snapshots(of),
        error_patterns: error_patterns(of),
        injections: of.injections().into_iter().collect(),
    }
}

/// The health of a service.
pub(super) fn health_of(registry: &'static Registry, of: &'static Service) -> HealthReport {
    let (stats, asked) = (of.stats(), AskedOnce::of(registry));
    let watched = registry.shared.window_sampler.windows(of.name(), &stats, of.now());
    let watched = watched.filter(|_| asked.settings.counts_calls());
    let minute = watched.as_ref().map(|(windows, _)| &windows.one_minute);
    health(&inputs(of, minute, &of.breaker_states(), &asked, stats.has_idempotency()))
}

fn inputs(
    of: &'static Service,
    minute: Option<&Window>,
    by_state: &[u64; BreakerState::ALL.len()],
    asked: &AskedOnce,
    has_keys: bool,
) -> HealthInputs {
    // One that is only observed keeps nobody out.
    let is_on = of.policy().breaker.is_some() && !of.policy().is_observed();
    let state = |state: BreakerState| by_state[state as usize];
    let standing = HealthInputs {
        breaker: if is_on { of.breaker_state() } else { BreakerState::Closed },
        partitions: if is_on { by_state.iter().sum() } else { 0 },
        partitions_open: if is_on { state(BreakerState::Open) + state(BreakerState::ForcedOpen) } else { 0 },
        reload_refused: asked.settings.reloads.is_last_refused,
        // Of its own keys: the store of another service is no reason to mark this one.
        keys_away: has_keys && of.stores.get().meets(asked.stores_away),
        keys_may_be_lost: has_keys && of.stores.get().meets(asked.stores_that_lose),
        results_evicted: has_keys && asked.are_results_evicted && of.keeps_results_in_memory(),
        is_uncounted: !asked.settings.counts_calls(),
        ..HealthInputs::default()
    };
    let Some(minute) = minute else { return standing };
    HealthInputs {
        ended: minute.calls.ended(),
        bad: minute.calls.without_answer(),
        degraded: minute.calls.degraded,
        attempts: minute.attempts,
        attempts_failed: minute.attempts_failed,
        retries_refused: minute.retries_refused,
        waiting_share: minute.waiting_share,
        ..standing
    }
}

fn calls(stats: &Stats) -> CallCounts {
    CallCounts {
        in_flight: stats.in_flight(),
        success: stats.outcomes(CallerOutcome::Success),
        degraded: stats.outcomes(CallerOutcome::Degraded),
        declined: stats.outcomes(CallerOutcome::Declined),
        failure: stats.outcomes(CallerOutcome::Failure),
        rejected: stats.outcomes(CallerOutcome::Rejected),
        cancelled: stats.outcomes(CallerOutcome::Cancelled),
        panicked: stats.outcomes(CallerOutcome::Panicked),
    }
}

fn attempts(stats: &Stats) -> AttemptsSnapshot {
    let of = |of| labels(AttemptOutcome::ALL, |outcome| (outcome.name(), stats.attempts_of(of, outcome)));
    AttemptsSnapshot {
        original: of(AttemptType::Original),
        retry: of(AttemptType::Retry),
        hedge: of(AttemptType::Hedge),
    }
}

fn breaker(of: &'static Service, stats: &Stats, asked: &AskedOnce) -> BreakerSnapshot {
    let is_observed = of.policy().is_observed();
    BreakerSnapshot {
        on: of.policy().breaker.is_some(),
        state: of.shown_state(of.breaker_state()),
        observed_state: is_observed.then(|| of.breaker_state().name()),
        retry_after_us: of.retry_after().filter(|_| !is_observed).map(micros),
        failure_rate: of.failure_rate(),
        transitions: states(|state| stats.breaker_transitions_to(state)),
        time_in_state_us: states(|state| micros(stats.breaker_time_in(state))),
        timeline: asked.timeline(of.name()),
    }
}

fn budget(tokens: f64, settings: Option<&BudgetSettings>) -> BudgetSnapshot {
    let capacity = settings.map_or(tokens, BudgetSettings::capacity);
    BudgetSnapshot { tokens, capacity }
}

fn partition(shown: &Partition, of: &'static Service) -> PartitionSnapshot {
    let policy = of.policy();
    PartitionSnapshot {
        label: shown.label.clone().unwrap_or_else(|| format!("#{}", shown.number)),
        breaker: of.shown_state(shown.breaker_state),
        retry_after_us: shown.retry_after.map(micros),
        results: shown.results,
        failures: shown.failures,
        budget: shown.budget_tokens.map(|tokens| budget(tokens, policy.budget.as_ref())),
        bulkhead: shown.bulkhead_limit.map(|limit| BulkheadSnapshot {
            in_flight: shown.bulkhead_in_flight.unwrap_or(0),
            limit,
            queue_depth: shown.bulkhead_queue_depth.unwrap_or(0),
            adaptive: policy.bulkhead.as_ref().is_some_and(|bulkhead| bulkhead.adaptive),
        }),
    }
}

/// What its recent failures were.
pub(super) fn error_patterns(of: &'static Service) -> Vec<ErrorPattern> {
    of.patterns.read(of.now(), unix_millis(SystemTime::now()))
}

fn labels<L: Copy>(all: &[L], count: impl Fn(L) -> (&'static str, u64)) -> Counts {
    all.iter().map(|label| count(*label)).collect()
}

/// How many partitions there are in each state; all of them are observed where the service is.
fn partitions_by_state(of: &'static Service, by_state: &[u64; BreakerState::ALL.len()]) -> Counts {
    if of.policy().is_observed() {
        return [(OBSERVED, by_state.iter().sum())].into_iter().collect();
    }
    states(|state| by_state[state as usize])
}

fn states(count: impl Fn(BreakerState) -> u64) -> Counts {
    labels(BreakerState::ALL, |state| (state.name(), count(state)))
}
