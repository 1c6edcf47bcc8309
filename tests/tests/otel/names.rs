//! Our names for OpenTelemetry, through the exporter for Prometheus that OpenTelemetry has: they are those of our page.

use std::collections::BTreeMap;

use opentelemetry::metrics::MeterProvider as _;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use prometheus::{Registry, TextEncoder};
use resilience_runtime::export::otel::Exporter;
use resilience_runtime::export::prometheus::{Format, render};
use resilience_runtime::monitor::snapshot::DashboardData;
#[cfg(feature = "paused")]
use resilience_runtime::{monitor, testing};

use crate::hand::{Described, Hand, Kind};
#[cfg(feature = "paused")]
use crate::services::{Fault, calm, runtime};

/// What a page says that it has: names with their types.
fn types(page: &str) -> BTreeMap<String, String> {
    let lines = page.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '));
    lines.map(|(name, kind)| (name.to_owned(), kind.to_owned())).collect()
}

/// A page with every metric that there can be.
#[cfg(not(feature = "paused"))]
fn page() -> String {
    render(&DashboardData::default(), Format::Text)
}

/// The same where faults can be injected, of which the page says nothing until there is one.
#[cfg(feature = "paused")]
fn page() -> String {
    let untouched = types(&render(&DashboardData::default(), Format::Text));
    let page = runtime().block_on(testing::isolated(async {
        let rule = testing::chaos::rule("*").error(|| Fault::Down).count(1).arm();
        let service = calm("otel_names");
        assert_eq!(service.call(|| async { Ok::<_, Fault>(()) }).await, Ok(()));
        assert_eq!(rule.injected(), 1);
        render(&monitor().dashboard_data(), Format::Text)
    }));
    assert!(types(&page).len() > untouched.len(), "{page}");
    page
}

fn instruments() -> Vec<Described> {
    let hand = Hand::default();
    drop(Exporter::new().start(&hand));
    hand.described()
}

#[test]
fn the_names_for_opentelemetry_become_exactly_those_of_the_page() {
    let registry = Registry::new();
    let exporter = opentelemetry_prometheus::exporter()
        .with_registry(registry.clone())
        .without_target_info()
        .build()
        .expect("an exporter");
    let provider = SdkMeterProvider::builder().with_reader(exporter).build();
    let meter = provider.meter("names");
    for Described { name, unit, help, kind, .. } in instruments() {
        let unit = unit.unwrap_or_default();
        match kind {
            Kind::Counter => {
                meter.f64_counter(name).with_unit(unit).with_description(help).build().add(1.0, &[]);
            }
            Kind::Gauge => {
                meter.f64_gauge(name).with_unit(unit).with_description(help).build().record(1.0, &[]);
            }
            Kind::Histogram => {
                meter.f64_histogram(name).with_unit(unit).with_description(help).build().record(1.0, &[]);
            }
        }
    }
    let theirs = TextEncoder::new().encode_to_string(&registry.gather()).expect("a page");
    let ours = page();
    assert_eq!(types(&theirs), types(&ours));
    assert!(types(&ours).len() > 20, "{ours}");
}

#[test]
fn instruments_say_what_they_are_and_none_counts_in_ones() {
    let instruments = instruments();
    for Described { name, unit, help, kind, boundaries } in &instruments {
        assert!(name.starts_with("resilience.") && !name.ends_with("total"), "{name}");
        assert!(help.ends_with('.'), "{name}: {help}");
        // A unit `1` becomes `_ratio` on a gauge.
        assert!(unit.as_deref() != Some("1") && unit.as_deref() != Some(""), "{name}");
        assert_eq!(boundaries.len(), if *kind == Kind::Histogram { 23 } else { 0 }, "{name}");
    }
}

/// What a rule has hit is sent as what it is on the page.
#[cfg(feature = "paused")]
#[test]
fn injected_faults_are_counted_by_the_name_of_their_rule() {
    runtime().block_on(testing::isolated(async {
        let hand = Hand::default();
        let exporting = Exporter::new().start(&hand);
        let service = calm("otel_injected");
        let _down = testing::chaos::rule("otel_injected").named("down").error(|| Fault::Down).count(1).arm();
        assert_eq!(service.call(|| async { Ok::<_, Fault>(()) }).await, Ok(()));
        let chaos = |name: &str| name.contains("chaos");
        let sent: Vec<_> = hand.collect().into_iter().filter(|(name, _)| chaos(name)).collect();
        let name = "resilience.chaos.injections{dependency=otel_injected,rule=down}";
        assert_eq!(sent, [(name.to_owned(), 1.0)]);
        drop(exporting);
    }));
}
