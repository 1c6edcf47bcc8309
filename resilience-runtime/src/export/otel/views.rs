//! Makes a view of OpenTelemetry's SDK with room for the series of so many services.

use opentelemetry_sdk::metrics::{Instrument, Stream};

/// Metrics with more series of one service than [`FEW`].
const WIDE: [&str; 5] = [
    "resilience.attempts",
    "resilience.rejections",
    "resilience.unretried",
    "resilience.idempotency",
    "resilience.would",
];
/// Room for the series of a service in one of these, and in others. The SDK takes the memory for all of it when an instrument
/// is made, so that one number for all would cost 100 MB for a thousand services.
const MANY: usize = 32;
const FEW: usize = 8;

/// A view for the SDK's meter provider, with room for the series of so many services: about 20 KB for each.
///
/// ```
/// use opentelemetry_sdk::metrics::SdkMeterProvider;
/// use resilience_runtime::export::otel::{Exporter, views};
///
/// let provider = SdkMeterProvider::builder().with_view(views(1_000)).build();
/// let exporting = Exporter::new().room_for(1_000).start(&provider);
/// # drop(exporting);
/// ```
pub fn views(services: usize) -> impl Fn(&Instrument) -> Option<Stream> + Send + Sync + 'static {
    // More would be refused by the allocator, at the worst by the system.
    let services = services.clamp(1, 1_000_000);
    move |instrument| {
        if !instrument.name().starts_with("resilience.") {
            return None;
        }
        let series = if WIDE.contains(&instrument.name()) { MANY } else { FEW };
        Stream::builder().with_cardinality_limit(services * series).build().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::otel::room::series;
    use crate::export::table::METRICS;
    use crate::monitor::snapshot::example;

    #[test]
    fn every_series_of_a_service_has_room() {
        let data = example();
        let service = &data.services[0];
        for metric in METRICS {
            let room = if WIDE.contains(&metric.otel) { MANY } else { FEW };
            let series = series(&metric.read, service);
            assert!(series <= room, "{}: {series}", metric.otel);
            assert!(room == FEW || series > FEW, "{}: {series}", metric.otel);
        }
    }
}
