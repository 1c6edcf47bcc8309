//! The conformance suite for stores: the memory store passes, and a store with any one fault does not.

mod wrong;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use resilience_runtime::store::{
    Claim, Completion, Fingerprint, Holder, IdempotencyStore, MemoryStore, Owner, RecordName, Release,
    Renewal, StoreError, StoreFuture, Token,
};
use resilience_runtime::testing::{idempotency_store_suite, isolated};
use tokio::time::Instant;

use self::wrong::{EVERY, Wrong};

/// The time of the other lifetime, when a store confuses both.
const DAY: Duration = Duration::from_hours(24);

#[expect(clippy::option_option, reason = "whether it is done, and whether with a value")]
#[derive(Clone, Debug)]
struct Record {
    owner: Owner,
    fingerprint: Fingerprint,
    until: Instant,
    lease: Duration,
    token: Token,
    done: Option<Option<Vec<u8>>>,
}

/// The contract once more, as simple as it can be, with at most one fault.
#[derive(Clone, Debug)]
struct Simple {
    records: Arc<Mutex<HashMap<RecordName, Record>>>,
    claims: Arc<AtomicU64>,
    wrong: Wrong,
}

impl Simple {
    fn new(wrong: Wrong) -> Self {
        Self { records: Arc::default(), claims: Arc::default(), wrong }
    }

    fn is(&self, wrong: Wrong) -> bool {
        self.wrong == wrong
    }

    fn find(&self, name: RecordName) -> Option<Record> {
        let record = self.records.lock().unwrap().get(&name).cloned();
        record.filter(|record| Instant::now() < record.until)
    }

    fn put(&self, name: RecordName, record: Record) {
        self.records.lock().unwrap().insert(name, record);
    }

    async fn claimed(&self, name: RecordName, owner: Owner, of: Fingerprint, lease: Duration) -> Claim {
        let owner = if self.is(Wrong::OwnedByTheProcess) { Owner::from_bytes([1; 16]) } else { owner };
        let found = self.find(name);
        if self.is(Wrong::ClaimsInTwoSteps) {
            tokio::task::yield_now().await;
        }
        let lives = if self.is(Wrong::LeaseLivesForTheTtl) { DAY } else { lease };
        let Some(mut record) = found else {
            let number = self.claims.fetch_add(1, Ordering::Relaxed);
            let token = Token::new(if self.is(Wrong::TokensFall) { u64::MAX - number } else { number });
            let until = Instant::now() + lives;
            self.put(name, Record { owner, fingerprint: of, until, lease, token, done: None });
            return Claim::Granted(token);
        };
        let own = record.owner == owner;
        let is_looked_at = match self.wrong {
            Wrong::FingerprintIsIgnored => false,
            Wrong::FingerprintIsForOthersOnly => !own,
            Wrong::FingerprintIsForRunningOnesOnly => record.done.is_none(),
            _ => true,
        };
        if is_looked_at && record.fingerprint != of {
            return Claim::Mismatch;
        }
        if let Some(value) = record.done.clone() {
            if self.is(Wrong::ReplayProlongsTheResult) {
                record.until = Instant::now() + DAY;
                self.put(name, record);
            }
            return Claim::Done {
                value: match value {
                    None if self.is(Wrong::NothingIsEmpty) => Some(Vec::new()),
                    Some(bytes) if self.is(Wrong::BytesAreText) => {
                        Some(String::from_utf8_lossy(&bytes).into_owned().into_bytes())
                    }
                    value => value,
                },
            };
        }
        if !own || self.is(Wrong::RepeatedClaimIsRefused) {
            return Claim::Running { rest: record.until - Instant::now() };
        }
        if !self.is(Wrong::RepeatedClaimDoesNotProlong) {
            record.until = Instant::now() + lives;
        }
        if self.is(Wrong::RepeatedClaimHasANewToken) {
            record.token = Token::new(record.token.get() + 1);
        }
        self.put(name, record.clone());
        Claim::Granted(record.token)
    }

    fn renewed(&self, name: RecordName, owner: Owner, lease: Duration) -> Renewal {
        let Some(mut record) = self.find(name) else {
            if self.is(Wrong::RenewalCreates) {
                let (until, token) = (Instant::now() + lease, Token::new(0));
                let fingerprint = Fingerprint::NONE;
                self.put(name, Record { owner, fingerprint, until, lease, token, done: None });
            }
            return Renewal::Gone;
        };
        if record.owner != owner && !self.is(Wrong::AnyOwnerRenews) {
            return Renewal::Lost;
        }
        let is_done = record.done.is_some();
        record.until = Instant::now() + lease;
        if is_done && self.is(Wrong::RenewalProlongsTheResult)
            || !is_done && !self.is(Wrong::RenewalDoesNothing)
        {
            self.put(name, record);
        }
        if is_done { Renewal::Done } else { Renewal::Extended }
    }

