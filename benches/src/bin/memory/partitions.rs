//! Heap bytes per partition of a service, and the proof that a million of them stay within bounds.

use allocation_counter::measure as counted;
use benches::ops::{OpError, ready};
use benches::row::Row;
use resilience_runtime::comprehensive_retry;
use tokio::runtime::Builder;

/// As many as have state of their own by default.
const PLACES: u64 = 1_000;
const DISTINCT: u64 = 1_000_000;
const GROUP: &str = "partitions";

#[comprehensive_retry("partitioned", partition = tenant)]
async fn partitioned(tenant: u64) -> Result<u64, OpError> {
    ready(tenant).await
}

pub(crate) fn measure() {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    assert_eq!(runtime.block_on(partitioned(0)), Ok(0));
    let calls = |tenants: std::ops::Range<u64>| {
        counted(|| {
            for tenant in tenants {
                assert_eq!(runtime.block_on(partitioned(tenant)), Ok(tenant));
            }
        })
        .bytes_current
    };
    let full = calls(1..PLACES);
    let started = std::time::Instant::now();
    let further = calls(PLACES..DISTINCT);
    let spent = started.elapsed();

    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let row = |case, bytes: i64, parts: u64, unit| {
        Row::new("memory", GROUP, case, bytes as f64 / parts as f64, unit)
    };
    row("each of 1,000", full, PLACES - 1, "bytes").note("called from one thread, table included").print();
    row("after a million distinct, beyond 1,000", further, 1, "bytes").note("in all, not each").print();
    let nanos = i64::try_from(spent.as_nanos()).unwrap_or(i64::MAX);
    row("a call of a partition that is new, all places taken", nanos, DISTINCT - PLACES, "ns")
        .note("allocations counted meanwhile; mean, eviction included")
        .print();

    assert!(
        further < full / 2,
        "a million partitions took {further} bytes beyond the {full} of the first thousand"
    );
}
