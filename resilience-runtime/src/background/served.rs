//! Starts and stops the server that the configuration file asks for. In: what the file says, told again whenever it may have
//! changed. Out: the server of that, which is what runs then.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use crate::events::{Event, OfServer, Rare, emit};
use crate::export::server::{Server, ServerBuilder};
use crate::registry::Registry;
use crate::wakers::shielded;

/// How soon an address is tried again where the server could not listen: the process before this one may be about to end.
const AGAIN: Duration = Duration::from_secs(5);

/// The server that the file asks for, if it does and if it can be had.
#[derive(Debug, Default)]
pub(super) struct Served {
    running: Option<(SocketAddr, Server)>,
    /// Where it could not listen, which has been told.
    refused: Option<SocketAddr>,
}

impl Served {
    /// Brings what runs to what is asked for. How long until that is to be tried again, if it could not be done.
    pub(super) fn follow(&mut self, registry: &'static Registry) -> Option<Duration> {
        let asked = registry.server_address();
        let running = self.running.as_ref().map(|(address, _)| *address);
        if asked == running {
            self.refused = None;
            return None;
        }
        let Some(asked) = asked else {
            *self = Self::default();
            return None;
        };
        match self.replace(registry, running, asked) {
            Ok(server) => {
                // The new one answers already when the old one ends.
                self.running = Some((asked, server));
                self.refused = None;
                None
            }
            Err(error) => {
                if self.refused.replace(asked) != Some(asked) {
                    let refused = OfServer::NotStarted { address: &asked, error: &error };
                    shielded(|| emit(&Event::Rare(Rare::OfServer(refused)), &()));
                }
                Some(AGAIN)
            }
        }
    }

    /// One that listens there. On the same port of another address the old one may be what is in the way: it makes room,
    /// and comes back if that was not it.
    fn replace(
        &mut self,
        registry: &'static Registry,
        running: Option<SocketAddr>,
        asked: SocketAddr,
    ) -> io::Result<Server> {
        let started = start(registry, asked);
        let is_new = self.refused != Some(asked);
        match running {
            Some(old) if started.is_err() && old.port() == asked.port() && is_new => {
                self.running = None;
                let started = start(registry, asked);
                if started.is_err() {
                    self.running = start(registry, old).ok().map(|server| (old, server));
                }
                started
            }
            _ => started,
        }
    }
}

fn start(registry: &'static Registry, address: SocketAddr) -> io::Result<Server> {
    ServerBuilder::of(registry).bind(address).start()
}
