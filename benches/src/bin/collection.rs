//! A thousand services that have been called go in, what a collection of OpenTelemetry takes of them comes out, in processor time
//! of the thread that collects: at most 60 ms with 12 series of each that are other than zero, and at most 600 ms with all.
//!
//! A program of its own: with the features that it needs, calls would be counted that nobody makes without them. What counts is
//! the quickest of many collections, as caches and processors are shared with whatever else runs; the bars have no margin beside.

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use benches::measure::{on_this_thread, processor_time};
use benches::report::exit;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::metrics::{PeriodicReader, SdkMeterProvider, Temporality};
use resilience_runtime::export::otel::{Exporter, views};
use resilience_runtime::{
    Classify, Recovery, Rejection, Resilient, ServiceKind, registry, render_prometheus,
};
use tokio::runtime::Runtime;

const SERVICES: usize = 1_000;
const ROUNDS: usize = 12;

/// The bar, for so many series of each service.
const FEW: (usize, Duration) = (12, Duration::from_millis(60));
/// The bar for all of them.
const ALL: Duration = Duration::from_millis(600);

#[derive(Debug)]
struct Fault(Recovery);

impl Classify for Fault {
    fn classify(&self) -> Recovery {
        self.0
    }
}

impl From<Rejection> for Fault {
    fn from(_: Rejection) -> Self {
        Self(Recovery::never())
    }
}

/// Notes how much processor time its thread, which collects and then exports, has had.
#[derive(Clone, Debug, Default)]
struct Watch(Arc<Mutex<Seen>>);

#[derive(Debug, Default)]
struct Seen {
    /// At the end of the last collection.
    last: Option<Duration>,
    /// The quickest collection.
    best: Option<Duration>,
    /// How many series the last one had.
    series: usize,
    /// Whether they are to be counted, which takes longer than the collection.
    counts: bool,
}

impl PushMetricExporter for Watch {
    async fn export(&self, metrics: &ResourceMetrics) -> OTelSdkResult {
        let now = processor_time().ok();
        let mut seen = self.seen();
        if let (Some(last), Some(now)) = (seen.last, now) {
            let took = now.saturating_sub(last);
            seen.best = Some(seen.best.map_or(took, |best| best.min(took)));
        }
        if seen.counts {
            seen.series = format!("{metrics:?}").matches("key: Static(\"dependency\")").count();
        }
        seen.last = processor_time().ok();
        Ok(())
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }

    fn temporality(&self) -> Temporality {
        Temporality::Cumulative
    }
}

impl Watch {
    fn seen(&self) -> std::sync::MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Collects several times; the series of a service, and the shortest time.
    fn measure(&self, provider: &SdkMeterProvider) -> Result<(usize, Duration), String> {
        let collect = || provider.force_flush().map_err(|error| error.to_string());
        // The first makes room for the series.
        self.seen().counts = true;
        collect()?;
        self.seen().counts = false;
        collect()?;
        self.seen().best = None;
        for _ in 0..ROUNDS {
            collect()?;
        }
        let seen = self.seen();
        Ok((seen.series / SERVICES, seen.best.ok_or("no processor time")?))
    }
}

fn main() -> ExitCode {
    exit(hold())
}

