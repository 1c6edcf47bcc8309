//! Runs the server on a thread of its own, until its guard stops it. In: a socket and routes. Out: a thread that serves them, and
//! the guard that stops it.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::thread::{JoinHandle, current};
use std::time::Duration;

use axum::Router;

use super::closing::Closing;
use super::listening::serve;
use crate::events::{Event, OfServer, Rare, emit};
use crate::late_thread::Unwaited;
use crate::thread;
use crate::wakers::shielded;

/// How long an idle thread for snapshots is kept: scrapes are seconds apart, and an idle thread would only have to be
/// explained.
const IDLE: Duration = Duration::from_millis(500);

/// A server that runs. Dropping it stops it: streams end with the event `closed`, requests under way are answered for at
/// most two seconds, and the port is free again.
#[must_use = "dropping it stops the server"]
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    closing: Closing,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub(super) fn start(
        listener: TcpListener,
        address: SocketAddr,
        router: Router,
        closing: Closing,
    ) -> io::Result<Self> {
        // A runtime of its own: the caller's may end before the program does.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .max_blocking_threads(2)
            .thread_keep_alive(IDLE)
            .thread_name("resilience-snapshot")
            .build()?;
        let listener = {
            let _entered = runtime.enter();
            tokio::net::TcpListener::from_std(listener)
        };
        let is_closing = closing.clone();
        // Does not wait for a snapshot that takes long.
        let (runtime, listener) = (Unwaited::new(runtime), listener?);
        let run = move || runtime.run(serve(listener, router, is_closing));
        let thread = thread::start("resilience-server", Box::new(run))?;
        // A subscriber that panics would otherwise leave a thread without a guard.
        shielded(|| emit(&Event::Rare(Rare::OfServer(OfServer::Started { address: &address })), &()));
        Ok(Self { address, closing, thread: Some(thread) })
    }

    /// The address that it listens on, with the real port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where a browser finds it.
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Stops it, as dropping does.
    pub fn stop(self) {
        drop(self);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.closing.begin();
        if let Some(thread) = self.thread.take()
            && thread.thread().id() != current().id()
        {
            // It ends within two seconds. A panic in it has been reported where it happened.
            let _ = thread.join();
        }
    }
}
