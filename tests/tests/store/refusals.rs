//! Servers that are there and carry out nothing, each for its own reason.

use std::thread;
use std::time::Duration;

use resilience_runtime::testing::idempotency_store_suite;
use tests::servers::{Program, Server};

use crate::rig::{Call, Rig};

#[tokio::test]
async fn a_server_without_enough_replicas_is_away() {
    let server = Server::start(Program::Redis);
    let rig = Rig::new(&server);
    let call = Call::new("held");
    rig.holds(call).await;
    server.ask(&["CONFIG", "SET", "min-replicas-to-write", "1"]);
    assert_eq!(rig.refusal().await.0, "NOREPLICAS");
    // What only reads is refused as well: it might be out of date.
    let other = rig.claim(Call::new("held")).await.expect_err("away");
    assert_eq!(other.name(), "NOREPLICAS");
}

#[tokio::test]
async fn a_replica_that_has_lost_its_primary_is_away() {
    let server = Server::start(Program::Redis);
    let rig = Rig::new(&server);
    rig.holds(Call::new("held")).await;
    server.ask(&["CONFIG", "SET", "replica-serve-stale-data", "no"]);
    server.ask(&["REPLICAOF", "127.0.0.1", "1"]);
    assert_eq!(rig.refusal().await.0, "MASTERDOWN");
}

#[tokio::test]
async fn a_server_that_is_busy_with_a_script_is_away() {
    let server = Server::start(Program::Redis);
    let rig = Rig::new(&server);
    rig.holds(Call::new("held")).await;
    server.ask(&["CONFIG", "SET", "busy-reply-threshold", "20"]);
    let mut operator = server.operator().expect("a connection");
    let script = thread::spawn(move || operator.ask(&["EVAL", "while true do end", "0"]));
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(rig.refusal().await.0, "BUSY");
    server.ask(&["SCRIPT", "KILL"]);
    assert!(script.join().expect("no panic").is_err());
    rig.holds(Call::new("after")).await;
}

/// Every script has one key, so that a node of a cluster that has it can run it.
#[tokio::test]
async fn a_node_of_a_cluster_keeps_the_contract_once_it_has_the_slots() {
    for program in [Program::Redis, Program::Valkey] {
        let server = Server::start_with(program, "cluster-enabled yes\n");
        assert_eq!(Rig::new(&server).refusal().await.0, "CLUSTERDOWN", "{program:?}");
        server.ask(&["CLUSTER", "ADDSLOTSRANGE", "0", "16383"]);
        while !server.ask(&["CLUSTER", "INFO"]).contains("cluster_state:ok") {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let checked = idempotency_store_suite(async || Rig::new(&server).store, tokio::time::sleep).await;
        assert!(checked.is_ok(), "{program:?}: {}", checked.unwrap_err());
    }
}
