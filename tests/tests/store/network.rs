//! The network between the store and the server breaks, is slow, or swallows everything.

use std::time::Duration;

use resilience_runtime::store::{Completion, Renewal};
use tests::servers::{Program, Proxy, Server};

use crate::rig::{Call, Rig, done};

#[tokio::test]
async fn a_connection_that_was_cut_is_made_anew_without_a_failure() {
    let server = Server::start(Program::Redis);
    let network = Proxy::to(server.address());
    let rig = Rig::at(&server, network.address());
    let call = Call::new("held");
    rig.holds(call).await;
    for cut in 1..6 {
        network.cut();
        assert_eq!(rig.renew(call).await, Ok(Renewal::Extended), "cut {cut}");
        assert_eq!(network.accepted(), cut + 1);
    }
}

#[tokio::test]
async fn a_slow_network_is_no_failure_and_a_very_slow_one_is_a_timeout() {
    let server = Server::start(Program::Redis);
    let network = Proxy::to(server.address());
    let rig = Rig::at(&server, network.address());
    let call = Call::new("held");
    network.delay(Duration::from_millis(40));
    rig.holds(call).await;
    assert_eq!(rig.renew(call).await, Ok(Renewal::Extended));

    network.delay(Duration::from_millis(400));
    let (name, took) = rig.refusal().await;
    assert_eq!(name, "timeout");
    assert!(took < Duration::from_millis(600), "{took:?}");

    network.delay(Duration::ZERO);
    assert!(rig.back().await < Duration::from_secs(3));
    // What was sent has arrived after all, and may be repeated.
    assert_eq!(rig.complete(call, "paid").await, Ok(Completion::Stored));
    assert_eq!(rig.complete(call, "paid").await, Ok(Completion::Repeated));
    assert_eq!(rig.claim(Call::new("held")).await, Ok(done("paid")));
}

#[tokio::test]
async fn a_connection_that_swallows_everything_is_given_up() {
    let server = Server::start(Program::Redis);
    let network = Proxy::to(server.address());
    let rig = Rig::at(&server, network.address());
    rig.holds(Call::new("held")).await;
    network.swallow(true);
    for _ in 0..3 {
        assert_eq!(rig.refusal().await.0, "timeout");
    }
    network.swallow(false);
    // The answers that were swallowed never come: only a new connection gets on.
    assert!(rig.back().await < Duration::from_millis(1_500));
    assert_eq!(network.accepted(), 2);
}
