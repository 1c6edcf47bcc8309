//! Decides when the connection to a Redis server is made again: by the next operation after it broke, if `store_breaker` lets one
//! through. Sends operations, and bounds how long an answer may take. In: operations. Out: answers of the scripts, or why there
//! is none, within a second and a quarter.
//!
//! Not the client's own connection manager: a command that meets a server which refuses connections would wait for its
//! attempts to connect, some ten seconds.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, RedisResult, Value};
use resilience_settings::entropy;
use tokio::sync::watch;
use tokio::time::{timeout, timeout_at};

use super::address::Address;
use super::advice::Advice;
use super::away::{self, Away};
use super::scripts::Operation;
use super::store_breaker::{Change, StoreBreaker};
use crate::store::{StoreError, thread};
use crate::sync::lock;

/// To connect, the exchange of user and password included.
const CONNECT: Duration = Duration::from_secs(1);
/// To carry out one command, some hundred times as long as a server in the same data centre takes.
const COMMAND: Duration = Duration::from_millis(250);

#[derive(Debug)]
pub(super) struct Link {
    address: Address,
    breaker: Mutex<StoreBreaker>,
    slot: Mutex<Slot>,
    advice: Advice,
}

/// The connection that all operations share.
#[derive(Debug)]
enum Slot {
    Empty,
    Connecting(watch::Receiver<Option<Result<Connected, Away>>>),
    Up(Connected),
}

#[derive(Clone, Debug)]
struct Connected {
    connection: MultiplexedConnection,
    /// Tells this connection from others.
    identity: Arc<()>,
}

impl Link {
    pub(super) fn new(address: Address, advice: Advice) -> Arc<Self> {
        Arc::new(Self { address, breaker: Mutex::default(), slot: Mutex::new(Slot::Empty), advice })
    }

    pub(super) fn address(&self) -> &Address {
        &self.address
    }

    pub(super) fn warnings(&self) -> Vec<String> {
        self.advice.warnings()
    }

    /// Carries out an operation, on the thread of stores.
    pub(super) async fn ask(self: Arc<Self>, operation: Operation) -> Result<Value, StoreError> {
        let began = Instant::now();
        let Ok(admitted) = lock(&self.breaker).admit(began) else {
            return Err(StoreError::away("breaker open").not_sent());
        };
        let answer = self.attempt(&operation, began + CONNECT + COMMAND).await;
        let is_there = answer.as_ref().map_or_else(|away| away.is_full, |_| true);
        let change = lock(&self.breaker).settle(&admitted, is_there, entropy::unit(), Instant::now());
        if change == Change::Opened {
            // What hangs may be the connection alone, as one that a firewall has forgotten.
            self.disconnect(None);
        }
        answer.map_err(|away| away.error)
    }

    /// Once more if the connection turns out to be of no use: it may have been idle for hours. All operations may be
    /// repeated by their owner.
    ///
    /// Over a connection that is there, the time of a command is the only one that is set: nearly every operation is one
    /// command, and a timer costs as much as anything else that is done for it here.
    async fn attempt(self: &Arc<Self>, operation: &Operation, until: Instant) -> Result<Value, Away> {
        let first = match self.up() {
            Some(connected) => self.ask_over(connected, operation).await,
            None => self.attempt_until(operation, until).await,
        };
        match first {
            Err(away) if away.drops_connection => {
                self.attempt_until(operation, until).await.map_err(Away::sent_before)
            }
            _ => first,
        }
    }

    async fn attempt_until(self: &Arc<Self>, operation: &Operation, until: Instant) -> Result<Value, Away> {
        let attempt = async { self.ask_over(self.connected().await?, operation).await };
        timeout_at(until.into(), attempt).await.unwrap_or_else(|_| Err(Away::new("timeout")))
    }

    async fn ask_over(&self, mut connected: Connected, operation: &Operation) -> Result<Value, Away> {
        let answer = invoke(&mut connected.connection, operation).await;
        if answer.as_ref().is_err_and(|away| away.drops_connection) {
            self.disconnect(Some(&connected));
        }
        answer
    }

    /// The connection, if there is one.
    fn up(&self) -> Option<Connected> {
        match &*lock(&self.slot) {
            Slot::Up(connected) => Some(connected.clone()),
            _ => None,
        }
    }

    /// The connection, made by the first operation that needs it; the others wait for the same.
    async fn connected(self: &Arc<Self>) -> Result<Connected, Away> {
        let mut coming = {
            let mut slot = lock(&self.slot);
            match &*slot {
                Slot::Up(connected) => return Ok(connected.clone()),
                Slot::Connecting(coming) if coming.has_changed().is_ok() => coming.clone(),
                _ => {
                    let (sender, coming) = watch::channel(None);
                    *slot = Slot::Connecting(coming.clone());
                    // On that thread wherever the operation is polled; without it, nobody sends.
                    let _ = thread::start(Arc::clone(self).connect(sender));
                    coming
                }
            }
        };
        let outcome = coming.wait_for(Option::is_some).await;
        outcome
            .ok()
            .and_then(|outcome| outcome.clone())
            .unwrap_or_else(|| Err(Away::not_sent("not connected")))
    }

    async fn connect(self: Arc<Self>, sender: watch::Sender<Option<Result<Connected, Away>>>) {
        let config =
            AsyncConnectionConfig::new().set_connection_timeout(Some(CONNECT)).set_response_timeout(None);
        let connecting = self.address.client().get_multiplexed_async_connection_with_config(&config);
        let outcome = match timeout(CONNECT, connecting).await {
            Ok(Ok(connection)) => Ok(Connected { connection, identity: Arc::new(()) }),
            Ok(Err(error)) => Err(Away::connecting(&error)),
            Err(_) => Err(Away::not_sent("timeout")),
        };
        *lock(&self.slot) = outcome.as_ref().map_or(Slot::Empty, |connected| Slot::Up(connected.clone()));
        let connected = outcome.clone().ok();
        sender.send_replace(Some(outcome));
        if let Some(Connected { connection, .. }) = connected {
            self.advice.ask(connection).await;
        }
    }

    /// Forgets this connection, or whichever there is. Operations on their way on it are not cut off.
    fn disconnect(&self, which: Option<&Connected>) {
        let mut slot = lock(&self.slot);
        let Slot::Up(up) = &*slot else { return };
        if which.is_none_or(|which| Arc::ptr_eq(&which.identity, &up.identity)) {
            *slot = Slot::Empty;
        }
    }
}

/// By its hash; a server that does not know the script is sent it.
async fn invoke(connection: &mut MultiplexedConnection, operation: &Operation) -> Result<Value, Away> {
    let away = |error| Away::asking(&error);
    match command(operation.command.query_async(connection)).await? {
        Err(error) if away::is_unknown_script(&error) => {
            command(operation.script.load_async(connection)).await?.map_err(away)?;
            command(operation.command.query_async(connection)).await?.map_err(away)
        }
        answer => answer.map_err(away),
    }
}

async fn command<T>(command: impl Future<Output = RedisResult<T>>) -> Result<RedisResult<T>, Away> {
    timeout(COMMAND, command).await.map_err(|_| Away::new("timeout"))
}
