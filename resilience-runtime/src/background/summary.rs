//! Has the summary lines of services written when they are due; how one reads, `events/summary` says. In: a registry. Out: a line
//! in the log for each of its services with traffic.

use std::time::Duration;

use crate::events::{Event, Rare, Summary, emit};
use crate::monitor::Stats;
use crate::observe::Monitor;
use crate::registry::{Registry, Service};
use crate::wakers::shielded;

/// The first interval begins.
pub(super) fn begin(registry: &'static Registry) {
    registry.shared.summaries.begin(registry.clock().now(), read(registry));
}

/// Tells what has happened, if it is time. The time until the next.
pub(super) fn tell(registry: &'static Registry) -> Option<Duration> {
    let (summaries, every) = (&registry.shared.summaries, registry.summary_interval());
    if summaries.due_in(registry.clock().now(), every)?.is_zero() {
        let told = summaries.take(registry.clock().now(), every, read(registry));
        for (service, window) in told {
            let Some(of) = registry.service(service) else { continue };
            let seconds =
                |micros: Option<u64>| micros.map(|micros| Duration::from_micros(micros).as_secs_f64());
            let summary = Summary {
                service,
                seconds: Duration::from_micros(window.length_us).as_secs_f64(),
                calls: window.calls.ended(),
                success_rate: window.success_rate,
                degraded: window.calls.degraded,
                declined: window.calls.declined,
                failure: window.calls.failure,
                rejected: window.calls.rejected,
                cancelled: window.calls.cancelled,
                panicked: window.calls.panicked,
                attempts: window.attempts,
                attempts_failed: window.attempts_failed,
                p50: seconds(window.p50_us),
                p95: seconds(window.p95_us),
                p99: seconds(window.p99_us),
                breaker: of.shown_state(of.breaker_state()),
                health: Monitor::of(registry).health(service).map_or(100, |health| health.score),
            };
            // Whoever listens and panics loses this line, and not those of the services after it.
            shielded(|| emit(&Event::Rare(Rare::Summary(&summary)), &()));
        }
    }
    summaries.due_in(registry.clock().now(), every)
}

fn read(registry: &'static Registry) -> impl Iterator<Item = (&'static str, Stats)> {
    registry.services().into_iter().map(|service: &'static Service| (service.name(), service.stats()))
}
