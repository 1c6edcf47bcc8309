//! The [`MemoryStore`] of programs, over bytes: for `store = …` in tests, and where results are to be shared by code that knows the
//! trait alone.

use std::sync::Arc;
use std::time::Duration;

use super::entry::{Claimed, SharedValue};
use super::limits::MemoryLimits;
use super::records::Records;
use crate::clock::Clock;
use crate::store::answers::{Claim, Completion, Release, Renewal};
use crate::store::record::{Fingerprint, Owner, RecordName};
use crate::store::traits::{IdempotencyStore, StoreFuture};

/// A store in the memory of this process. Its clones share their records. With feature `testing`, one that is made within an
/// isolated future goes by tokio's clock, as everything there.
///
/// A clause without `store` does not use it: it keeps results as they are, without making bytes of them.
#[derive(Clone, Debug)]
pub struct MemoryStore {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    /// Their values are `Vec<u8>`.
    records: Records<SharedValue>,
    clock: Clock,
}

/// No lifetime is shorter, whatever is asked for.
const SHORTEST: Duration = Duration::from_millis(1);

impl MemoryStore {
    /// A store without records.
    pub fn new(limits: MemoryLimits) -> Self {
        Self { inner: Arc::new(Inner { records: Records::new(limits), clock: Clock::here() }) }
    }

    /// How many results it has removed before their time, for want of room.
    pub fn evicted_early(&self) -> u64 {
        self.inner.records.early()
    }

    /// How many results it keeps, including some whose time is over.
    pub fn results(&self) -> usize {
        self.inner.records.readings().results
    }

    /// How many operations are running, including some whose lease has run out.
    pub fn leases(&self) -> usize {
        self.inner.records.readings().leases
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new(MemoryLimits::default())
    }
}

impl IdempotencyStore for MemoryStore {
    #[expect(clippy::unnecessary_literal_bound, reason = "as the trait has it")]
    fn name(&self) -> &str {
        "memory"
    }

    fn claim(
        &self,
        record: RecordName,
        owner: Owner,
        fingerprint: Fingerprint,
        lease: Duration,
    ) -> StoreFuture<'_, Claim> {
        Box::pin(async move {
            let Inner { records, clock } = &*self.inner;
            let now = clock.now();
            Ok(match records.claim(record, owner, fingerprint, lease.max(SHORTEST), now) {
                Claimed::Granted(token) => Claim::Granted(token),
                // By the time of the answer: where this thread stood still on its way to the lock, the lease may have
                // begun after `now`, and its rest would be longer than any lease.
                Claimed::Running { until } => Claim::Running { rest: until.since(clock.now()) },
                Claimed::Done(value) => {
                    Claim::Done { value: value.and_then(|value| value.downcast_ref::<Vec<u8>>().cloned()) }
                }
                Claimed::Mismatch => Claim::Mismatch,
            })
        })
    }

    fn renew(&self, record: RecordName, owner: Owner, lease: Duration) -> StoreFuture<'_, Renewal> {
        Box::pin(async move {
            let Inner { records, clock } = &*self.inner;
            Ok(records.renew(record, owner, lease.max(SHORTEST), clock.now()))
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
            let Inner { records, clock } = &*self.inner;
            let bytes = value.map_or(0, |value| u32::try_from(value.len()).unwrap_or(u32::MAX));
            let value = (value.map(|value| Arc::new(value.to_vec()) as SharedValue), bytes);
            Ok(records.complete(record, owner, fingerprint, ttl.max(SHORTEST), value, clock.now()))
        })
    }

    fn release(&self, record: RecordName, owner: Owner) -> StoreFuture<'_, Release> {
        Box::pin(async move {
            let Inner { records, clock } = &*self.inner;
            Ok(records.release(record, owner, clock.now()))
        })
    }
}
