//! Records the times that services have counted in a histogram of OpenTelemetry: once a second, on a thread of its own, as no
//! runtime is there for certain, and the specification forbids it in callbacks. How counts become times, `spread` computes.

use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::metrics::{Histogram, Meter};

use super::attributes::dependency;
use super::spread::spread;
use crate::clock::nanos;
use crate::export::metric::Kind;
use crate::export::table::METRICS;
use crate::monitor::snapshot::LatencySnapshot;
use crate::monitor::{BUCKET_ENDS_NANOS, BUCKETS, Recorded, UpTo};
use crate::registry::{Registry, Service};
use crate::thread::{Rest, Stoppable};
use crate::wakers::shielded;

/// How often it records. A reader that collects more often sees the same twice.
const EACH: Duration = Duration::from_secs(1);

/// Records until it is dropped, once more then.
#[derive(Debug)]
pub(super) struct Pump(Option<Stoppable>);

impl Pump {
    pub(super) fn start(registry: &'static Registry, meter: &Meter) -> Self {
        let histograms = METRICS.iter().filter(|metric| metric.kind == Kind::Histogram);
        let histograms = histograms.map(|metric| {
            let builder =
                meter.f64_histogram(metric.otel).with_description(metric.help).with_unit(metric.unit);
            // Those of the SDK are for milliseconds, and would have all from 4 ms to 2 s in one bucket.
            builder.with_boundaries(boundaries()).build()
        });
        let histograms: Vec<_> = histograms.collect();
        let run = move |rest: &Rest| {
            let mut recorded = registry.shared.last_recorded.take();
            let mut is_last = false;
            loop {
                shielded(|| record(registry, &histograms, &mut recorded));
                if is_last {
                    break;
                }
                is_last = !rest.lasts(EACH);
            }
            registry.shared.last_recorded.leave(recorded);
        };
        // Without a thread to be had there is no histogram; counters and gauges need none.
        Self(Stoppable::start("resilience-otel", Box::new(run)).ok())
    }
}

impl Drop for Pump {
    fn drop(&mut self) {
        if let Some(thread) = self.0.as_mut().and_then(Stoppable::end) {
            // It ends by itself, its panics are contained.
            let _ = thread.join();
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "powers of two are exact")]
fn boundaries() -> Vec<f64> {
    BUCKET_ENDS_NANOS.map(|end| end as f64 / 1e9).into()
}

/// Records what all services have counted since.
fn record(registry: &'static Registry, histograms: &[Histogram<f64>], recorded: &mut Recorded) {
    for service in registry.services_at_hand() {
        let up_to = recorded.entry(service.name()).or_default();
        // Noted before it is recorded: should the SDK panic in between, nothing is recorded twice.
        let (counts, times) = gained(service, up_to);
        if counts.iter().all(|count| *count == 0) {
            continue;
        }
        let attributes = [dependency(service.name())];
        for histogram in histograms {
            record_each(histogram, &counts, &times, &attributes);
        }
    }
}

/// Every call, since a histogram takes no counts: 80 ns each.
fn record_each(
    histogram: &Histogram<f64>,
    counts: &[u64; BUCKETS],
    times: &[f64; BUCKETS],
    attributes: &[KeyValue],
) {
    for (count, time) in counts.iter().zip(times) {
        for _ in 0..*count {
            histogram.record(*time, attributes);
        }
    }
}

/// The calls that each bucket has gained, with a time for each bucket.
fn gained(service: &'static Service, up_to: &mut UpTo) -> ([u64; BUCKETS], [f64; BUCKETS]) {
    let stats = service.stats();
    let latency = stats.latency();
    let counts: [u64; BUCKETS] = latency.octaves(LatencySnapshot::FIRST_POWER);
    let sum = nanos(latency.total());
    let gained = std::array::from_fn(|bucket| counts[bucket].saturating_sub(up_to.counts[bucket]));
    #[expect(clippy::cast_precision_loss, reason = "below 2^53 ns in a second")]
    let seconds = sum.saturating_sub(up_to.nanos) as f64 / 1e9;
    let spread = spread(&gained, seconds + up_to.rest);
    *up_to = UpTo { counts, nanos: sum, rest: spread.rest };
    (gained, spread.times)
}
