//! Two stores and the memory of the process: a service is marked for what becomes of its own, and for that of no other.

use resilience_runtime::{RejectionKind, comprehensive_retry, monitor, testing};

use super::idempotency_store::{Mood, Shaky};
use crate::script::{Answer, Fault, Script, rejected};

#[comprehensive_retry("on_one", max_attempts = 1, idempotency(key = key, store = store.clone()))]
async fn on_one(key: &str, store: &Shaky, script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[comprehensive_retry("on_other", max_attempts = 1, idempotency(key = key, store = store.clone()))]
async fn on_other(key: &str, store: &Shaky, script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[comprehensive_retry("in_memory", max_attempts = 1, idempotency(key = key))]
async fn in_memory(key: &str, script: &Script) -> Result<u32, Fault> {
    script.step().await
}

#[comprehensive_retry("on_both", max_attempts = 1, idempotency(key = key, store = store.clone()))]
async fn on_both(key: &str, store: &Shaky, script: &Script) -> Result<u32, Fault> {
    script.step().await
}

const SERVICES: [&str; 4] = ["on_one", "on_other", "in_memory", "on_both"];

/// Which services have that reason, by the question about each and by the snapshot of all.
fn marked_for(reason: &str) -> Vec<&'static str> {
    let is_marked = |name: &&str| {
        let health = monitor().health(name).expect("known");
        let data = monitor().dashboard_data();
        let shown = data.services.iter().find(|service| service.name == **name).expect("shown");
        assert_eq!(shown.health, health, "{name}");
        health.reasons.iter().any(|one| one.contains(reason))
    };
    SERVICES.into_iter().filter(is_marked).collect()
}

#[tokio::test(start_paused = true)]
async fn a_service_is_marked_for_its_own_store_and_for_no_other() {
    testing::isolated(async {
        let (one, other) = (Shaky::named("one"), Shaky::named("other"));
        let script = Script::new([Answer(1)]);
        let calls = async |key: &str| {
            [
                on_one(key, &one, &script).await,
                on_other(key, &other, &script).await,
                in_memory(key, &script).await,
                on_both(key, &one, &script).await,
                on_both(&format!("{key} too"), &other, &script).await,
            ]
        };
        assert!(calls("well").await.iter().all(Result::is_ok));
        assert_eq!(marked_for("store"), [""; 0]);

        one.is(Mood::Away);
        let outcomes = calls("away").await;
        let away = Some(RejectionKind::IdempotencyStoreUnavailable);
        assert_eq!(outcomes.each_ref().map(rejected), [away, None, None, away, None]);
        assert_eq!(marked_for("store of idempotency keys away"), ["on_one", "on_both"]);
        let stores: Vec<_> =
            monitor().dashboard_data().process.stores.iter().map(|store| (store.store, store.up)).collect();
        assert_eq!(stores, [("one", false), ("other", true)]);

        one.is(Mood::Well);
        other.warns(&["no log".to_owned()]);
        assert!(calls("back").await.iter().all(Result::is_ok));
        assert_eq!(marked_for("away"), [""; 0]);
        assert_eq!(marked_for("may lose records"), ["on_other", "on_both"]);
    })
    .await;
}
