//! A process that cannot start more threads: calls keep their limits, and features that need a thread report it.

use std::io::Write as _;
use std::process::Command;
use std::time::{Duration, Instant};

use resilience_runtime::monitor::IdempotencyResult;
use resilience_runtime::store::MemoryStore;
use resilience_runtime::{
    Rejection, RejectionKind, comprehensive_retry, monitor, registry, start_load_shedding, watch_config_file,
};

#[comprehensive_retry(
    "threadless",
    max_attempts = 2,
    base_delay = 0,
    attempt_timeout = "50ms",
    deadline = "10s"
)]
async fn hangs() -> Result<(), Rejection> {
    std::future::pending().await
}

const CHILD: &str = "RESILIENCE_TEST_WITHOUT_THREADS";

#[test]
fn a_process_without_another_thread_keeps_its_time_limits() {
    if std::env::var_os(CHILD).is_some() {
        return without_threads();
    }
    // In a process of its own, where each thread's stack would exceed the address space.
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "no_threads::a_process_without_another_thread_keeps_its_time_limits"])
        .args(["--test-threads=1", "--nocapture"])
        .env(CHILD, "1")
        .env("RUST_MIN_STACK", (1_u64 << 62).to_string())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"), "{output:?}");
}

fn without_threads() {
    assert!(std::thread::Builder::new().spawn(|| ()).is_err(), "or there is nothing to be seen");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let start = Instant::now();
    let outcome = runtime.block_on(hangs());
    assert_eq!(outcome.map_err(|no| no.kind()), Err(RejectionKind::AttemptTimeout));
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());

    let _inside = runtime.enter();
    let refused = start_load_shedding().expect_err("it needs a thread").to_string();
    assert!(refused.contains("`resilience-load` cannot be started"), "{refused}");
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"[services.threadless]\nmax_attempts = 1\n").unwrap();
    let refused = watch_config_file(file.path()).expect_err("it needs a thread").to_string();
    assert!(refused.contains("`resilience-config` cannot be started"), "{refused}");
    // With feature `testing` a store is asked on the runtime of the call.
    if cfg!(not(feature = "paused")) {
        without_a_store();
    }
}

#[comprehensive_retry("keyless", idempotency(key = 1, store = MemoryStore::default()))]
async fn rejects() -> Result<u32, Rejection> {
    Ok(1)
}

#[comprehensive_retry("keyless", idempotency(key = 1, store = MemoryStore::default(), on_unavailable = Run))]
async fn goes_on() -> Result<u32, Rejection> {
    Ok(2)
}

/// The thread that talks to stores is one of those that cannot be started.
fn without_a_store() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let start = Instant::now();
    let refused = runtime.block_on(rejects()).map_err(|no| no.kind());
    assert_eq!(refused, Err(RejectionKind::IdempotencyStoreUnavailable));
    assert_eq!(runtime.block_on(goes_on()), Ok(2));
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    let stats = registry().service("keyless").expect("it was called").stats();
    let counted = [
        IdempotencyResult::StoreUnavailable,
        IdempotencyResult::RanWithoutStore,
        // Nobody will store the result.
        IdempotencyResult::NotStored,
    ];
    assert_eq!(counted.map(|result| stats.idempotency(result)), [1, 1, 1]);
    assert!(!monitor().dashboard_data().process.stores[0].up);
}
