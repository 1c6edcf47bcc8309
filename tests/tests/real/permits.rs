//! Permits and partitions under many threads: nothing is lost, nothing is given twice.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use resilience_runtime::{Patch, Priority, comprehensive_retry, registry, update_service, with_priority};

/// The most that may be inside at once, under any of the limits that the test sets.
const MOST: u32 = 8;

static INSIDE: AtomicU32 = AtomicU32::new(0);
static HIGHEST: AtomicU32 = AtomicU32::new(0);

/// In a body, however it ends.
struct Inside;

impl Inside {
    fn new() -> Self {
        let now = INSIDE.fetch_add(1, Ordering::SeqCst) + 1;
        HIGHEST.fetch_max(now, Ordering::SeqCst);
        Self
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        INSIDE.fetch_sub(1, Ordering::SeqCst);
    }
}

#[comprehensive_retry(
    "permits",
    max_attempts = 2,
    base_delay = "1ms",
    breaker = off,
    bulkhead(max_concurrent = 8, max_queue = 1_000, max_wait = "50ms")
)]
async fn admitted(round: u64) -> Result<(), String> {
    let _inside = Inside::new();
    match round % 4 {
        0 => tokio::time::sleep(Duration::from_micros(round % 700)).await,
        1 => tokio::task::yield_now().await,
        2 => return Err("down".to_owned()),
        _ => {}
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn permits_survive_drops_resizes_and_priorities() {
    const PRIORITIES: [Priority; 4] = [Priority::Low, Priority::Normal, Priority::High, Priority::Critical];
    admitted(1).await.unwrap();
    let tasks = (0..64_u64).map(|task| {
        tokio::spawn(async move {
            for round in 0..150 {
                let mixed = (task * 7_919 + round * 104_729) % 1_009;
                let call = with_priority(PRIORITIES[usize::try_from(mixed % 4).unwrap()], admitted(mixed));
                if mixed % 3 == 0 {
                    let _ = tokio::time::timeout(Duration::from_micros(mixed * 3), call).await;
                } else {
                    let _ = call.await;
                }
            }
        })
    });
    let resizing = tokio::spawn(async {
        for round in 0..400_u32 {
            let patch = Patch::new().bulkhead_max_concurrent(1 + round * 7 % MOST);
            update_service("permits", &patch).unwrap();
            tokio::time::sleep(Duration::from_micros(300)).await;
        }
    });
    let mut tasks: Vec<_> = tasks.collect();
    tasks.push(resizing);
    for task in futures::future::join_all(tasks).await {
        task.unwrap();
    }
    let service = registry().service("permits").unwrap();
    assert_eq!((service.bulkhead_in_flight(), service.bulkhead_queue_depth()), (Some(0), Some(0)));
    assert_eq!((INSIDE.load(Ordering::SeqCst), service.stats().in_flight()), (0, 0));
    let highest = HIGHEST.load(Ordering::SeqCst);
    assert!((2..=MOST).contains(&highest), "{highest} at once");
    // And all slots can still be taken.
    update_service("permits", &Patch::new().bulkhead_max_concurrent(MOST)).unwrap();
    let calls = futures::future::join_all((0..u64::from(MOST)).map(|_| admitted(3))).await;
    assert!(calls.iter().all(Result::is_ok));
}

static WITHIN: [AtomicU32; TENANTS] = [const { AtomicU32::new(0) }; TENANTS];
const TENANTS: usize = 40;

/// One slot for each tenant. With more places than tenants, no tenants share.
#[comprehensive_retry(
    "tenants",
    max_attempts = 1,
    breaker = off,
    partition = tenant,
    max_partitions = 64,
    bulkhead(max_concurrent = 1, max_queue = 100, max_wait = "5s")
)]
async fn of_tenant(tenant: usize) -> Result<(), String> {
    let place = &WITHIN[tenant];
    let others = place.fetch_add(1, Ordering::SeqCst);
    tokio::task::yield_now().await;
    place.fetch_sub(1, Ordering::SeqCst);
    if others == 0 { Ok(()) } else { Err(format!("{others} others of {tenant}")) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn a_tenant_has_one_permit_whoever_asks_from_wherever() {
    let tasks = (0..64_usize).map(|task| {
        tokio::spawn(async move {
            for round in 0..300 {
                of_tenant((task * 31 + round * 17) % TENANTS).await.unwrap();
            }
        })
    });
    for task in futures::future::join_all(tasks).await {
        task.unwrap();
    }
    assert_eq!(registry().service("tenants").unwrap().partitions(), TENANTS);
}

#[comprehensive_retry(
    "crowded",
    max_attempts = 1,
    breaker(consecutive_failures = 1_000_000),
    partition = tenant,
    max_partitions = 16,
    bulkhead(max_concurrent = 2, max_queue = 1_000, max_wait = "5s")
)]
async fn crowded(tenant: u64) -> Result<u64, String> {
    tokio::task::yield_now().await;
    if tenant.is_multiple_of(5) { Err("down".to_owned()) } else { Ok(tenant) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn partitions_that_come_and_go_stay_within_their_number_and_lose_no_permit() {
    const TASKS: u64 = 64;
    const CALLS: u64 = 300;
    let tasks = (0..TASKS).map(|task| {
        tokio::spawn(async move {
            for round in 0..CALLS {
                let tenant = (task * 13 + round * 7) % 500;
                let outcome = crowded(tenant).await;
                assert_eq!(outcome.is_ok(), !tenant.is_multiple_of(5), "{outcome:?}");
                assert!(registry().service("crowded").unwrap().partitions() <= 16);
            }
        })
    });
    for task in futures::future::join_all(tasks).await {
        task.unwrap();
    }
    let service = registry().service("crowded").unwrap();
    assert_eq!((service.stats().started(), service.stats().in_flight()), (TASKS * CALLS, 0));
    assert_eq!(service.bulkhead_in_flight(), Some(0), "of the service itself");
    // Two at once of each, and the others wait: every slot of every partition is free.
    let calls = (0..160).map(|call| crowded(call % 16 * 5 + 1));
    let outcomes = tokio::time::timeout(Duration::from_secs(20), futures::future::join_all(calls)).await;
    assert!(outcomes.unwrap().iter().all(Result::is_ok));
}
