//! First calls and later calls, by attribute and by name, in a registry of one service and in one of many.

use std::hint::black_box;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use benches::ops::{OpError, ready};
use benches::row::Row;
use resilience_runtime::{ServiceKind, comprehensive_retry, registry, resilient_call};
use tokio::runtime::Runtime;
use tokio::task::unconstrained;

/// Enough of them that one is free of interruptions; the fastest is taken.
const BATCHES: usize = 400;
const BATCH: u64 = 1_000;

#[comprehensive_retry("probe")]
async fn annotated(value: u64) -> Result<u64, OpError> {
    ready(value).await
}

async fn by_name(service: &str) -> Result<u64, OpError> {
    resilient_call(service.to_owned(), ServiceKind::Generic, || ready(1)).await
}

/// The name of a service; the configuration files use the same.
pub(crate) fn name(number: usize) -> String {
    format!("service_{number:05}")
}

#[expect(clippy::cast_precision_loss, reason = "nanoseconds, far below 2^52")]
fn nanos(started: Instant, calls: u64) -> f64 {
    started.elapsed().as_nanos() as f64 / calls as f64
}

/// The fastest batch, in ns per call.
async fn fastest(mut call: impl AsyncFnMut(u64)) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..BATCHES {
        let started = Instant::now();
        for round in 0..BATCH {
            call(black_box(round)).await;
        }
        best = best.min(nanos(started, BATCH));
    }
    best
}

/// What a call costs once its site is bound: by attribute and by name.
pub(crate) fn later(runtime: &Runtime, size: &str) -> [f64; 2] {
    let print = |how, nanos| Row::new("registry", how, &format!("later call, {size}"), nanos, "ns").print();
    let annotated =
        runtime.block_on(unconstrained(fastest(async |round| assert!(annotated(round).await.is_ok()))));
    print("annotated", annotated);
    let by_name = runtime.block_on(unconstrained(fastest(async |_| assert!(by_name("probe").await.is_ok()))));
    print("by name", by_name);
    [annotated, by_name]
}

/// Says how much a later call suffers from the size of the registry.
pub(crate) fn ratio(alone: [f64; 2], among: [f64; 2]) {
    for (how, alone, among) in [("annotated", alone[0], among[0]), ("by name", alone[1], among[1])] {
        Row::new("registry", how, "later call, 10,000 services against 1", among / alone, "×").print();
    }
}

/// The first calls of these services, which makes them.
pub(crate) fn first(runtime: &Runtime, services: Range<usize>, which: &str) {
    let names: Vec<String> = services.map(name).collect();
    let mut each: Vec<f64> = Vec::with_capacity(names.len());
    for name in &names {
        let started = Instant::now();
        assert!(runtime.block_on(by_name(name)).is_ok());
        each.push(nanos(started, 1) / 1e3);
    }
    each.sort_by(f64::total_cmp);
    let row = |case: &str, micros| {
        Row::new("registry", "first call", &format!("{case}, {which}"), micros, "µs").print();
    };
    row("median", each[each.len() / 2]);
    row("longest", each[each.len() - 1]);
}

/// How many services are new while a file is loaded.
pub(crate) const BESIDE: usize = 1_000;

/// The name of one of them.
pub(crate) fn beside_name(services: usize, number: usize) -> String {
    format!("beside_{services}_{number}")
}

/// The first calls of new services while another thread loads one file after the other.
pub(crate) fn beside(runtime: &Runtime, load: impl Fn() + Sync, services: usize) {
    let done = AtomicBool::new(false);
    let (mut each, mut loads) = (Vec::new(), 0_u32);
    std::thread::scope(|scope| {
        let loader = scope.spawn(|| {
            let mut loads = 0;
            while !done.load(Ordering::Relaxed) {
                load();
                loads += 1;
            }
            loads
        });
        // A pause between them: the services that this makes are not to become what is measured.
        for number in 0..BESIDE {
            let name = beside_name(services, number);
            let started = Instant::now();
            assert!(runtime.block_on(by_name(&name)).is_ok());
            each.push(nanos(started, 1) / 1e3);
            std::thread::sleep(Duration::from_millis(1));
        }
        done.store(true, Ordering::Relaxed);
        loads = loader.join().expect("the file is valid");
    });
    each.sort_by(f64::total_cmp);
    let row = |case: &str, micros| {
        let case = format!("{case}, while {services} services are reloaded");
        Row::new("registry", "first call", &case, micros, "µs").note(format!("{loads} reloads")).print();
    };
    row("median", each[each.len() / 2]);
    row("99 of 100", each[each.len() * 99 / 100]);
    row("longest", each[each.len() - 1]);
}

/// `registry().services()`, which the pages of a monitor ask.
pub(crate) fn list() {
    let mut best = f64::INFINITY;
    for _ in 0..20 {
        let started = Instant::now();
        let services = black_box(registry().services());
        best = best.min(nanos(started, 1));
        assert!(services.len() > crate::MANY);
    }
    Row::new("registry", "list", "registry().services(), 10,000 services", best / 1e6, "ms").print();
}
