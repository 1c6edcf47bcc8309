//! Renews the lease of a key in a store while its call lives: the task that claims, renews, stores and releases. In: orders of the
//! call. Out: operations of the store, and what is counted of them. When a renewal is due, `idempotency/lease` decides.
//!
//! It ends once it has had its last order, which every call gives, and never waits for a renewal: a store that hangs in one would
//! keep the call waiting as well.

use std::future::{pending, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::channel::{Answer, KeeperSide, Order};
use super::contained::Contained;
use crate::counting::shard::Slot;
use crate::events::{CallStep, Event, Rare, emit};
use crate::idempotency::{Lease, STORING_FOR};
use crate::monitor::IdempotencyResult;
use crate::registry::{Service, Shared, StoreState};
use crate::store::{
    Claim, Completion, Fingerprint, IdempotencyStore, Owner, RecordName, Release, Renewal, StoreError,
    StoreFuture,
};
use crate::wakers::shielded;

/// The longest that one operation may take, for stores that do not end by themselves.
pub(super) const OPERATION_LIMIT: Duration = Duration::from_secs(5);

/// What a store may take for one command. An operation that a call has less time for says nothing about the store.
pub(super) const COMMAND_LIMIT: Duration = Duration::from_millis(250);

/// The pauses between offers of a result: the first, and the longest.
const OFFERED_AGAIN: [Duration; 2] = [Duration::from_millis(250), Duration::from_secs(5)];

/// When a key is given up again that may still be held. The second is after all that a store does for one claim, which may have
/// overtaken the first.
const RELEASED_AGAIN: [Duration; 2] = [Duration::from_millis(250), Duration::from_secs(2)];

/// Everything that a keeper needs to know.
#[derive(Debug)]
pub(super) struct Keeper {
    pub(super) store: Arc<dyn IdempotencyStore>,
    pub(super) shared: &'static Shared,
    pub(super) state: &'static StoreState,
    pub(super) service: &'static Service,
    pub(super) function: &'static str,
    pub(super) is_counted: bool,
    pub(super) record: RecordName,
    pub(super) owner: Owner,
    pub(super) fingerprint: Fingerprint,
    pub(super) lease: Lease,
    pub(super) ttl: Duration,
    /// The deadline of the call: the lease is not renewed after it.
    pub(super) until: Option<Instant>,
}

/// What is known of the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Known {
    /// It is not this call's.
    NotHeld,
    /// A claim was not answered.
    Perhaps,
    /// It was claimed or renewed then.
    Held(Instant),
}

/// Why there is no answer.
enum Unanswered {
    Away(StoreError),
    /// It had less time than a store may take.
    Hurried,
}

impl Keeper {
    /// Follows orders until the last.
    pub(super) async fn run(self, side: KeeperSide) {
        let mut known = Known::NotHeld;
        loop {
            let next = poll_fn(|cx| side.poll(cx.waker()));
            match self.renewing(&mut known, self.until, next).await {
                Order::Claim(limit) => side.answer(self.claim(limit, &mut known).await),
                Order::Complete(value) => return self.store(&side, known, value).await,
                Order::Release => return self.release(known).await,
                Order::RunOut => return,
            }
        }
    }

    async fn claim(&self, limit: Duration, known: &mut Known) -> Answer {
        let asked = Instant::now();
        let claim = || self.store.claim(self.record, self.owner, self.fingerprint, self.lease.length());
        let claim = self.asked(limit, claim).await;
        *known = match &claim {
            Ok(Claim::Granted(_)) => Known::Held(asked),
            Ok(_) => Known::NotHeld,
            Err(Unanswered::Away(error)) if error.is_not_sent() => *known,
            Err(_) => Known::Perhaps,
        };
        match claim {
            Ok(claim) => Answer::Claimed(Ok(claim)),
            Err(Unanswered::Away(error)) => Answer::Claimed(Err(error)),
            Err(Unanswered::Hurried) => Answer::Hurried,
        }
    }

