//! The store for programs, on a server that speaks the protocol of Redis. In: a URL. Out: an [`IdempotencyStore`].

use std::fmt::{self, Write as _};
use std::sync::Arc;
use std::time::Duration;

use redis::Value;

use super::address::{Address, RedisUrlError};
use super::advice::Advice;
use super::link::Link;
use super::scripts::{self, Operation};
use crate::store::thread;
use crate::store::{
    Claim, Completion, Fingerprint, IdempotencyStore, Owner, RecordName, Release, Renewal, StoreError,
    StoreFuture,
};

#[doc = include_str!("../../../docs/idempotency_redis.md")]
#[derive(Clone)]
pub struct RedisIdempotencyProvider {
    link: Arc<Link>,
    namespace: Arc<str>,
}

impl RedisIdempotencyProvider {
    /// The store at a URL, `redis://user:password@host:6379/0`, `rediss://…` (feature `redis-rustls`)
    /// or `redis+unix:///path`; or at the one that an environment variable holds, `env:NAME`.
    ///
    /// # Errors
    ///
    /// When it is none, or the variable is not set. The error does not show it.
    pub fn new(url: &str) -> Result<Self, RedisUrlError> {
        Ok(Self { link: Link::new(Address::parse(url)?, Advice::new(NAME)), namespace: "".into() })
    }

    /// Keeps the records of several programs apart that share a server.
    #[must_use]
    pub fn with_namespace(self, namespace: &str) -> Self {
        Self { namespace: namespace.into(), ..self }
    }

    /// What is amiss with the settings of the server, so that it may lose records; nothing before the first connection, or
    /// when the server does not say.
    ///
    /// Each is told once too, as an event.
    pub fn warnings(&self) -> Vec<String> {
        self.link.warnings()
    }

    fn key(&self, record: RecordName) -> String {
        let mut key = String::with_capacity(KEY.len() + self.namespace.len() + 1 + RECORD);
        key.push_str(KEY);
        if !self.namespace.is_empty() {
            key.push_str(&self.namespace);
            key.push(':');
        }
        // Writing to a string does not fail.
        let _ = write!(key, "{{{record}}}");
        key
    }

    fn ask<T: Send + 'static>(
        &self,
        operation: Operation,
        read: fn(Value) -> Option<T>,
    ) -> StoreFuture<'static, T> {
        let link = Arc::clone(&self.link);
        Box::pin(async move {
            let answer = thread::run(link.ask(operation)).await;
            let answer = answer.unwrap_or_else(|| Err(StoreError::away("no thread")))?;
            read(answer).ok_or_else(|| StoreError::away("unknown answer"))
        })
    }
}

const NAME: &str = "redis";

/// How every key begins.
const KEY: &str = "resilience:";

/// The length of the name of a record in braces.
const RECORD: usize = 2 * size_of::<RecordName>() + 2;

impl IdempotencyStore for RedisIdempotencyProvider {
    fn name(&self) -> &str {
        NAME
    }

    fn namespace(&self) -> &str {
        &self.namespace
    }

    fn warnings(&self) -> Vec<String> {
        self.link.warnings()
    }

    fn claim(
        &self,
        record: RecordName,
        owner: Owner,
        fingerprint: Fingerprint,
        lease: Duration,
    ) -> StoreFuture<'_, Claim> {
        self.ask(Operation::claim(&self.key(record), owner, fingerprint, lease), scripts::claimed)
    }

    fn renew(&self, record: RecordName, owner: Owner, lease: Duration) -> StoreFuture<'_, Renewal> {
        self.ask(Operation::renew(&self.key(record), owner, lease), scripts::renewed)
    }

    fn complete<'a>(
        &'a self,
        record: RecordName,
        owner: Owner,
        fingerprint: Fingerprint,
        ttl: Duration,
        value: Option<&'a [u8]>,
    ) -> StoreFuture<'a, Completion> {
        let operation = Operation::complete(&self.key(record), owner, fingerprint, ttl, value);
        self.ask(operation, scripts::completed)
    }

    fn release(&self, record: RecordName, owner: Owner) -> StoreFuture<'_, Release> {
        self.ask(Operation::release(&self.key(record), owner), scripts::released)
    }
}

impl fmt::Debug for RedisIdempotencyProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisIdempotencyProvider")
            .field("address", self.link.address())
            .field("namespace", &self.namespace)
            .finish()
    }
}
