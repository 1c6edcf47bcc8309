//! The runtime of the first call goes away, and the export goes on.

use std::time::Duration;

use opentelemetry_sdk::metrics::{InMemoryMetricExporter, PeriodicReader, SdkMeterProvider};
use resilience_runtime::export::otel::Exporter;

use crate::services::{call_well_and_ill, calm, runtime, snapshot};

#[test]
fn the_runtime_of_the_first_call_is_dropped_and_everything_goes_on() {
    let exporter = InMemoryMetricExporter::default();
    let reader = PeriodicReader::builder(exporter.clone()).with_interval(Duration::from_millis(50)).build();
    let provider = SdkMeterProvider::builder().with_reader(reader).build();
    let first = runtime();
    let exporting = first.block_on(async {
        let exporting = Exporter::new().start(&provider);
        call_well_and_ill(&calm("otel_runtimes")).await;
        exporting
    });
    drop(first);
    runtime().block_on(call_well_and_ill(&calm("otel_runtimes")));
    let expected = snapshot("otel_runtimes").latency.count;
    assert_eq!(expected, 4);
    // By the thread of the reader and that of the histogram alone: nobody flushes, and no runtime is left.
    for _ in 0..100 {
        std::thread::sleep(Duration::from_millis(100));
        let text = format!("{:?}", exporter.get_finished_metrics().expect("metrics").last());
        if has(&text, "resilience.calls", "value: 2") && has(&text, "resilience.call.duration", "count: 4") {
            drop(exporting);
            return;
        }
        exporter.reset();
    }
    panic!("the calls of the second runtime have never come: {:?}", exporter.get_finished_metrics());
}

/// Whether what is said of the metric says this of the service.
fn has(text: &str, metric: &str, words: &str) -> bool {
    let Some((_, of_metric)) = text.split_once(&format!("name: \"{metric}\"")) else { return false };
    let of_metric = of_metric.split("Metric {").next().unwrap_or_default();
    of_metric.split("DataPoint {").any(|point| point.contains("otel_runtimes") && point.contains(words))
}
