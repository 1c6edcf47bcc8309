//! The memory of the server is full.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use resilience_runtime::store::{Completion, RedisIdempotencyProvider, Release, Renewal};
use resilience_runtime::{Rejection, comprehensive_retry};
use tests::servers::{Program, Server};
use tokio::time::sleep;

use crate::rig::{Call, Rig, done};

#[tokio::test]
async fn a_full_server_refuses_claims_prolongs_leases_and_takes_results_when_there_is_room() {
    for program in [Program::Redis, Program::Valkey] {
        let server = Server::start(program);
        let rig = Rig::new(&server);
        let (running, waiting) = (Call::new("running"), Call::new("waiting"));
        rig.holds(running).await;
        rig.holds(waiting).await;

        server.ask(&["CONFIG", "SET", "maxmemory", "1"]);
        // More than open the breaker of the store, which would keep leases from being prolonged.
        for _ in 0..10 {
            assert_eq!(rig.refusal().await.0, "OOM", "{program:?}");
            assert_eq!(rig.renew(running).await, Ok(Renewal::Extended), "{program:?}");
        }
        for _ in 0..5 {
            assert_eq!(rig.refusal().await.0, "OOM", "{program:?}");
        }
        let full = rig.complete(running, "paid").await.expect_err("no room");
        assert_eq!(full.name(), "OOM", "{program:?}");
        assert_eq!(rig.release(waiting).await, Ok(Release::Freed), "{program:?}");

        server.ask(&["CONFIG", "SET", "maxmemory", "0"]);
        assert_eq!(rig.complete(running, "paid").await, Ok(Completion::Stored), "{program:?}");
        assert_eq!(rig.claim(Call::new("running")).await, Ok(done("paid")), "{program:?}");
        assert!(rig.back().await < Duration::from_millis(500));
    }
}

#[comprehensive_retry(
    "full",
    attempt_timeout = off,
    idempotency(key = key, lease = "1s", store = store.clone())
)]
async fn charge(
    key: &str,
    store: &RedisIdempotencyProvider,
    takes: Duration,
    runs: &AtomicU32,
) -> Result<u32, Rejection> {
    sleep(takes).await;
    Ok(runs.fetch_add(1, Ordering::Relaxed))
}

/// Its offers come 1.75 and 3.75 seconds after the end: a lease of one second has to be prolonged in between.
#[tokio::test]
async fn a_call_whose_result_the_server_has_no_room_for_keeps_its_short_lease_until_there_is() {
    let server = Server::start(Program::Redis);
    let (store, runs) = (Rig::new(&server).store, AtomicU32::new(0));
    let (outcome, ()) = tokio::join!(charge("a", &store, Duration::from_millis(300), &runs), async {
        sleep(Duration::from_millis(150)).await;
        server.ask(&["CONFIG", "SET", "maxmemory", "1"]);
    });
    assert_eq!(outcome, Ok(0));
    sleep(Duration::from_millis(3_200)).await;
    server.ask(&["CONFIG", "SET", "maxmemory", "0"]);
    assert_eq!(charge("a", &store, Duration::ZERO, &runs).await, Ok(0), "it waits for the first result");
    assert_eq!(runs.into_inner(), 1);
}
