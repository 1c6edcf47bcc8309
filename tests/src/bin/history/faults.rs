//! Stores that do it wrong, each in a way that others have shipped. In: a store that does it right. Out: one whose history
//! the checker has to refuse.

use std::fmt;
use std::str::FromStr;
use std::sync::Mutex;
use std::time::Duration;

use resilience_runtime::store::{
    Claim, Completion, Fingerprint, IdempotencyStore, MemoryStore, Owner, RecordName,
    RedisIdempotencyProvider, Release, Renewal, StoreError, StoreFuture,
};
use tests::servers::Client;

use crate::worker::{LEASE, TTL};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Results are written, and leases prolonged, whoever has the record.
    Token,
    /// A lease lives as long as a result, and a result as long as a lease.
    Lifetimes,
    /// The owner is the process and not the call.
    Process,
}

impl FromStr for Fault {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        Ok(match word {
            "token" => Self::Token,
            "lifetimes" => Self::Lifetimes,
            "process" => Self::Process,
            _ => return Err(format!("`{word}` is no fault")),
        })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Token => "token",
            Self::Lifetimes => "lifetimes",
            Self::Process => "process",
        })
    }
}

/// The store with that fault, or without one.
pub(crate) fn store(url: Option<&str>, fault: Option<Fault>) -> Result<Box<dyn IdempotencyStore>, String> {
    let Some(url) = url else { return Ok(Box::new(MemoryStore::default())) };
    let good = RedisIdempotencyProvider::new(url).map_err(|error| error.to_string())?;
    let Some(fault) = fault else { return Ok(Box::new(good)) };
    Ok(Box::new(Faulty {
        good,
        fault,
        process: Owner::random(),
        client: Mutex::new(None),
        url: url.to_owned(),
    }))
}

#[derive(Debug)]
struct Faulty {
    good: RedisIdempotencyProvider,
    fault: Fault,
    process: Owner,
    client: Mutex<Option<Client>>,
    url: String,
}

impl Faulty {
    fn owner(&self, owner: Owner) -> Owner {
        if self.fault == Fault::Process { self.process } else { owner }
    }

    fn lease(&self, lease: Duration) -> Duration {
        if self.fault == Fault::Lifetimes { TTL } else { lease }
    }

    /// Commands one by one, as a store without scripts sends them.
    fn send(&self, commands: &[&[&str]]) -> Result<(), StoreError> {
        let away = |_| StoreError::away("away");
        let mut kept = self.client.lock().expect("nobody panics");
        let mut client = match kept.take() {
            Some(client) => client,
            None => connect(&self.url).map_err(away)?,
        };
        for command in commands {
            client.ask(command).map_err(away)?;
        }
        *kept = Some(client);
        Ok(())
    }
}

fn connect(url: &str) -> std::io::Result<Client> {
    let parts = url.strip_prefix("redis://").and_then(|rest| rest.strip_suffix("/0")?.split_once('@'));
    let (user, address) = parts.expect("the URL of the round");
    let (name, password) = user.split_once(':').expect("with a user");
    Client::connect(address.parse().expect("an address"), name, password)
}

fn key(record: RecordName) -> String {
    format!("resilience:{{{record}}}")
}

impl IdempotencyStore for Faulty {
    fn name(&self) -> &str {
        self.good.name()
    }

    fn claim(
        &self,
        record: RecordName,
        owner: Owner,
        fingerprint: Fingerprint,
        lease: Duration,
    ) -> StoreFuture<'_, Claim> {
        self.good.claim(record, self.owner(owner), fingerprint, self.lease(lease))
    }

    fn renew(&self, record: RecordName, owner: Owner, lease: Duration) -> StoreFuture<'_, Renewal> {
        if self.fault == Fault::Token {
            let (key, lease) = (key(record), lease.as_millis().to_string());
            return Box::pin(async move {
                self.send(&[&["PEXPIRE", &key, &lease]])?;
                Ok(Renewal::Extended)
            });
        }
        self.good.renew(record, self.owner(owner), self.lease(lease))
    }

    fn complete<'a>(
        &'a self,
        record: RecordName,
        owner: Owner,
        fingerprint: Fingerprint,
        ttl: Duration,
        value: Option<&'a [u8]>,
    ) -> StoreFuture<'a, Completion> {
        if self.fault == Fault::Token {
            let value = String::from_utf8_lossy(value.unwrap_or_default()).into_owned();
            let (key, ttl) = (key(record), ttl.as_millis().to_string());
            return Box::pin(async move {
                let write = ["HSET", &key, "o", "unknown", "s", "done", "f", "", "v", &value];
                self.send(&[&write, &["PEXPIRE", &key, &ttl]])?;
                Ok(Completion::Stored)
            });
        }
        let ttl = if self.fault == Fault::Lifetimes { LEASE } else { ttl };
        self.good.complete(record, self.owner(owner), fingerprint, ttl, value)
    }

    fn release(&self, record: RecordName, owner: Owner) -> StoreFuture<'_, Release> {
        self.good.release(record, self.owner(owner))
    }
}