    async fn completed(
        &self,
        name: RecordName,
        owner: Owner,
        mut fingerprint: Fingerprint,
        ttl: Duration,
        value: Option<Vec<u8>>,
    ) -> Completion {
        let found = self.find(name);
        if self.is(Wrong::CompletesInTwoSteps) {
            tokio::task::yield_now().await;
        }
        let mut until = Instant::now() + ttl;
        let (answer, lease, token) = match found {
            None if self.is(Wrong::LateResultIsRefused) => return Completion::LostTo(Holder::Running),
            None => {
                if self.is(Wrong::FingerprintOfALateResultIsLost) {
                    fingerprint = Fingerprint::NONE;
                }
                (Completion::Kept, ttl, Token::new(0))
            }
            Some(record) => {
                let own = record.owner == owner || self.is(Wrong::OwnedByTheProcess);
                match record.done {
                    Some(_) if !own => return Completion::LostTo(Holder::Done),
                    None if !own && !self.is(Wrong::AnyOwnerCompletes) => {
                        return Completion::LostTo(Holder::Running);
                    }
                    Some(old) => {
                        match self.wrong {
                            Wrong::RepeatedCompletionIsRefused => return Completion::LostTo(Holder::Done),
                            Wrong::RepeatedCompletionReplaces => {
                                self.put(name, Record { done: Some(value), ..self.find(name).unwrap() });
                            }
                            Wrong::RepeatedCompletionProlongs => {
                                let until = Instant::now() + DAY;
                                self.put(name, Record { until, done: Some(old), ..self.find(name).unwrap() });
                            }
                            _ => {}
                        }
                        return Completion::Repeated;
                    }
                    None => (Completion::Stored, record.lease, record.token),
                }
            }
        };
        if self.is(Wrong::ResultLivesForTheLease) {
            until = Instant::now() + lease;
        }
        self.put(name, Record { owner, fingerprint, until, lease, token, done: Some(value) });
        answer
    }

    fn released(&self, name: RecordName, owner: Owner) -> Release {
        let Some(record) = self.find(name) else { return Release::NotHeld };
        let is_own = record.owner == owner || self.is(Wrong::AnyOwnerReleases);
        let is_running = record.done.is_none() || self.is(Wrong::ReleaseRemovesTheResult);
        if !is_own || !is_running {
            return Release::NotHeld;
        }
        if !self.is(Wrong::ReleaseDoesNothing) {
            let over = Record { until: Instant::now(), ..record };
            self.put(name, over);
        }
        Release::Freed
    }
}

impl IdempotencyStore for Simple {
    fn name(&self) -> &'static str {
        "simple"
    }

    fn claim(
        &self,
        record: RecordName,
        owner: Owner,
        fingerprint: Fingerprint,
        lease: Duration,
    ) -> StoreFuture<'_, Claim> {
        Box::pin(async move {
            if self.is(Wrong::IsAway) {
                return Err(StoreError::away("timeout"));
            }
            Ok(self.claimed(record, owner, fingerprint, lease).await)
        })
    }

    fn renew(&self, record: RecordName, owner: Owner, lease: Duration) -> StoreFuture<'_, Renewal> {
        Box::pin(async move { Ok(self.renewed(record, owner, lease)) })
    }

    fn complete<'a>(
        &'a self,
        record: RecordName,
        owner: Owner,
        fingerprint: Fingerprint,
        ttl: Duration,
        value: Option<&'a [u8]>,
    ) -> StoreFuture<'a, Completion> {
        let value = value.map(<[u8]>::to_vec);
        Box::pin(async move { Ok(self.completed(record, owner, fingerprint, ttl, value).await) })
    }

    fn release(&self, record: RecordName, owner: Owner) -> StoreFuture<'_, Release> {
        Box::pin(async move { Ok(self.released(record, owner)) })
    }
}

#[tokio::test(start_paused = true)]
async fn the_memory_store_and_the_contract_written_once_more_pass() {
    isolated(async {
        let store = MemoryStore::default();
        idempotency_store_suite(async || store.clone(), tokio::time::sleep).await.unwrap();
    })
    .await;
    let store = Simple::new(Wrong::Nothing);
    idempotency_store_suite(async || store.clone(), tokio::time::sleep).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_store_with_any_one_fault_does_not() {
    for wrong in EVERY {
        let store = Simple::new(wrong);
        let open = async || if wrong == Wrong::IsNotShared { Simple::new(wrong) } else { store.clone() };
        let checked = idempotency_store_suite(open, tokio::time::sleep).await;
        assert!(checked.is_err(), "the suite passes a store with {wrong:?}");
    }
}
