//! The server becomes a replica, as in a failover.

use std::time::Duration;

use resilience_runtime::store::{Completion, Renewal};
use tests::servers::{Program, Proxy, Server};

use crate::rig::{Call, Rig, done};

#[tokio::test]
async fn a_demoted_server_answers_nothing_and_is_back_within_five_seconds() {
    let server = Server::start(Program::Redis);
    let rig = Rig::new(&server);
    let (running, ended) = (Call::new("running"), Call::new("ended"));
    rig.holds(running).await;
    rig.holds(ended).await;
    assert_eq!(rig.complete(ended, "paid").await, Ok(Completion::Stored));

    // Of nobody: it keeps its data and says that it is a replica.
    server.ask(&["REPLICAOF", "127.0.0.1", "1"]);
    let demoted = Rig::new(&server);
    let readonly = |error: resilience_runtime::store::StoreError| error.name() == "READONLY";
    // A script that only reads would be carried out, on what may be out of date.
    assert!(rig.claim(Call::new("ended")).await.is_err_and(readonly));
    assert!(rig.renew(Call::new("gone")).await.is_err_and(readonly));
    assert!(rig.complete(ended, "again").await.is_err_and(readonly));
    assert!(demoted.claim(Call::new("running")).await.is_err_and(readonly));
    assert!(demoted.release(Call::new("running")).await.is_err_and(readonly));
    assert!(demoted.claim(Call::new("new")).await.is_err_and(readonly));
    assert_eq!(rig.refusal().await.0, "breaker open");
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    assert_eq!(rig.refusal().await.0, "READONLY");

    server.ask(&["REPLICAOF", "NO", "ONE"]);
    assert!(rig.back().await < Duration::from_secs(5));
    assert_eq!(rig.renew(running).await, Ok(Renewal::Extended));
    assert_eq!(rig.claim(Call::new("ended")).await, Ok(done("paid")));
}

#[tokio::test]
async fn after_readonly_the_address_is_resolved_anew() {
    let (old, new) = (Server::start(Program::Redis), Server::start(Program::Redis));
    let name = Proxy::to(old.address());
    let rig = Rig::at(&old, name.address());
    rig.holds(Call::new("before")).await;
    assert_eq!(name.accepted(), 1);

    old.ask(&["REPLICAOF", "127.0.0.1", "1"]);
    name.lead_to(new.address());
    // The connection that there is still leads to the demoted server.
    rig.holds(Call::new("after")).await;
    assert_eq!(name.accepted(), 2);
    assert_eq!(new.ask(&["DBSIZE"]), "1");
}
