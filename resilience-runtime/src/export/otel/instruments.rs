//! Makes an observable instrument of OpenTelemetry for each metric of the table, that asks when it is collected.

use std::sync::Arc;

use opentelemetry::KeyValue;
use opentelemetry::metrics::{AsyncInstrument, AsyncInstrumentBuilder, Meter};

use super::collection::Collection;
use crate::export::metric::{Kind, Metric, Value};
use crate::export::table::METRICS;

/// Makes them. They last as long as the meter's provider; the handles are not needed.
pub(super) fn register(meter: &Meter, collection: &Arc<Collection>) {
    for (place, metric) in METRICS.iter().enumerate() {
        match metric.kind {
            Kind::Histogram => {}
            Kind::Gauge => {
                let _ =
                    with_callback(meter.f64_observable_gauge(metric.otel), metric, place, collection, number)
                        .build();
            }
            // Times are fractions of seconds.
            Kind::Counter if metric.unit == "s" => {
                let _ = with_callback(
                    meter.f64_observable_counter(metric.otel),
                    metric,
                    place,
                    collection,
                    number,
                )
                .build();
            }
            Kind::Counter => {
                let _ = with_callback(
                    meter.u64_observable_counter(metric.otel),
                    metric,
                    place,
                    collection,
                    count,
                )
                .build();
            }
        }
    }
}

fn with_callback<'a, I, T: 'static>(
    builder: AsyncInstrumentBuilder<'a, I, T>,
    metric: &Metric,
    place: usize,
    collection: &Arc<Collection>,
    convert: fn(Value) -> T,
) -> AsyncInstrumentBuilder<'a, I, T> {
    let collection = Arc::clone(collection);
    let callback = move |observer: &dyn AsyncInstrument<T>| {
        collection
            .observe(place, |value, attributes: &[KeyValue]| observer.observe(convert(value), attributes));
    };
    let builder = builder.with_description(metric.help).with_callback(callback);
    // A unit of nothing would be a unit.
    if metric.unit.is_empty() { builder } else { builder.with_unit(metric.unit) }
}

#[expect(clippy::cast_precision_loss, reason = "a gauge, or a time")]
fn number(value: Value) -> f64 {
    match value {
        Value::Count(count) => count as f64,
        Value::Micros(micros) => micros as f64 / 1e6,
        Value::Millis(millis) => millis as f64 / 1e3,
        Value::Number(number) => number,
    }
}

fn count(value: Value) -> u64 {
    match value {
        Value::Count(count) => count,
        // A counter without a unit of time has no fractions.
        Value::Micros(_) | Value::Millis(_) | Value::Number(_) => 0,
    }
}
