//! A thousand services that have been called go in, what a collection of OpenTelemetry takes of them comes out: instructions, which
//! are held to a bar and are the same on a machine that does other things as well, and processor time, which is shown.
//!
//! On a core of an AMD EPYC at rest the bars are 60 ms with 12 series of each service that are other than zero, and 600 ms with
//! all.

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::{Arc, Weak};
use std::time::Duration;

use benches::callgrind::{is_counted, make_calls, per_call};
use benches::flags::Flags;
use benches::measure::{on_this_thread, processor_time};
use benches::report::exit;
use benches::{Batch, Case};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::reader::MetricReader;
use opentelemetry_sdk::metrics::{InstrumentKind, ManualReader, Pipeline, SdkMeterProvider, Temporality};
use resilience_runtime::export::otel::{Exporter, Exporting, views};
use resilience_runtime::{
    Classify, Recovery, Rejection, Resilient, ServiceKind, registry, render_prometheus,
};
use tokio::sync::OnceCell;

/// So many are timed.
const SERVICES: usize = 1_000;
/// So many are counted: under valgrind those above take seconds, and what is older than a second is read anew within a collection.
const COUNTED: usize = 50;
/// Collections that are counted, a hundredth of this, and twice as many.
const COLLECTIONS: u64 = 400;
/// So many collections are timed, and the quickest is shown, as caches and processors are shared with whatever else runs.
const ROUNDS: usize = 12;
/// Instructions of a collection that a core of the machine above does in a millisecond: some 570 million in 36 to 48 ms.
const PER_MILLISECOND: f64 = 12_000_000.0;

/// The bar, for so many series of each service.
const FEW: (usize, f64) = (12, 60.0 * PER_MILLISECOND);
/// The bar for all of them.
const ALL: f64 = 600.0 * PER_MILLISECOND;

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

/// Reads where it is told to, on the thread that tells it.
#[derive(Clone, Debug)]
struct Reader(Arc<ManualReader>);

impl MetricReader for Reader {
    fn register_pipeline(&self, pipeline: Weak<Pipeline>) {
        self.0.register_pipeline(pipeline);
    }

    fn collect(&self, metrics: &mut ResourceMetrics) -> OTelSdkResult {
        self.0.collect(metrics)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.0.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn temporality(&self, kind: InstrumentKind) -> Temporality {
        self.0.temporality(kind)
    }
}

/// How the services have been called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Calls {
    /// As those of a service that works for the most part.
    Usual,
    /// And in all ways that make more series of them.
    OfAllSorts,
}

/// Services that have been called, and what reads them.
struct Fleet {
    services: usize,
    reader: Reader,
    // What the reader reads.
    _provider: SdkMeterProvider,
    _exporting: Exporting,
}

impl Fleet {
    async fn called(services: usize, calls: Calls) -> Self {
        for number in 0..services {
            let name = name(number);
            let handle = Resilient::service(&name).kind(ServiceKind::HttpApi).max_attempts(2);
            let handle = handle.base_delay(Duration::ZERO).build();
            well_and_ill(&handle).await;
            if calls == Calls::OfAllSorts {
                in_all_ways(&name, &handle).await;
            }
        }
        let reader = Reader(Arc::new(ManualReader::builder().build()));
        let provider =
            SdkMeterProvider::builder().with_reader(reader.clone()).with_view(views(2 * services)).build();
        let exporting = Exporter::new().room_for(2 * services).start(&provider);
        let fleet = Self { services, reader, _provider: provider, _exporting: exporting };
        // The first makes room for the series.
        fleet.collect();
        fleet
    }

    fn collect(&self) -> ResourceMetrics {
        let mut metrics = ResourceMetrics::default();
        self.reader.collect(&mut metrics).expect("a reader of a provider that lives");
        metrics
    }

    /// How many series of each service a collection has.
    fn series(&self) -> usize {
        format!("{:?}", self.collect()).matches("key: Static(\"dependency\")").count() / self.services
    }

    fn quickest(&self) -> Result<Duration, String> {
        let mut best = Duration::MAX;
        for _ in 0..ROUNDS {
            let began = processor_time()?;
            let metrics = self.collect();
            best = best.min(processor_time()?.saturating_sub(began));
            drop(metrics);
        }
        Ok(best)
    }
}

fn name(number: usize) -> String {
    format!("collected-{number:03}")
}

