//! Heap bytes per finished idempotency key, a million of them, with results in memory.

use allocation_counter::measure as counted;
use benches::ops::{OpError, ready};
use benches::row::Row;
use resilience_runtime::comprehensive_retry;
use tokio::runtime::Builder;

/// As many as are kept at most.
const KEYS: u64 = 1_000_000;
const GROUP: &str = "idempotency keys";
/// What a finished key may take, its result of eight bytes included.
const MOST: f64 = 200.0;

#[comprehensive_retry("recorded", idempotency(key = key))]
async fn recorded(key: u64) -> Result<u64, OpError> {
    ready(key).await
}

pub(crate) fn measure() {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    assert_eq!(runtime.block_on(recorded(KEYS)), Ok(KEYS));
    let calls = |keys: std::ops::Range<u64>| {
        counted(|| {
            for key in keys {
                assert_eq!(runtime.block_on(recorded(key)), Ok(key));
            }
        })
        .bytes_current
    };
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let each = calls(0..KEYS) as f64 / KEYS as f64;
    Row::new("memory", GROUP, "each of a million", each, "bytes")
        .note("a result of 8 bytes included")
        .print();
    assert!(each < MOST, "a finished key takes {each} bytes");
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let further = calls(KEYS..KEYS + KEYS / 10) as f64;
    Row::new("memory", GROUP, "100,000 more", further, "bytes").note("in all; the oldest make room").print();
    assert!(further < each * 10_000.0, "keys beyond a million take {further} bytes");
}