fn hold() -> Result<(), String> {
    let runtime = on_this_thread();
    let names: Vec<String> = (0..SERVICES).map(|number| format!("collected-{number:03}")).collect();
    let handles: Vec<Resilient> = names
        .iter()
        .map(|name| {
            let handle = Resilient::service(name).kind(ServiceKind::HttpApi).max_attempts(2);
            handle.base_delay(Duration::ZERO).build()
        })
        .collect();
    for handle in &handles {
        well_and_ill(&runtime, handle);
    }

    let watch = Watch::default();
    let reader = PeriodicReader::builder(watch.clone()).with_interval(Duration::from_hours(1)).build();
    let provider = SdkMeterProvider::builder().with_reader(reader).with_view(views(2 * SERVICES)).build();
    let exporting = Exporter::new().room_for(2 * SERVICES).start(&provider);
    let few = watch.measure(&provider)?;
    for (name, handle) in names.iter().zip(&handles) {
        in_all_ways(&runtime, name, handle);
    }
    let many = watch.measure(&provider)?;
    drop(exporting);

    let all = series_on_the_page(&names[0]);
    let said = writeln!(
        std::io::stdout(),
        "a collection of {SERVICES} services takes {:?} with {} series of each, {:?} with {}",
        few.1,
        few.0,
        many.1,
        many.0
    );
    said.map_err(|error| error.to_string())?;
    let faults = faults(few, many, all);
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

/// One line for each bar that does not hold.
fn faults(few: (usize, Duration), many: (usize, Duration), all: usize) -> Vec<String> {
    let mut faults = Vec::new();
    if few.0 < FEW.0 || many.0 <= few.0 || all < many.0 {
        faults.push(format!(
            "{} series of a service, {} and all {all}: too few to say anything",
            few.0, many.0
        ));
    }
    if few.1 > FEW.1 {
        faults.push(format!("a collection takes {:?} of processor time, more than {:?}", few.1, FEW.1));
    }
    // Some need an outage that takes longer than all of this; what a series costs does not depend on which it is.
    #[expect(clippy::cast_precision_loss, reason = "hundreds")]
    let with_all = many.1.mul_f64(all as f64 / many.0.max(1) as f64);
    if with_all > ALL {
        faults.push(format!(
            "a collection of all series takes {with_all:?} of processor time, more than {ALL:?}"
        ));
    }
    faults
}

/// A success, a failure that is retried, and one that is not.
fn well_and_ill(runtime: &Runtime, handle: &Resilient) {
    runtime.block_on(async {
        let _ = handle.call(|| async { Ok::<_, Fault>(()) }).await;
        for recovery in [Recovery::retry(), Recovery::never()] {
            let _ = handle.call(|| async { Err::<(), _>(Fault(recovery)) }).await;
        }
    });
}

/// Calls that are answered for, dropped, late, turned away and let in again.
fn in_all_ways(runtime: &Runtime, name: &str, handle: &Resilient) {
    runtime.block_on(async {
        let fails = || async { Err::<(), _>(Fault(Recovery::retry())) };
        let _ = handle.call(fails).static_response(()).await;
        let _ =
            handle.call(fails).fallback(|_: &Fault| async { Err::<(), _>(Fault(Recovery::never())) }).await;
        let hangs = || std::future::pending::<Result<(), Fault>>();
        let _ = tokio::time::timeout(Duration::ZERO, handle.call(hangs)).await;
        let _ = handle.call(hangs).deadline(Duration::from_millis(1)).await;
        let Some(service) = registry().service(name) else { return };
        for operate in
            [registry::Service::force_open, registry::Service::force_closed, registry::Service::reset_breaker]
        {
            operate(service);
            let _ = handle.call(|| async { Ok::<_, Fault>(()) }).await;
        }
    });
}

/// How many series a service has on the page of Prometheus, which shows them all; without its histogram, which is apart there.
fn series_on_the_page(name: &str) -> usize {
    let label = format!("dependency=\"{name}\"");
    let page = render_prometheus();
    page.lines()
        .filter(|line| line.contains(&label) && !line.starts_with("resilience_call_duration_seconds"))
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_a_bar_is_told() {
        let fine = ((12, FEW.1), (50, ALL / 3), 150);
        assert_eq!(faults(fine.0, fine.1, fine.2), [""; 0]);
        let over = Duration::from_micros(1);
        for ill in [
            ((12, FEW.1 + over), fine.1, 150),
            (fine.0, (50, ALL / 3 + over), 150),
            ((11, FEW.1), fine.1, 150),
            (fine.0, (12, ALL / 30), 150),
        ] {
            assert_eq!(faults(ill.0, ill.1, ill.2).len(), 1, "{ill:?}");
        }
    }
}
