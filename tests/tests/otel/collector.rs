//! A stand-in for a collector: what reaches it by OTLP over gRPC is what the page says. With `RESILIENCE_OTLP` naming a folder,
//! the bytes and the page are left there, for a reader that shares no code with us: see `checks/otlp`.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use opentelemetry_otlp::{MetricExporter, WithExportConfig as _};
use opentelemetry_proto::tonic::collector::metrics::v1::metrics_service_server::{
    MetricsService, MetricsServiceServer,
};
use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsServiceRequest, ExportMetricsServiceResponse,
};
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::{AggregationTemporality, NumberDataPoint, number_data_point};
use opentelemetry_sdk::metrics::{PeriodicReader, SdkMeterProvider};
use prost::Message as _;
use resilience_runtime::export::otel::Exporter;
use resilience_runtime::render_prometheus;
use tokio::net::TcpListener;
use tonic::{Request, Response, Status};

use crate::services::{call_well_and_ill, calm};

/// The collector: hands on what it is sent.
struct Collector(Sender<ExportMetricsServiceRequest>);

#[tonic::async_trait]
impl MetricsService for Collector {
    async fn export(
        &self,
        request: Request<ExportMetricsServiceRequest>,
    ) -> Result<Response<ExportMetricsServiceResponse>, Status> {
        self.0.send(request.into_inner()).map_err(|_| Status::unavailable("nobody listens"))?;
        Ok(Response::new(ExportMetricsServiceResponse::default()))
    }
}

/// Accepts on loopback until the runtime ends.
async fn serve(collector: Collector) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
    let address = listener.local_addr().expect("its address");
    let incoming = tonic::transport::server::TcpIncoming::from(listener);
    let server = tonic::transport::Server::builder().add_service(MetricsServiceServer::new(collector));
    tokio::spawn(server.serve_with_incoming(incoming));
    address
}

fn labels(attributes: &[KeyValue]) -> String {
    let mut labels: Vec<_> = attributes
        .iter()
        .map(|label| {
            let value = label.value.as_ref().and_then(|value| value.value.as_ref());
            let Some(Value::StringValue(text)) = value else { panic!("{label:?} is no text") };
            format!("{}=\"{text}\"", label.key)
        })
        .collect();
    labels.sort();
    labels.join(",")
}

fn number(point: &NumberDataPoint) -> f64 {
    match point.value {
        Some(number_data_point::Value::AsDouble(number)) => number,
        #[expect(clippy::cast_precision_loss, reason = "small counts")]
        Some(number_data_point::Value::AsInt(count)) => count as f64,
        None => f64::NAN,
    }
}

/// Every series of the request by the name of the page.
fn series(request: &ExportMetricsServiceRequest) -> BTreeMap<String, f64> {
    let mut series = BTreeMap::new();
    let scopes = request.resource_metrics.iter().flat_map(|resource| &resource.scope_metrics);
    for metric in scopes.flat_map(|scope| &scope.metrics) {
        let unit = if metric.unit == "s" { "_seconds" } else { "" };
        let name = format!("{}{unit}", metric.name.replace('.', "_"));
        match metric.data.as_ref().expect("it has data") {
            Data::Gauge(gauge) => {
                for point in &gauge.data_points {
                    series.insert(format!("{name}{{{}}}", labels(&point.attributes)), number(point));
                }
            }
            Data::Sum(sum) => {
                assert!(sum.is_monotonic, "{name}");
                assert_eq!(sum.aggregation_temporality(), AggregationTemporality::Cumulative);
                for point in &sum.data_points {
                    series.insert(format!("{name}_total{{{}}}", labels(&point.attributes)), number(point));
                }
            }
            Data::Histogram(histogram) => {
                for point in &histogram.data_points {
                    let labels = labels(&point.attributes);
                    #[expect(clippy::cast_precision_loss, reason = "small counts")]
                    series.insert(format!("{name}_count{{{labels}}}"), point.count as f64);
                    series.insert(format!("{name}_sum{{{labels}}}"), point.sum.expect("a sum"));
                }
            }
            other => panic!("{name}: {other:?}"),
        }
    }
    series
}

/// The series of the page that is the same until somebody calls: counters.
fn counters(page: &str) -> BTreeMap<String, f64> {
    let lines = page.lines().filter(|line| !line.starts_with('#'));
    let series = lines.filter_map(|line| {
        let (series, value) = line.rsplit_once(' ')?;
        let (name, labels) = series.split_once('{')?;
        let mut labels: Vec<_> = labels.trim_end_matches('}').split(',').collect();
        labels.sort_unstable();
        let is_counter = ["_total", "_count", "_sum"].iter().any(|end| name.ends_with(end));
        is_counter.then(|| (format!("{name}{{{}}}", labels.join(",")), value.parse().expect("a number")))
    });
    series.collect()
}

#[test]
fn a_collector_is_sent_what_the_page_says() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (sent, received) = channel();
    let address = runtime.block_on(serve(Collector(sent)));
    let name = "otel_collector";
    let request = {
        let _within = runtime.enter();
        let exporter = MetricExporter::builder()
            .with_tonic()
            .with_endpoint(format!("http://{address}"))
            .with_timeout(Duration::from_secs(20))
            .build()
            .expect("an exporter");
        let reader = PeriodicReader::builder(exporter).with_interval(Duration::from_hours(1)).build();
        let provider = SdkMeterProvider::builder().with_reader(reader).build();
        let exporting = Exporter::new().start(&provider);
        runtime.block_on(async {
            for _ in 0..3 {
                call_well_and_ill(&calm(name)).await;
            }
        });
        // The histogram has the last calls once its thread has recorded them, at the latest when it stops.
        std::thread::sleep(Duration::from_millis(1_500));
        provider.force_flush().expect("the collector answers");
        let request = received.recv_timeout(Duration::from_secs(20)).expect("it was sent");
        drop(exporting);
        provider.shutdown().expect("it ends");
        request
    };
    let page = render_prometheus();
    let of = |series: BTreeMap<String, f64>| -> BTreeMap<String, f64> {
        let label = format!("dependency=\"{name}\"");
        series.into_iter().filter(|(series, value)| series.contains(&label) && *value != 0.0).collect()
    };
    let (sent, expected) = (of(series(&request)), of(counters(&page)));
    assert!(expected.len() >= 8, "{expected:#?}");
    for (series, value) in &expected {
        let sent = sent.get(series).copied().unwrap_or(f64::NAN);
        // The page has whole microseconds.
        assert!((sent - value).abs() < 2e-6, "{series}: {sent} was sent, the page says {value}");
    }
    let counted = sent.keys().filter(|series| series.contains("_total{")).count();
    assert_eq!(counted, expected.keys().filter(|series| series.contains("_total{")).count());

    if let Some(folder) = std::env::var_os("RESILIENCE_OTLP").map(PathBuf::from) {
        std::fs::write(folder.join("request.bin"), request.encode_to_vec()).expect("the request");
        std::fs::write(folder.join("page.prom"), page).expect("the page");
    }
}
