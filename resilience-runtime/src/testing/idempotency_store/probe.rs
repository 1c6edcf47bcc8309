//! One rule's access to the store: a record with a name that nobody else has, and operations on it whose errors end the rule.

use std::fmt::Debug;
use std::time::Duration;

use crate::store::{
    Claim, Completion, Fingerprint, IdempotencyStore, Owner, RecordName, Release, Renewal, Token,
};

/// A lease that does not run out during a test.
pub(super) const LONG: Duration = Duration::from_mins(1);

/// A lease that is waited for. An operation that follows at once must be in time.
pub(super) const SHORT: Duration = Duration::from_millis(400);

/// After this, a short one is over.
pub(super) const OVER: Duration = Duration::from_millis(450);

/// Why a rule is broken.
pub(super) type Checked<T = ()> = Result<T, String>;

/// A record of a store, as one process sees it.
#[derive(Debug)]
pub(super) struct Probe<'store, S> {
    pub(super) store: &'store S,
    pub(super) record: RecordName,
}

impl<S> Clone for Probe<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for Probe<'_, S> {}

/// A name at random, so that the suite can run on a store that is in use.
pub(super) fn some_record() -> RecordName {
    RecordName::new("", "idempotency_store_suite", "", Owner::random().as_bytes())
}

impl<'store, S: IdempotencyStore> Probe<'store, S> {
    pub(super) fn new(store: &'store S) -> Self {
        Self { store, record: some_record() }
    }

    /// The same record, as another process sees it.
    pub(super) fn through(self, store: &'store S) -> Self {
        Self { store, ..self }
    }

    pub(super) async fn claim(self, owner: Owner, lease: Duration) -> Checked<Claim> {
        self.claim_with(owner, Fingerprint::NONE, lease).await
    }

    pub(super) async fn claim_with(
        self,
        owner: Owner,
        fingerprint: Fingerprint,
        lease: Duration,
    ) -> Checked<Claim> {
        let claim = self.store.claim(self.record, owner, fingerprint, lease).await;
        claim.map_err(|error| format!("claim: {error}"))
    }

    /// A claim that has to be granted.
    pub(super) async fn granted(self, owner: Owner, lease: Duration) -> Checked<Token> {
        match self.claim(owner, lease).await? {
            Claim::Granted(token) => Ok(token),
            other => Err(format!("a claim that has to be granted was answered with {other:?}")),
        }
    }

    pub(super) async fn renew(self, owner: Owner, lease: Duration) -> Checked<Renewal> {
        self.store.renew(self.record, owner, lease).await.map_err(|error| format!("renew: {error}"))
    }

    pub(super) async fn complete(self, owner: Owner, ttl: Duration, value: &[u8]) -> Checked<Completion> {
        self.complete_with(owner, Fingerprint::NONE, ttl, Some(value)).await
    }

    pub(super) async fn complete_with(
        self,
        owner: Owner,
        fingerprint: Fingerprint,
        ttl: Duration,
        value: Option<&[u8]>,
    ) -> Checked<Completion> {
        let completion = self.store.complete(self.record, owner, fingerprint, ttl, value).await;
        completion.map_err(|error| format!("complete: {error}"))
    }

    pub(super) async fn release(self, owner: Owner) -> Checked<Release> {
        self.store.release(self.record, owner).await.map_err(|error| format!("release: {error}"))
    }

    /// Somebody else finds it running.
    pub(super) async fn is_running(self, when: &str) -> Checked {
        match self.claim(Owner::random(), LONG).await? {
            Claim::Running { .. } => Ok(()),
            other => {
                Err(format!("{when}: the lease has to be held, and a claim was answered with {other:?}"))
            }
        }
    }

    /// Somebody else finds it done, with this value.
    pub(super) async fn is_done(self, value: Option<&[u8]>, when: &str) -> Checked {
        let expected = Claim::Done { value: value.map(<[u8]>::to_vec) };
        equal(&self.claim(Owner::random(), LONG).await?, &expected, when)
    }

    /// Somebody else may have it.
    pub(super) async fn is_free(self, when: &str) -> Checked {
        match self.claim(Owner::random(), LONG).await? {
            Claim::Granted(_) => Ok(()),
            other => {
                Err(format!("{when}: the record has to be free, and a claim was answered with {other:?}"))
            }
        }
    }
}

pub(super) fn equal<T: PartialEq + Debug>(found: &T, expected: &T, when: &str) -> Checked {
    if found == expected {
        return Ok(());
    }
    Err(format!("{when}: {} instead of {}", shortened(found), shortened(expected)))
}

/// A value of 256 KiB tells nobody anything.
fn shortened(value: &impl Debug) -> String {
    let text = format!("{value:?}");
    if text.len() > 200 {
        format!("{}… ({} bytes)", text.chars().take(80).collect::<String>(), text.len())
    } else {
        text
    }
}
