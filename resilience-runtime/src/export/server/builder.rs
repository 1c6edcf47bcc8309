//! Builds and starts the server (`start_prometheus_server`). In: address, token, source of snapshots. Out: a running server, or a
//! router.

use std::fmt;
use std::io::{self, Write as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use super::actions::Leases;
use super::closing::Closing;
use super::listening::listen;
use super::live::LiveStream;
use super::routes::routes;
use super::rules::Reach;
use super::running::Server;
use super::shared::{Shared, Source};
use super::token::Token;
use crate::monitor::snapshot::DashboardData;
use crate::observe::Monitor;
use crate::registry::{Registry, registry};

/// Serves the dashboard, its API and the page for Prometheus on a port of loopback, until the guard is dropped. Port 0 takes
/// a free one, prints it and returns it: [`Server::address`].
///
/// # Errors
///
/// When the port is taken or not allowed, with what to do.
///
/// ```
/// # fn main() -> std::io::Result<()> {
/// let server = resilience_runtime::start_prometheus_server(0)?;
/// assert!(server.address().ip().is_loopback());
/// # Ok(()) }
/// ```
pub fn start_prometheus_server(port: u16) -> io::Result<Server> {
    ServerBuilder::new().bind((Ipv4Addr::LOCALHOST, port)).start()
}

/// Configures the server.
#[must_use = "a builder does nothing until `start` or `router`"]
pub struct ServerBuilder {
    address: Option<SocketAddr>,
    token: Option<Token>,
    source: Source,
    registry: &'static Registry,
    closing: Closing,
}

impl ServerBuilder {
    /// A server for the registry in force here, on a free port of loopback, with the token of `RESILIENCE_OPERATOR_TOKEN`
    /// if that is set.
    pub fn new() -> Self {
        Self::of(registry())
    }

    /// As [`new`](Self::new), for this registry.
    pub(crate) fn of(registry: &'static Registry) -> Self {
        Self {
            address: None,
            token: Token::of_environment(),
            source: Arc::new(move || Monitor::of(registry).dashboard_data()),
            registry,
            closing: Closing::new(),
        }
    }

    /// The address to listen on. Off loopback, without a token, only `/metrics`, `/health` and `/ready` answer. For a
    /// [`router`](Self::router) it says where the program will listen.
    pub fn bind(mut self, address: impl Into<SocketAddr>) -> Self {
        self.address = Some(address.into());
        self
    }

    /// The token that operator actions need, and off loopback everything but what probes and Prometheus ask for. One that
    /// is empty is none.
    pub fn token(mut self, token: impl AsRef<str>) -> Self {
        self.token = Token::new(token.as_ref());
        self
    }

    /// Takes snapshots from here instead of the registry.
    pub fn source(mut self, source: impl Fn() -> DashboardData + Send + Sync + 'static) -> Self {
        self.source = Arc::new(source);
        self
    }

    /// What begins the shutdown of a [`router`](Self::router); a [`Server`] does so when it is dropped as well.
    pub fn closing(mut self, closing: &Closing) -> Self {
        self.closing = closing.clone();
        self
    }

    /// Runs the server on a thread and in a runtime of its own until the guard is dropped.
    ///
    /// # Errors
    ///
    /// When the address is taken or not allowed, or the system starts no thread.
    pub fn start(self) -> io::Result<Server> {
        let asked = self.address.unwrap_or_else(|| (Ipv4Addr::LOCALHOST, 0).into());
        let listener = listen(asked)?;
        let address = listener.local_addr()?;
        let closing = self.closing.clone();
        let server = Server::start(listener, address, self.bind(address).router(), closing)?;
        if asked.port() == 0 {
            announce(&server);
        }
        Ok(server)
    }

    /// The routes, for a server that the program has anyway. Without [`bind`](Self::bind) nobody knows who reaches them, and
    /// they are as careful as off loopback. Give it a [`Closing`], so that its streams do not hold up a graceful shutdown.
    pub fn router(self) -> axum::Router {
        let reach = match self.address {
            Some(address) if address.ip().is_loopback() => Reach::Loopback,
            _ => Reach::Elsewhere,
        };
        let live = LiveStream::new(Arc::clone(&self.source), self.registry, self.closing.clone());
        let Self { token, source, registry, closing, .. } = self;
        routes(Arc::new(Shared {
            source,
            registry,
            token,
            reach,
            closing,
            live,
            leases: Leases::new(registry),
        }))
    }
}

/// With port 0, the program has to learn the port, also without a subscriber for logs. Not by `println!`, which panics where
/// nobody reads the output any more: whoever asks for a dashboard asks for no end of the program.
fn announce(server: &Server) {
    let _ = writeln!(io::stdout().lock(), "resilience: dashboard and metrics at {}", server.url());
}

impl Default for ServerBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for ServerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerBuilder")
            .field("address", &self.address)
            .field("token", &self.token)
            .finish_non_exhaustive()
    }
}
