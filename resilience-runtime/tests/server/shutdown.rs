//! The end of a server: streams and requests that are under way.

use std::time::{Duration, Instant};

use resilience_runtime::export::server::{Closing, ServerBuilder};
use tower_service::Service;

use crate::client::connect;
use crate::fleet::start;
use crate::stream::Reader;

#[test]
fn streams_are_told_and_end_before_the_port_is_free() {
    let server = start(3);
    let address = server.address();
    let mut readers: Vec<_> = (0..5).map(|_| Reader::new(address, None)).collect();
    for reader in &mut readers {
        assert_eq!(reader.snapshot().expect("an event").kind, "snapshot");
    }
    let idle = connect(address);
    let started = Instant::now();
    server.stop();
    assert!(started.elapsed() < Duration::from_secs(4), "{:?}", started.elapsed());
    for reader in &mut readers {
        let mut last = String::new();
        while let Some(event) = reader.snapshot() {
            last = event.kind;
        }
        assert_eq!(last, "closed");
    }
    drop(idle);
    drop(ServerBuilder::new().bind(address).start().expect("the port is free"));
}

#[tokio::test]
async fn an_embedded_router_is_not_ready_once_the_shutdown_has_begun() {
    let closing = Closing::new();
    let mut router = ServerBuilder::new().closing(&closing).router();
    let mut status = async |path: &str| {
        let request = http::Request::get(path).body(axum::body::Body::empty()).expect("a request");
        router.call(request).await.expect("never fails").status().as_u16()
    };
    assert_eq!(status("/ready").await, 200);
    closing.begin();
    assert_eq!(status("/ready").await, 503);
    assert_eq!(status("/health").await, 200);
}

#[tokio::test]
async fn a_router_that_nobody_says_the_address_of_is_as_careful_as_off_loopback() {
    let mut open = ServerBuilder::new().bind(([127, 0, 0, 1], 80)).router();
    let mut unknown = ServerBuilder::new().router();
    let ask = || {
        let request = http::Request::get("/api/session").header("host", "localhost");
        request.body(axum::body::Body::empty()).expect("a request")
    };
    assert_eq!(open.call(ask()).await.expect("never fails").status(), 200);
    assert_eq!(unknown.call(ask()).await.expect("never fails").status(), 403);
}