    /// Does something, and renews the lease meanwhile whenever that is due.
    async fn renewing<T>(
        &self,
        known: &mut Known,
        until: Option<Instant>,
        work: impl Future<Output = T>,
    ) -> T {
        let mut work = pin!(work);
        let mut renewals = pin!(async {
            while let Some(due) = self.renewal_due(*known, until) {
                sleep_until(due).await;
                self.renew(known).await;
            }
            pending::<()>().await;
        });
        poll_fn(|cx| {
            let done = work.as_mut().poll(cx);
            if done.is_pending() {
                let _ = renewals.as_mut().poll(cx);
            }
            done
        })
        .await
    }

    fn renewal_due(&self, known: Known, until: Option<Instant>) -> Option<Instant> {
        let Known::Held(since) = known else { return None };
        let due = since.checked_add(self.lease.renewed_after())?;
        until.is_none_or(|until| due <= until).then_some(due)
    }

    async fn renew(&self, known: &mut Known) {
        // Asked again a third later, whatever is answered: two of them fit into what is left of the lease.
        *known = Known::Held(Instant::now());
        let renew = || self.store.renew(self.record, self.owner, self.lease.length());
        let limit = self.lease.renewed_after().min(OPERATION_LIMIT);
        if let Ok(Renewal::Gone | Renewal::Lost | Renewal::Done) = self.asked(limit, renew).await {
            *known = Known::NotHeld;
        }
    }

    /// Stores the result: at once, or over and over for a minute, while the lease is renewed.
    async fn store(&self, side: &KeeperSide, mut known: Known, value: Option<Vec<u8>>) {
        let began = Instant::now();
        let until = Some(began + STORING_FOR);
        let mut pause = OFFERED_AGAIN[0];
        loop {
            let complete = || {
                let value = value.as_deref();
                self.store.complete(self.record, self.owner, self.fingerprint, self.ttl, value)
            };
            let complete = self.asked(OPERATION_LIMIT, complete);
            let completion = self.renewing(&mut known, until, complete).await;
            if let Ok(Completion::LostTo(_)) = completion {
                self.count(IdempotencyResult::LeaseLost);
            }
            // After the count, so that whoever has the outcome finds it counted.
            side.answer(Answer::Offered);
            match completion {
                Ok(_) => return,
                Err(_) if began.elapsed() + pause > STORING_FOR => break,
                Err(_) => {}
            }
            // A lease may be shorter than the pause.
            self.renewing(&mut known, until, sleep(pause)).await;
            pause = (pause * 2).min(OFFERED_AGAIN[1]);
        }
        self.count(IdempotencyResult::NotStored);
        tell_not_stored(self.shared, self.service, self.function, self.state.name);
    }

    /// Gives the key up, if it can be held.
    async fn release(&self, known: Known) {
        if known == Known::NotHeld {
            return;
        }
        let mut pauses = RELEASED_AGAIN.into_iter();
        loop {
            let release = || self.store.release(self.record, self.owner);
            match self.asked(OPERATION_LIMIT, release).await {
                Ok(Release::Freed) => return,
                Ok(Release::NotHeld) if known != Known::Perhaps => return,
                _ => {}
            }
            let Some(pause) = pauses.next() else { return };
            sleep(pause).await;
        }
    }

    /// The answer of the store within a time.
    async fn asked<'a, T>(
        &self,
        limit: Duration,
        begin: impl FnOnce() -> StoreFuture<'a, T>,
    ) -> Result<T, Unanswered> {
        let answer = match timeout(limit, Contained::new(begin)).await {
            Ok(answer) => answer,
            Err(_) if limit < COMMAND_LIMIT => return Err(Unanswered::Hurried),
            Err(_) => Err(StoreError::away("timeout")),
        };
        self.shared.note_store(self.state, answer.as_ref().err());
        shielded(|| self.state.note_warnings(self.store.warnings()));
        answer.map_err(Unanswered::Away)
    }

    fn count(&self, result: IdempotencyResult) {
        self.service.step(|| CallStep::Key { result: result.name() });
        if self.is_counted {
            let slot = Slot::current();
            self.service.counters(slot).idempotency(result, slot);
        }
    }
}

/// Tells those who listen that an operation may run again though its result exists.
pub(super) fn tell_not_stored(
    shared: &Shared,
    service: &Service,
    function: &'static str,
    store: &'static str,
) {
    let what = Rare::ResultNotStored { service: service.name(), function, store };
    shielded(|| emit(&Event::Rare(what), &shared.history));
}
