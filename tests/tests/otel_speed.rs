//! How long a collection takes with many services. A program of its own: a provider without room for so many, as the other
//! tests have, would fold the series of its services into the overflow.

#[path = "otel/services.rs"]
mod services;

use std::time::{Duration, Instant};

use opentelemetry_sdk::metrics::{InMemoryMetricExporter, PeriodicReader, SdkMeterProvider};
use resilience_runtime::export::otel::{Exporter, views};
use resilience_runtime::monitor;

use services::{Fault, call_well_and_ill, calm, runtime, snapshot};

const SERVICES: usize = 1_000;

/// The bar is 60 ms of a program that is built to be fast, on a machine that has time. This one is not, and may share its
/// machine with other tests: a cost that grows with the square of the services is found all the same.
const FACTOR: u32 = 50;

#[test]
fn a_thousand_services_are_collected_in_no_time_and_none_overflows() {
    let names: Vec<String> = (0..SERVICES).map(|number| format!("otel_speed_{number:04}")).collect();
    runtime().block_on(async {
        for name in &names {
            let service = calm(name);
            call_well_and_ill(&service).await;
            let declined = service.call(|| async { Err::<(), _>(Fault::Rejected) }).await;
            assert_eq!(declined, Err(Fault::Rejected));
        }
    });
    let exporter = InMemoryMetricExporter::default();
    let reader = PeriodicReader::builder(exporter.clone()).with_interval(Duration::from_hours(1)).build();
    let provider = SdkMeterProvider::builder().with_reader(reader).with_view(views(2 * SERVICES)).build();
    let exporting = Exporter::new().room_for(2 * SERVICES).start(&provider);
    provider.force_flush().expect("the first one makes room for the series");
    exporter.reset();
    let began = Instant::now();
    provider.force_flush().expect("it exports");
    let took = began.elapsed();
    assert!(took < Duration::from_millis(60) * FACTOR, "{took:?}");
    let text = format!("{:?}", exporter.get_finished_metrics().expect("metrics"));
    assert!(!text.contains("otel.metric.overflow"), "the view has room for all");
    for name in [&names[0], &names[SERVICES - 1]] {
        let series = text.matches(name.as_str()).count();
        assert!(series >= 12, "{name}: {series}");
    }
    assert_eq!(snapshot(&names[SERVICES - 1]).name, names[SERVICES - 1]);
    assert!(monitor().dashboard_data().services.len() >= SERVICES);
    drop(exporting);
}
