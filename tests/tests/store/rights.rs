//! The user of the store, and what its owner is told.

use resilience_runtime::store::{Claim, RedisIdempotencyProvider};
use tests::servers::{Program, Server};

use crate::rig::{Call, Rig};

/// Every right that the guide gives is one that an operation needs; `info` is for the check of the server.
#[tokio::test]
async fn each_right_of_the_guide_is_needed_and_its_lack_is_named() {
    let server = Server::start(Program::Redis);
    for right in ["evalsha", "script|load", "time", "hmget", "hset", "hdel", "pexpire", "pttl", "del"] {
        server.ask(&["SCRIPT", "FLUSH"]);
        server.ask(&["FLUSHALL"]);
        server.ask(&["ACL", "SETUSER", "resilience", &format!("-{right}")]);
        let mut names = Vec::new();
        // Each with a breaker of its own.
        let (first, second) = (Call::new("one"), Call::new("one"));
        for claim in [first, second] {
            names.extend(Rig::new(&server).claim(claim).await.err());
        }
        names.extend(Rig::new(&server).renew(Call::new("none")).await.err());
        names.extend(Rig::new(&server).release(first).await.err());
        assert!(!names.is_empty(), "{right} is not needed");
        assert!(names.iter().all(|error| error.name() == "NOPERM"), "{right}: {names:?}");
        server.ask(&["ACL", "SETUSER", "resilience", &format!("+{right}")]);
    }
}

/// A claim that may write and may not say for how long leaves a record without an end.
#[tokio::test]
async fn a_record_without_an_end_gets_one_from_the_next_claim() {
    let server = Server::start(Program::Redis);
    server.ask(&["ACL", "SETUSER", "resilience", "-pexpire"]);
    let rig = Rig::new(&server);
    assert!(rig.claim(Call::new("one")).await.is_err());
    server.ask(&["ACL", "SETUSER", "resilience", "+pexpire"]);
    assert!(matches!(rig.claim(Call::new("one")).await, Ok(Claim::Running { .. })));
    let key = server.ask(&["KEYS", "*"]);
    assert_ne!(server.ask(&["PTTL", &key]), "-1");
}

#[tokio::test]
async fn a_wrong_password_is_named_and_not_shown() {
    let server = Server::start(Program::Redis);
    let url = server.url(server.address()).replace("a-password", "another");
    let store = RedisIdempotencyProvider::new(&url).expect("a URL");
    let rig = Rig { store };
    let (name, _) = rig.refusal().await;
    assert_eq!(name, "authentication failed");
    let shown = format!("{:?} {:#?} {name}", rig.store, rig.store);
    assert!(!shown.contains("another"), "{shown}");
    assert!(shown.contains(&server.address().to_string()), "{shown}");
}