/// What is counted, as a case whose calls are collections.
fn case(calls: Calls, name: &'static str) -> Case {
    let setup = || Arc::new(OnceCell::new());
    let case = Case::with_service("collection", name, "", setup, move |fleet, collections| -> Batch {
        Box::pin(async move {
            let fleet = fleet.get_or_init(|| Fleet::called(COUNTED, calls)).await;
            for _ in 0..collections {
                drop(fleet.collect());
            }
        })
    });
    // It takes as long as if it did: a few are enough.
    case.sleeping()
}

fn cases() -> Vec<Case> {
    vec![case(Calls::Usual, "usual"), case(Calls::OfAllSorts, "of all sorts")]
}

fn main() -> ExitCode {
    exit(if is_counted() {
        Flags::read(1, 1, COLLECTIONS).and_then(|flags| make_calls(&flags, cases()))
    } else {
        hold()
    })
}

fn hold() -> Result<(), String> {
    let runtime = on_this_thread();
    let (mut measured, mut timed) = (Vec::new(), Vec::new());
    for calls in [Calls::Usual, Calls::OfAllSorts] {
        let fleet = runtime.block_on(Fleet::called(SERVICES, calls));
        measured.push((fleet.series(), 0.0));
        timed.push(fleet.quickest()?);
    }
    let flags = Flags { filters: Vec::new(), rounds: 1, millis: 1, calls: COLLECTIONS, statistics: true };
    #[expect(clippy::cast_precision_loss, reason = "hundreds")]
    let share = SERVICES as f64 / COUNTED as f64;
    for ((_, instructions), profile) in measured.iter_mut().zip(per_call(&flags, &cases())?) {
        *instructions = profile.total() * share;
    }
    let [few, many] = measured[..] else { return Err("two measurements".to_owned()) };

    let all = series_on_the_page(&name(0));
    let mut out = std::io::stdout();
    for ((series, instructions), time) in measured.iter().zip(timed) {
        let millions = instructions / 1e6;
        writeln!(
            out,
            "a collection of {SERVICES} services with {series} series of each: {millions:.0} million instructions, \
             {time:?} of processor time at best"
        )
        .map_err(|error| error.to_string())?;
    }
    let faults = faults(few, many, all);
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

/// One line for each bar that does not hold.
fn faults(few: (usize, f64), many: (usize, f64), all: usize) -> Vec<String> {
    let mut faults = Vec::new();
    if few.0 < FEW.0 || many.0 <= few.0 || all < many.0 {
        faults.push(format!(
            "{} series of a service, {} and all {all}: too few to say anything",
            few.0, many.0
        ));
    }
    if few.1 > FEW.1 {
        faults.push(format!("a collection takes {:.0} instructions, more than {:.0}", few.1, FEW.1));
    }
    // Some need an outage that takes longer than all of this; what a series costs does not depend on which it is.
    #[expect(clippy::cast_precision_loss, reason = "hundreds")]
    let with_all = many.1 * all as f64 / many.0.max(1) as f64;
    if with_all > ALL {
        faults
            .push(format!("a collection of all series takes {with_all:.0} instructions, more than {ALL:.0}"));
    }
    faults
}

/// A success, a failure that is retried, and one that is not.
async fn well_and_ill(handle: &Resilient) {
    let _ = handle.call(|| async { Ok::<_, Fault>(()) }).await;
    for recovery in [Recovery::retry(), Recovery::never()] {
        let _ = handle.call(|| async { Err::<(), _>(Fault(recovery)) }).await;
    }
}

/// Calls that are answered for, dropped, late, turned away and let in again.
async fn in_all_ways(name: &str, handle: &Resilient) {
    let fails = || async { Err::<(), _>(Fault(Recovery::retry())) };
    let _ = handle.call(fails).static_response(()).await;
    let _ = handle.call(fails).fallback(|_: &Fault| async { Err::<(), _>(Fault(Recovery::never())) }).await;
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
        let fine = ((12, FEW.1), (50, ALL / 3.0), 150);
        assert_eq!(faults(fine.0, fine.1, fine.2), [""; 0]);
        for ill in [
            ((12, FEW.1 + 1.0), fine.1, 150),
            (fine.0, (50, ALL / 3.0 + 1.0), 150),
            ((11, FEW.1), fine.1, 150),
            (fine.0, (12, ALL / 30.0), 150),
        ] {
            assert_eq!(faults(ill.0, ill.1, ill.2).len(), 1, "{ill:?}");
        }
    }
}
