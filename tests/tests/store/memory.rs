//! The memory of the server is full.

use std::time::Duration;

use resilience_runtime::store::{Completion, Release, Renewal};
use tests::servers::{Program, Server};

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
