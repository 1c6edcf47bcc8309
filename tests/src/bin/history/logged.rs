//! A store that writes down what it is asked and what it answers. In: operations, of a worker's tasks or of the library's own
//! calls. Out: the same answers, and a line of the log for each.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use resilience_runtime::store::{
    Claim, Completion, Fingerprint, IdempotencyStore, Owner, RecordName, Release, Renewal, StoreFuture,
};

use crate::clock::{micros, now};
use crate::log::Log;

/// Shared by the calls of a worker, but for the last owner, which belongs to one call.
#[derive(Clone, Debug)]
pub(crate) struct Logged {
    store: Arc<dyn IdempotencyStore>,
    log: Arc<Log>,
    last_owner: Arc<AtomicU64>,
}

impl Logged {
    pub(crate) fn new(store: Arc<dyn IdempotencyStore>, log: Arc<Log>) -> Self {
        Self { store, log, last_owner: Arc::default() }
    }

    /// The same for one call.
    pub(crate) fn of_call(&self) -> Self {
        Self { last_owner: Arc::default(), ..self.clone() }
    }

    /// Who was granted the lease last.
    pub(crate) fn last_owner(&self) -> u64 {
        self.last_owner.load(Ordering::Relaxed)
    }

    /// What the caller of an operation got.
    pub(crate) fn ended(&self, record: RecordName, number: u64, answer: &str) {
        self.log.line(&format!("E {number} {} 0 0 {answer}", key(record)));
    }

    fn answered(&self, what: &str, (record, owner): (RecordName, Owner), sent: u64, answer: &str) {
        self.log.line(&format!("{what} {} {} {sent} {} {answer}", number(owner), key(record), now()));
    }
}

/// The number of a call.
pub(crate) fn number(owner: Owner) -> u64 {
    head(owner.as_bytes())
}

/// The number of a key.
fn key(record: RecordName) -> u64 {
    head(record.as_bytes())
}

fn head(bytes: &[u8]) -> u64 {
    bytes.first_chunk().map_or(0, |head| u64::from_be_bytes(*head))
}

impl IdempotencyStore for Logged {
    fn name(&self) -> &str {
        self.store.name()
    }

    fn claim(
        &self,
        record: RecordName,
        owner: Owner,
        fingerprint: Fingerprint,
        lease: Duration,
    ) -> StoreFuture<'_, Claim> {
        Box::pin(async move {
            let sent = now();
            let claim = self.store.claim(record, owner, fingerprint, lease).await;
            let answer = match &claim {
                Ok(Claim::Granted(token)) => {
                    self.last_owner.store(number(owner), Ordering::Relaxed);
                    format!("granted {}", token.get())
                }
                Ok(Claim::Running { rest }) => format!("running {}", micros(*rest)),
                Ok(Claim::Done { value }) => {
                    format!("done {}", String::from_utf8_lossy(value.as_deref().unwrap_or_default()))
                }
                Ok(Claim::Mismatch) => "mismatch".to_owned(),
                Err(error) => format!("away {}", error.name()),
            };
            self.answered("C", (record, owner), sent, &answer);
            claim
        })
    }

    fn renew(&self, record: RecordName, owner: Owner, lease: Duration) -> StoreFuture<'_, Renewal> {
        Box::pin(async move {
            let sent = now();
            let renewal = self.store.renew(record, owner, lease).await;
            let answer = match renewal {
                Ok(Renewal::Extended) => "extended",
                Ok(Renewal::Gone) => "gone",
                Ok(Renewal::Lost) => "lost",
                Ok(Renewal::Done) => "done",
                Err(_) => "away",
            };
            self.answered("N", (record, owner), sent, answer);
            renewal
        })
    }

    fn complete<'a>(
        &'a self,
        record: RecordName,
        owner: Owner,
        fingerprint: Fingerprint,
        ttl: Duration,
        value: Option<&'a [u8]>,
    ) -> StoreFuture<'a, Completion> {
        Box::pin(async move {
            let sent = now();
            // Before it is sent: who is killed now may have stored it.
            self.answered("S", (record, owner), sent, "sent");
            let completion = self.store.complete(record, owner, fingerprint, ttl, value).await;
            let answer = match completion {
                Ok(Completion::Stored) => "stored",
                Ok(Completion::Kept) => "kept",
                Ok(Completion::Repeated) => "repeated",
                Ok(Completion::LostTo(_)) => "lost",
                Err(_) => "away",
            };
            self.answered("K", (record, owner), sent, answer);
            completion
        })
    }

    fn release(&self, record: RecordName, owner: Owner) -> StoreFuture<'_, Release> {
        Box::pin(async move {
            let sent = now();
            // Before it is sent, as with results.
            self.answered("F", (record, owner), sent, "sent");
            let release = self.store.release(record, owner).await;
            let answer = match release {
                Ok(Release::Freed) => "freed",
                Ok(Release::NotHeld) => "not_held",
                Err(_) => "away",
            };
            self.answered("F", (record, owner), sent, answer);
            release
        })
    }
}
