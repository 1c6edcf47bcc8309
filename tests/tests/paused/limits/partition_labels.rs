//! Partitions by their labels: what operators see of them, and do to one of them.

use std::sync::atomic::{AtomicU32, Ordering};

use resilience_runtime::monitor::snapshot::{PartitionSnapshot, ServiceSnapshot};
use resilience_runtime::{RejectionKind, Resilient, comprehensive_retry, monitor, testing};

use crate::script::{Answer, Fail, Fault, Script, configure, rejected, secs, service};

const SECRET: &str = "hunter2";

static ASKED: AtomicU32 = AtomicU32::new(0);

fn label(tenant: &str) -> String {
    ASKED.fetch_add(1, Ordering::Relaxed);
    format!("tenant {}", &tenant[..1])
}

#[comprehensive_retry(
    "svc",
    partition = tenant.to_owned(),
    partition_label = label(tenant),
    max_attempts = 1
)]
async fn labelled(tenant: &str, script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[comprehensive_retry("svc", partition = tenant, partition_label = "the same", max_attempts = 1)]
async fn alike(tenant: u32, script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[comprehensive_retry("svc", partition = tenant, max_attempts = 1)]
async fn numbered(tenant: u32, script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[comprehensive_retry("svc", partition = tenant, partition_label = text, max_attempts = 1)]
async fn told(tenant: u32, text: &str) -> Result<u32, Fault> {
    Ok(tenant)
}

fn snapshot() -> ServiceSnapshot {
    monitor().service("svc").expect("it is named")
}

fn shown() -> Vec<PartitionSnapshot> {
    let mut shown = snapshot().partitions.shown;
    shown.sort_by(|a, b| a.label.cmp(&b.label));
    shown
}

fn labels() -> Vec<String> {
    shown().into_iter().map(|partition| partition.label).collect()
}

#[tokio::test(start_paused = true)]
async fn a_label_is_asked_once_for_each_partition_and_shown_in_place_of_its_number() {
    testing::isolated(async {
        configure("max_partitions = 2\nbreaker.consecutive_failures = 2\nbulkhead.max_concurrent = 3");
        let (ok, down) = (Script::new([Answer(1)]), Script::new([Fail(Fault::Down)]));
        let before = ASKED.load(Ordering::Relaxed);
        let (a, b) = (format!("a {SECRET}"), format!("b {SECRET}"));
        for _ in 0..5 {
            assert_eq!(labelled(&a, &ok).await, Ok(1));
            let _ = labelled(&b, &down).await;
        }
        assert_eq!(ASKED.load(Ordering::Relaxed) - before, 2, "once for each that is new");
        let all = shown();
        assert_eq!(labels(), ["tenant a", "tenant b"]);
        assert_eq!((all[0].breaker, all[1].breaker), ("closed", "open"));
        assert_eq!((all[0].results, all[0].failures, all[1].retry_after_us.is_some()), (5, 0, true));
        assert_eq!(all[0].bulkhead.as_ref().map(|permits| (permits.in_flight, permits.limit)), Some((0, 3)));
        assert!(all[0].budget.as_ref().is_some_and(|budget| budget.tokens > 0.0 && budget.capacity > 0.0));
        // One takes the place of another, and its label comes with it.
        assert_eq!(labelled(&format!("c {SECRET}"), &ok).await, Ok(1));
        assert_eq!(labels(), ["tenant b", "tenant c"]);
        assert_eq!(ASKED.load(Ordering::Relaxed) - before, 3);
        let everything = format!("{:?} {:?}", monitor().dashboard_data(), service().list_partitions(20));
        assert!(!everything.contains(SECRET), "{everything}");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_handle_labels_its_partitions_as_an_attribute_does() {
    testing::isolated(async {
        configure("max_partitions = 2");
        let handle = Resilient::service("svc").build();
        let asked = AtomicU32::new(0);
        let of = |tenant: &'static str| {
            let label = || {
                asked.fetch_add(1, Ordering::Relaxed);
                format!("tenant {}", &tenant[..1])
            };
            let body = || async { Ok::<_, Fault>(1) };
            handle.call(body).partition(tenant.to_owned()).partition_label(label).deadline(secs(1))
        };
        assert!(!format!("{:?}", of("a hunter2")).contains(SECRET));
        for _ in 0..3 {
            for tenant in ["a hunter2", "b hunter2"] {
                assert_eq!(of(tenant).await, Ok(1));
            }
        }
        assert_eq!(
            (labels(), asked.load(Ordering::Relaxed)),
            (vec!["tenant a".into(), "tenant b".into()], 2)
        );
        assert!(service().force_open_partition("tenant a"));
        assert_eq!(rejected(&of("a hunter2").await), Some(RejectionKind::CircuitOpen));
        assert_eq!(of("b hunter2").await, Ok(1));
        // The same partition by an attribute, which has it already.
        assert_eq!(labelled("b hunter2", &Script::new([Answer(1)])).await, Ok(1));
        assert_eq!(labels(), ["tenant a", "tenant b"]);
        let everything = format!("{:?}", monitor().dashboard_data());
        assert!(!everything.contains(SECRET), "{everything}");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_operator_isolates_one_partition_and_the_others_go_on() {
    testing::isolated(async {
        configure("breaker.consecutive_failures = 2");
        let ok = Script::new([Answer(1)]);
        for tenant in ["a", "b"] {
            assert_eq!(labelled(tenant, &ok).await, Ok(1));
        }
        assert!(!service().force_open_partition("tenant z") && !service().force_open_partition("a"));
        assert!(service().force_open_partition("tenant a"));
        assert_eq!(rejected(&labelled("a", &ok).await), Some(RejectionKind::CircuitOpen));
        assert_eq!(labelled("b", &ok).await, Ok(1));
        let svc = snapshot();
        assert_eq!((svc.breaker.state, svc.partitions.by_state.get("forced_open")), ("closed", 1));
        assert!(service().force_open_partition("tenant b") && service().reset_partition("tenant a"));
        assert_eq!(snapshot().breaker.state, "closed", "whichever of them is the first");
        assert!(service().force_open_partition("tenant a") && service().reset_partition("tenant b"));
        assert!(svc.health.score < 100, "half of its tenants are rejected: {:?}", svc.health);
        assert!(
            monitor()
                .events()
                .iter()
                .any(|event| (event.kind, event.to) == ("partition_breaker", Some("forced_open")))
        );
        assert!(service().reset_partition("tenant a"));
        assert_eq!(labelled("a", &ok).await, Ok(1));
        assert!(service().force_closed_partition("tenant b"));
        let down = Script::new([Fail(Fault::Down)]);
        for _ in 0..5 {
            assert_eq!(labelled("b", &down).await, Err(Fault::Down));
        }
        service().reset_breaker();
        assert_eq!(snapshot().partitions.by_state.get("closed"), 2);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn without_a_label_the_number_is_one_and_a_label_of_several_is_of_all_of_them() {
    testing::isolated(async {
        configure("breaker.consecutive_failures = 2");
        let ok = Script::new([Answer(1)]);
        for tenant in 0..3 {
            assert_eq!(numbered(tenant, &ok).await, Ok(1));
        }
        assert_eq!(labels(), ["#0", "#1", "#2"]);
        assert!(service().force_open_partition("#1") && !service().force_open_partition("#7"));
        assert!(rejected(&numbered(1, &ok).await).is_some());
        assert_eq!((numbered(0, &ok).await, numbered(2, &ok).await), (Ok(1), Ok(1)));
        for tenant in 10..12 {
            assert_eq!(alike(tenant, &ok).await, Ok(1));
        }
        assert!(service().force_open_partition("the same"));
        assert_eq!(snapshot().partitions.by_state.get("forced_open"), 3);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_label_is_bounded_and_an_empty_one_is_none() {
    testing::isolated(async {
        configure("");
        let long = format!("{}é and more", "x".repeat(63));
        assert_eq!(told(0, &long).await, Ok(0));
        assert_eq!(told(1, "").await, Ok(1));
        assert_eq!(labels(), ["#1".to_owned(), "x".repeat(63)]);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn at_most_twenty_are_shown_and_all_are_counted() {
    testing::isolated(async {
        configure("");
        let ok = Script::new([Answer(1)]);
        for tenant in 0..50 {
            assert_eq!(numbered(tenant, &ok).await, Ok(1));
        }
        let partitions = snapshot().partitions;
        assert_eq!((partitions.total, partitions.shown.len()), (50, 20));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_service_whose_tenants_are_all_rejected_does_not_look_well() {
    testing::isolated(async {
        configure("breaker.consecutive_failures = 2");
        let down = Script::new([Fail(Fault::Down)]);
        for tenant in 0..3 {
            for _ in 0..3 {
                let _ = numbered(tenant, &down).await;
            }
        }
        let svc = snapshot();
        assert_eq!((svc.partitions.total, svc.partitions.by_state.get("open")), (3, 3));
        assert_eq!((svc.health.score, svc.breaker.state), (20, "open"), "{:?}", svc.health);
        for number in ["#0", "#1", "#2"] {
            assert!(service().force_open_partition(number));
        }
        assert_eq!(snapshot().breaker.state, "forced_open");
        assert!(service().reset_partition("#1"));
        assert_eq!(snapshot().breaker.state, "closed");
        service().force_open();
        assert_eq!(snapshot().breaker.state, "forced_open");
    })
    .await;
}
