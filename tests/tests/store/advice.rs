//! A server whose settings may lose records.

use std::fmt::{Debug, Write as _};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use resilience_runtime::store::IdempotencyStore as _;
use tests::servers::{Program, Server};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::rig::{Call, Rig};

/// What was said about stores, by all tests of this program.
static SAID: Mutex<Vec<String>> = Mutex::new(Vec::new());

struct Listener;

struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, _: &Field, value: &dyn Debug) {
        let _ = write!(self.0, "{value:?} ");
    }
}

impl Subscriber for Listener {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("resilience")
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn event(&self, event: &Event<'_>) {
        let mut text = Text(String::new());
        event.record(&mut text);
        SAID.lock().unwrap_or_else(PoisonError::into_inner).push(text.0);
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

fn said(what: &str) -> usize {
    SAID.lock().unwrap_or_else(PoisonError::into_inner).iter().filter(|text| text.contains(what)).count()
}

/// The check is made beside the first operation, and nobody waits for it.
async fn warnings(rig: &Rig, count: usize) -> Vec<String> {
    let began = Instant::now();
    while rig.store.warnings().len() != count && began.elapsed() < Duration::from_secs(10) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    rig.store.warnings()
}

#[tokio::test]
async fn a_server_that_may_lose_records_is_warned_of_once() {
    tracing::subscriber::set_global_default(Listener).expect("the only one");
    let server = Server::start(Program::Redis);
    let good = Rig::new(&server);
    good.holds(Call::new("good")).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(good.store.warnings(), [""; 0]);
    assert_eq!((said("maxmemory-policy"), said("appendonly")), (0, 0));

    server.ask(&["CONFIG", "SET", "maxmemory-policy", "allkeys-lru"]);
    server.ask(&["CONFIG", "SET", "appendonly", "no"]);
    let rig = Rig::new(&server);
    assert_eq!(rig.store.name(), "redis");
    for connection in 0..3 {
        rig.claim(Call::new("one")).await.expect("an answer");
        let warnings = warnings(&rig, 2).await;
        assert!(warnings[0].contains("`noeviction`") && warnings[1].contains("`appendonly`"), "{warnings:?}");
        // The next operation makes a new connection, which is asked again.
        server.ask(&["CLIENT", "KILL", "USER", "resilience"]);
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!((said("maxmemory-policy"), said("appendonly")), (1, 1), "connection {connection}");
    }
    server.ask(&["CONFIG", "SET", "appendonly", "yes"]);
    rig.claim(Call::new("one")).await.expect("an answer");
    assert_eq!(warnings(&rig, 1).await.len(), 1);
}
