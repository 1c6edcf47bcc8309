//! The server is killed or stands still.

use std::time::{Duration, Instant};

use resilience_runtime::store::{Claim, Completion, Release, Renewal};
use tests::servers::{Persistence, Program, Server};

use crate::rig::{Call, Rig, done};

/// A break of the store's breaker is five seconds long at most; then one operation tries.
const BACK: Duration = Duration::from_millis(5_500);

#[tokio::test]
async fn a_killed_server_is_away_at_once_and_back_when_it_is_started_again() {
    for program in [Program::Redis, Program::Valkey] {
        let mut server = Server::start(program);
        let rig = Rig::new(&server);
        let (running, ended) = (Call::new("running"), Call::new("ended"));
        rig.holds(running).await;
        rig.holds(ended).await;
        assert_eq!(rig.complete(ended, "paid").await, Ok(Completion::Stored));

        server.kill();
        for _ in 0..3 {
            let (name, took) = rig.refusal().await;
            assert!(
                ["connection refused", "connection lost"].contains(&name.as_str()),
                "{program:?}: {name}"
            );
            assert!(took < Duration::from_millis(500), "{took:?}");
        }
        let (name, took) = rig.refusal().await;
        assert_eq!(name, "breaker open", "{program:?}");
        assert!(took < Duration::from_millis(50), "{took:?}");

        server.restart(Persistence::Kept);
        assert!(rig.back().await < BACK);
        let claim = rig.claim(Call::new("running")).await;
        assert!(matches!(claim, Ok(Claim::Running { .. })), "{program:?}: {claim:?}");
        assert_eq!(rig.claim(Call::new("ended")).await, Ok(done("paid")), "{program:?}");
        assert_eq!(rig.renew(running).await, Ok(Renewal::Extended), "{program:?}");
        assert_eq!(rig.complete(running, "paid too").await, Ok(Completion::Stored), "{program:?}");
    }
}

#[tokio::test]
async fn a_server_that_has_forgotten_everything_still_takes_results() {
    let mut server = Server::start(Program::Redis);
    let rig = Rig::new(&server);
    let (first, second, third) = (Call::new("first"), Call::new("second"), Call::new("third"));
    for call in [first, second, third] {
        rig.holds(call).await;
    }
    server.kill();
    server.restart(Persistence::Empty);
    assert!(rig.back().await < BACK);

    // The scripts are forgotten too, and are sent again.
    assert_eq!(rig.renew(first).await, Ok(Renewal::Gone));
    assert_eq!(rig.complete(first, "late").await, Ok(Completion::Kept));
    assert_eq!(rig.claim(Call::new("first")).await, Ok(done("late")));
    let other = Call::new("second");
    rig.holds(other).await;
    assert_eq!(rig.renew(second).await, Ok(Renewal::Lost));
    assert!(matches!(rig.complete(second, "late").await, Ok(Completion::LostTo(_))));
    assert_eq!(rig.release(second).await, Ok(Release::NotHeld));
    assert_eq!(rig.complete(other, "in time").await, Ok(Completion::Stored));
    assert_eq!(rig.release(third).await, Ok(Release::NotHeld));
}

#[tokio::test]
async fn a_server_that_stands_still_costs_a_command_a_quarter_of_a_second() {
    let server = Server::start(Program::Redis);
    let rig = Rig::new(&server);
    let call = Call::new("held");
    rig.holds(call).await;
    server.pause();
    for _ in 0..3 {
        let (name, took) = rig.refusal().await;
        assert_eq!(name, "timeout");
        assert!((Duration::from_millis(240)..Duration::from_millis(600)).contains(&took), "{took:?}");
    }
    assert_eq!(rig.refusal().await.0, "breaker open");
    server.resume();
    assert!(rig.back().await < BACK);
    assert_eq!(rig.renew(call).await, Ok(Renewal::Extended));
}

#[tokio::test]
async fn many_who_ask_a_server_that_stands_still_wait_no_longer_than_one() {
    let server = Server::start(Program::Redis);
    server.pause();
    // Nobody has connected yet: greeting the server is what hangs.
    let rig = Rig::new(&server);
    let began = Instant::now();
    futures::future::join_all((0..100).map(|_| rig.refusal())).await;
    assert!(began.elapsed() < Duration::from_millis(1_750), "{:?}", began.elapsed());
    server.resume();
    assert!(rig.back().await < BACK);
}

#[test]
fn the_runtime_that_made_the_first_call_may_go() {
    let server = Server::start(Program::Redis);
    let rig = Rig::new(&server);
    let call = Call::new("held");
    for round in 0..3 {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            rig.holds(call).await;
            assert_eq!(rig.renew(call).await, Ok(Renewal::Extended), "round {round}");
        });
    }
    assert_eq!(server.ask(&["CLIENT", "LIST", "TYPE", "normal"]).matches("user=resilience").count(), 1);
}
