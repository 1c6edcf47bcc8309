//! A store for tests: a mood goes in, and the store is away, slow, forgetful or well.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use resilience_runtime::store::{
    Claim, Completion, Fingerprint, IdempotencyStore, MemoryStore, Owner, RecordName, Release, Renewal,
    StoreError, StoreFuture,
};
use tokio::time::sleep;

use crate::script::secs;

/// What the store does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    Well,
    Away,
    /// Takes nothing new, and prolongs what it has.
    Full,
    /// Answers never.
    Hangs,
    /// Answers late, and has done it at once.
    Late(Duration),
}

/// A store in the mood that a test wants.
#[derive(Clone, Debug)]
pub(crate) struct Shaky(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    name: &'static str,
    store: Mutex<MemoryStore>,
    mood: Mutex<Mood>,
    asked: Mutex<Vec<(&'static str, RecordName)>>,
    amiss: Mutex<Vec<String>>,
}

impl Shaky {
    pub(crate) fn new() -> Self {
        Self::named("shaky")
    }

    pub(crate) fn named(name: &'static str) -> Self {
        Self(Arc::new(Inner {
            name,
            store: Mutex::new(MemoryStore::default()),
            mood: Mutex::new(Mood::Well),
            asked: Mutex::default(),
            amiss: Mutex::default(),
        }))
    }

    pub(crate) fn away() -> Self {
        let store = Self::new();
        store.is(Mood::Away);
        store
    }

    pub(crate) fn is(&self, mood: Mood) {
        *self.0.mood.lock().unwrap() = mood;
    }

    /// Restarted without what it had.
    pub(crate) fn forgets(&self) {
        *self.0.store.lock().unwrap() = MemoryStore::default();
    }

    /// What it warns of from now on.
    pub(crate) fn warns(&self, of: &[String]) {
        of.clone_into(&mut self.0.amiss.lock().unwrap());
    }

    pub(crate) fn store(&self) -> MemoryStore {
        self.0.store.lock().unwrap().clone()
    }

    pub(crate) fn asked(&self, what: &str) -> usize {
        self.0.asked.lock().unwrap().iter().filter(|(asked, _)| *asked == what).count()
    }

    /// How many calls have a keeper, each of which has a handle to the store.
    pub(crate) fn keepers(&self) -> usize {
        Arc::strong_count(&self.0) - 1
    }

    /// The record that was asked for last.
    pub(crate) fn record(&self) -> RecordName {
        self.0.asked.lock().unwrap().last().expect("it was asked").1
    }

    async fn answer<T>(
        &self,
        what: &'static str,
        record: RecordName,
        answer: StoreFuture<'_, T>,
    ) -> Result<T, StoreError> {
        self.0.asked.lock().unwrap().push((what, record));
        let mood = *self.0.mood.lock().unwrap();
        match mood {
            Mood::Full if what == "claim" || what == "complete" => Err(StoreError::away("OOM")),
            Mood::Well | Mood::Full => answer.await,
            Mood::Away => Err(StoreError::away("LOADING").not_sent()),
            Mood::Hangs => std::future::pending().await,
            Mood::Late(time) => {
                let answer = answer.await;
                sleep(time).await;
                answer
            }
        }
    }
}

impl IdempotencyStore for Shaky {
    fn name(&self) -> &'static str {
        self.0.name
    }

    fn warnings(&self) -> Vec<String> {
        self.0.amiss.lock().unwrap().clone()
    }

    fn claim(
        &self,
        record: RecordName,
        owner: Owner,
        fingerprint: Fingerprint,
        lease: Duration,
    ) -> StoreFuture<'_, Claim> {
        let store = self.store();
        let claim = async move { store.claim(record, owner, fingerprint, lease).await };
        Box::pin(self.answer("claim", record, Box::pin(claim)))
    }

    fn renew(&self, record: RecordName, owner: Owner, lease: Duration) -> StoreFuture<'_, Renewal> {
        let store = self.store();
        Box::pin(self.answer(
            "renew",
            record,
            Box::pin(async move { store.renew(record, owner, lease).await }),
        ))
    }

    fn complete<'a>(
        &'a self,
        record: RecordName,
        owner: Owner,
        fingerprint: Fingerprint,
        ttl: Duration,
        value: Option<&'a [u8]>,
    ) -> StoreFuture<'a, Completion> {
        let store = self.store();
        let complete = async move { store.complete(record, owner, fingerprint, ttl, value).await };
        Box::pin(self.answer("complete", record, Box::pin(complete)))
    }

    fn release(&self, record: RecordName, owner: Owner) -> StoreFuture<'_, Release> {
        let store = self.store();
        Box::pin(self.answer("release", record, Box::pin(async move { store.release(record, owner).await })))
    }
}

/// Claims a record for somebody else.
pub(crate) async fn steal(store: &Shaky, record: RecordName) {
    let thief = store.store().claim(record, Owner::random(), Fingerprint::NONE, secs(9)).await;
    assert!(matches!(thief, Ok(Claim::Granted(_))), "{thief:?}");
}
