//! Idempotency keys on the real clock: what goes on when the runtime of a call is gone.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use resilience_runtime::store::{
    Claim, Completion, Fingerprint, IdempotencyStore, MemoryStore, Owner, RecordName, Release, Renewal,
    StoreFuture,
};
use resilience_runtime::{Rejection, RejectionKind, comprehensive_retry};

/// A memory store that notes which threads ask it, and how often leases are renewed.
#[derive(Clone, Debug, Default)]
struct Watched {
    inner: MemoryStore,
    threads: Arc<Mutex<Vec<Option<String>>>>,
    renewals: Arc<AtomicU32>,
}

impl Watched {
    fn note(&self) {
        let name = std::thread::current().name().map(str::to_owned);
        self.threads.lock().unwrap().push(name);
    }
}

impl IdempotencyStore for Watched {
    fn name(&self) -> &'static str {
        "watched"
    }

    fn claim(
        &self,
        record: RecordName,
        owner: Owner,
        fingerprint: Fingerprint,
        lease: Duration,
    ) -> StoreFuture<'_, Claim> {
        self.note();
        self.inner.claim(record, owner, fingerprint, lease)
    }

    fn renew(&self, record: RecordName, owner: Owner, lease: Duration) -> StoreFuture<'_, Renewal> {
        self.note();
        self.renewals.fetch_add(1, Ordering::Relaxed);
        self.inner.renew(record, owner, lease)
    }

    fn complete<'a>(
        &'a self,
        record: RecordName,
        owner: Owner,
        fingerprint: Fingerprint,
        ttl: Duration,
        value: Option<&'a [u8]>,
    ) -> StoreFuture<'a, Completion> {
        self.note();
        self.inner.complete(record, owner, fingerprint, ttl, value)
    }

    fn release(&self, record: RecordName, owner: Owner) -> StoreFuture<'_, Release> {
        self.note();
        self.inner.release(record, owner)
    }
}

#[comprehensive_retry(
    "idem_real",
    attempt_timeout = off,
    idempotency(key = key, lease = "300ms", wait = off, store = store.clone())
)]
async fn call(key: &str, store: &Watched, takes: Duration) -> Result<u32, Rejection> {
    tokio::time::sleep(takes).await;
    Ok(7)
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}

#[test]
fn claims_and_renewals_go_on_when_the_runtime_of_the_first_call_is_gone() {
    let store = Watched::default();
    let first = runtime();
    assert_eq!(first.block_on(call("first", &store, Duration::ZERO)), Ok(7));
    drop(first);
    let second = runtime();
    let held = {
        let store = store.clone();
        second.spawn(async move { call("second", &store, Duration::from_hours(1)).await })
    };
    let third = runtime();
    let begun = Instant::now();
    while store.renewals.load(Ordering::Relaxed) < 5 {
        assert!(begun.elapsed() < Duration::from_secs(20), "nobody renews the lease");
        third.block_on(async { tokio::time::sleep(Duration::from_millis(10)).await });
    }
    assert!(begun.elapsed() >= Duration::from_millis(400), "five renewals at a third of 300 ms each");
    let refused = third.block_on(call("second", &store, Duration::ZERO)).unwrap_err();
    assert_eq!(refused.kind(), RejectionKind::IdempotencyInProgress);
    // With its runtime the call is dropped, its body under way: the lease runs out, and is renewed no more.
    drop(held);
    second.shutdown_background();
    let begun = Instant::now();
    while third.block_on(call("second", &store, Duration::ZERO)).is_err() {
        assert!(begun.elapsed() < Duration::from_secs(20), "the lease never ends");
        third.block_on(async { tokio::time::sleep(Duration::from_millis(10)).await });
    }
    let threads = store.threads.lock().unwrap();
    // With feature `testing` a store is asked on the runtime of the call, whose clock may be paused.
    let has_own_thread = cfg!(not(feature = "paused"));
    assert!(
        !has_own_thread || threads.iter().all(|name| name.as_deref() == Some("resilience-stores")),
        "{threads:?}"
    );
}

#[comprehensive_retry("idem_many", idempotency(key = key))]
async fn counted(key: u64, runs: &AtomicU32) -> Result<u32, Rejection> {
    tokio::task::yield_now().await;
    Ok(runs.fetch_add(1, Ordering::Relaxed))
}

#[test]
fn one_of_many_calls_on_several_threads_runs_and_all_get_its_result() {
    let runs: Vec<_> = (0..50).map(|_| AtomicU32::new(0)).collect();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                runtime().block_on(async {
                    for (key, runs) in (0_u64..).zip(&runs) {
                        let calls = futures::future::join_all((0..4).map(|_| counted(key, runs)));
                        assert!(calls.await.iter().all(|outcome| *outcome == Ok(0)), "{key}");
                    }
                });
            });
        }
    });
    assert!(runs.iter().all(|runs| runs.load(Ordering::Relaxed) == 1));
}

/// What takes longer to find than its call may.
fn found_late(key: u64) -> u64 {
    std::thread::sleep(Duration::from_millis(10));
    key
}

#[comprehensive_retry(
    "idem_late",
    deadline = "5ms",
    attempt_timeout = off,
    idempotency(key = key, fingerprint = found_late(key), store = store.clone())
)]
async fn late(key: u64, store: &Watched, runs: &AtomicU32) -> Result<u32, Rejection> {
    Ok(runs.fetch_add(1, Ordering::Relaxed))
}

#[test]
fn a_call_that_comes_too_late_to_claim_its_key_does_not_run_without_it() {
    let (store, runs) = (Watched::default(), AtomicU32::new(0));
    let refused = runtime().block_on(late(1, &store, &runs)).map_err(|refused| refused.kind());
    assert_eq!((refused, runs.load(Ordering::Relaxed)), (Err(RejectionKind::DeadlineExceeded), 0));
    assert!(store.threads.lock().unwrap().is_empty(), "nobody was asked");
}
