//! Serves the connections of the server, and decides how many there may be and how soon a request has to come. In: a listening
//! socket and routes. Out: connections are served until the shutdown begins, and for a short while after it.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::write_timeout::WriteTimeout;
use crate::events::{Event, OfServer, Rare, emit};
use crate::export::server::closing::Closing;
use crate::wakers::shielded;

/// The most connections at once: those of all streams, and as many again for requests.
const CONNECTIONS: usize = 600;

/// How long the head of a request may take, and how long a connection may be idle. A slower client occupies a
/// connection that others want.
const HEAD: Duration = Duration::from_secs(5);

/// How long requests under way may take after the shutdown has begun.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(2);

/// How long to wait when the system has no more file descriptors.
const RETRY_ACCEPT_AFTER: Duration = Duration::from_millis(100);

/// The answer to a connection above the limit. It fits into the buffer of any socket.
const FULL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/// Serves until the shutdown begins.
pub(in crate::export::server) async fn serve(listener: TcpListener, router: Router, closing: Closing) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let mut open = JoinSet::new();
    let mut is_short = false;
    while let Some(accepted) = closing.unless_begun(listener.accept()).await {
        while open.try_join_next().is_some() {}
        match accepted {
            Ok((stream, _)) => {
                is_short = false;
                let Ok(place) = Arc::clone(&places).try_acquire_owned() else {
                    let _ = stream.try_write(FULL);
                    continue;
                };
                let talk = talk(stream, router.clone(), closing.clone());
                open.spawn(async move {
                    talk.await;
                    drop(place);
                });
            }
            Err(error) => {
                if !std::mem::replace(&mut is_short, true) {
                    let short = OfServer::AcceptsNone { error: &error };
                    shielded(|| emit(&Event::Rare(Rare::OfServer(short)), &()));
                }
                tokio::time::sleep(RETRY_ACCEPT_AFTER).await;
            }
        }
    }
    drop(listener);
    let _ = tokio::time::timeout(DRAIN_TIMEOUT, async { while open.join_next().await.is_some() {} }).await;
}

async fn talk(stream: TcpStream, router: Router, closing: Closing) {
    // Events are small, and each is to be seen at once.
    let _ = stream.set_nodelay(true);
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD);
    let connection =
        builder.serve_connection(TokioIo::new(WriteTimeout::new(stream)), TowerToHyperService::new(router));
    let mut connection = pin!(connection);
    // An error of a connection concerns its client, who sees it.
    if closing.unless_begun(connection.as_mut()).await.is_none() {
        connection.as_mut().graceful_shutdown();
        let _ = connection.await;
    }
}
