//! The times of calls, through the SDK: counts of the page, bucket by bucket, and the true sum.

use std::time::Duration;

use opentelemetry_sdk::metrics::data::{AggregatedMetrics, MetricData, ResourceMetrics, ScopeMetrics};
use opentelemetry_sdk::metrics::{InMemoryMetricExporter, PeriodicReader, SdkMeterProvider};
use resilience_runtime::export::otel::Exporter;

use crate::services::{Fault, calm, runtime, snapshot};

/// A histogram of one service.
#[derive(Debug, PartialEq)]
struct Point {
    bounds: Vec<f64>,
    counts: Vec<u64>,
    count: u64,
    sum: f64,
}

fn point(exported: &[ResourceMetrics], service: &str) -> Option<Point> {
    let metrics = exported.last()?.scope_metrics().flat_map(ScopeMetrics::metrics);
    let metric = metrics.into_iter().find(|metric| metric.name() == "resilience.call.duration")?;
    assert_eq!(metric.unit(), "s");
    let AggregatedMetrics::F64(MetricData::Histogram(histogram)) = metric.data() else { return None };
    let mut points = histogram.data_points();
    let point = points.find(|point| point.attributes().any(|label| label.value.as_str() == service))?;
    Some(Point {
        bounds: point.bounds().collect(),
        counts: point.bucket_counts().collect(),
        count: point.count(),
        sum: point.sum(),
    })
}

fn provider(exporters: &[InMemoryMetricExporter]) -> SdkMeterProvider {
    let mut builder = SdkMeterProvider::builder();
    for exporter in exporters {
        // Collects when it is flushed alone.
        let reader = PeriodicReader::builder(exporter.clone()).with_interval(Duration::from_hours(1)).build();
        builder = builder.with_reader(reader);
    }
    builder.build()
}

async fn calls(service: &str, times: &[u64]) {
    let handle = calm(service);
    for micros in times {
        let body = || async {
            std::thread::sleep(Duration::from_micros(*micros));
            Ok::<_, Fault>(())
        };
        assert_eq!(handle.call(body).await, Ok(()));
    }
}

/// What the page says of it now.
fn same_as_the_page(point: &Point, service: &str) {
    let page = snapshot(service).latency;
    assert_eq!(point.counts, page.buckets, "bucket by bucket");
    assert_eq!(point.count, page.count);
    #[expect(clippy::cast_precision_loss, reason = "a short time")]
    let sum = page.total_us as f64 / 1e6;
    // The page has whole microseconds.
    assert!((point.sum - sum).abs() < 2e-6, "{} {sum}", point.sum);
    let ends: Vec<f64> = page.cumulative().map(|(end, _)| end).collect();
    assert_eq!(point.bounds, ends);
}

#[test]
fn counts_are_those_of_the_page_and_the_sum_is_the_true_one_for_each_reader_and_after_a_new_start() {
    runtime().block_on(async {
        let service = "otel_times";
        let exporters = [InMemoryMetricExporter::default(), InMemoryMetricExporter::default()];
        let provider = provider(&exporters);
        calls(service, &[0, 100, 300, 900]).await;
        let exporting = Exporter::new().start(&provider);
        calls(service, &[0, 0, 2_000, 70, 5_000]).await;
        // The last calls are recorded when it stops.
        drop(exporting);
        provider.force_flush().expect("it exports");
        for exporter in &exporters {
            let exported = exporter.get_finished_metrics().expect("metrics");
            let point = point(&exported, service).expect("a histogram");
            assert_eq!(point.count, 9);
            same_as_the_page(&point, service);
        }

        calls(service, &[0, 300]).await;
        let exporting = Exporter::new().start(&provider);
        calls(service, &[1_000]).await;
        drop(exporting);
        provider.force_flush().expect("it exports");
        let exported = exporters[0].get_finished_metrics().expect("metrics");
        let point = point(&exported, service).expect("a histogram");
        assert_eq!(point.count, 12, "nothing twice, and what came in between too");
        same_as_the_page(&point, service);
        provider.shutdown().expect("it ends");
    });
}

#[test]
fn it_is_recorded_each_second_without_anybody_who_stops_it() {
    runtime().block_on(async {
        let exporter = InMemoryMetricExporter::default();
        let provider = provider(std::slice::from_ref(&exporter));
        let exporting = Exporter::new().start(&provider);
        calls("otel_each_second", &[200]).await;
        let mut seen = None;
        for _ in 0..100 {
            std::thread::sleep(Duration::from_millis(100));
            provider.force_flush().expect("it exports");
            seen = point(&exporter.get_finished_metrics().expect("metrics"), "otel_each_second");
            if seen.is_some() {
                break;
            }
        }
        assert_eq!(seen.map(|point| point.count), Some(1));
        drop(exporting);
    });
}
