//! The keeper of one call's key in a store: a task that claims it, renews its lease while the call lives, and stores the result.
//! In: orders of the call. Out: operations of the store, one at a time, and what is counted of them.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::channel::{Answer, KeeperSide, Order};
use crate::counting::shard::Slot;
use crate::events::{CallStep, Event, Rare, emit};
use crate::idempotency::{Lease, STORING_FOR};
use crate::monitor::IdempotencyResult;
use crate::registry::{Service, Shared, StoreState};
use crate::store::{
    Claim, Completion, Fingerprint, IdempotencyStore, Owner, RecordName, Renewal, StoreError, StoreFuture,
};
use crate::wakers::shielded;

/// The longest that one operation may take, for stores that do not end by themselves.
pub(super) const OPERATION_LIMIT: Duration = Duration::from_secs(5);

/// The pauses between offers of a result: the first, and the longest.
const OFFERED_AGAIN: [Duration; 2] = [Duration::from_millis(250), Duration::from_secs(5)];

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

enum Step {
    Ordered(Order),
    RenewalDue,
}

impl Keeper {
    /// Follows orders until the last.
    pub(super) async fn run(self, side: KeeperSide) {
        let mut known = Known::NotHeld;
        loop {
            match self.next(&side, known).await {
                Step::RenewalDue => known = self.renewed(known).await,
                Step::Ordered(Order::Claim(limit)) => {
                    let asked = Instant::now();
                    let claim =
                        self.store.claim(self.record, self.owner, self.fingerprint, self.lease.length());
                    let claim = self.asked(limit, claim).await;
                    known = match &claim {
                        Ok(Claim::Granted(_)) => Known::Held(asked),
                        Ok(_) => Known::NotHeld,
                        Err(error) if error.is_not_sent() => known,
                        Err(_) => Known::Perhaps,
                    };
                    side.answer(Answer::Claimed(claim));
                }
                Step::Ordered(Order::Complete(value)) => return self.store(&side, known, value).await,
                Step::Ordered(Order::Release) => {
                    if known != Known::NotHeld {
                        let release = self.store.release(self.record, self.owner);
                        let _ = self.asked(OPERATION_LIMIT, release).await;
                    }
                    return;
                }
                Step::Ordered(Order::RunOut) => return,
            }
        }
    }

    /// The next order, or the time for the next renewal.
    async fn next(&self, side: &KeeperSide, known: Known) -> Step {
        let due = self.renewal_due(known);
        let mut sleep = pin!(async {
            match due {
                Some(due) => sleep_until(due).await,
                None => std::future::pending().await,
            }
        });
        poll_fn(|cx| match side.poll(cx.waker()) {
            Poll::Ready(order) => Poll::Ready(Step::Ordered(order)),
            Poll::Pending => sleep.as_mut().poll(cx).map(|()| Step::RenewalDue),
        })
        .await
    }

    fn renewal_due(&self, known: Known) -> Option<Instant> {
        let Known::Held(since) = known else { return None };
        let due = since.checked_add(self.lease.renewed_after())?;
        self.until.is_none_or(|until| due <= until).then_some(due)
    }

    async fn renewed(&self, known: Known) -> Known {
        let asked = Instant::now();
        let renewal = self.store.renew(self.record, self.owner, self.lease.length());
        match self.asked(self.lease.renewed_after().min(OPERATION_LIMIT), renewal).await {
            // Asked again a third later: two of them fit into what is left of the lease.
            Ok(Renewal::Extended) | Err(_) => match known {
                Known::Held(_) => Known::Held(asked),
                known => known,
            },
            Ok(Renewal::Gone | Renewal::Lost | Renewal::Done) => Known::NotHeld,
        }
    }

    /// Stores the result: at once, or over and over for a minute, while the lease is renewed.
    async fn store(&self, side: &KeeperSide, mut known: Known, value: Option<Vec<u8>>) {
        let began = Instant::now();
        let mut pause = OFFERED_AGAIN[0];
        loop {
            let complete =
                self.store.complete(self.record, self.owner, self.fingerprint, self.ttl, value.as_deref());
            let completion = self.asked(OPERATION_LIMIT, complete).await;
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
            sleep(pause).await;
            pause = (pause * 2).min(OFFERED_AGAIN[1]);
            if let Known::Held(since) = known
                && since.elapsed() >= self.lease.renewed_after()
            {
                known = self.renewed(known).await;
            }
        }
        self.count(IdempotencyResult::NotStored);
        let (service, function) = (self.service.name(), self.function);
        let what = Rare::ResultNotStored { service, function, store: self.state.name };
        shielded(|| emit(&Event::Rare(what), &self.shared.history));
    }

    /// The answer of the store within a time.
    async fn asked<T>(&self, limit: Duration, operation: StoreFuture<'_, T>) -> Result<T, StoreError> {
        let answer = timeout(limit, operation).await.unwrap_or_else(|_| Err(StoreError::away("timeout")));
        self.shared.note_store(self.state, answer.as_ref().err());
        shielded(|| self.state.note_warnings(self.store.warnings()));
        answer
    }

    fn count(&self, result: IdempotencyResult) {
        self.service.step(|| CallStep::Key { result: result.name() });
        if self.is_counted {
            let slot = Slot::current();
            self.service.counters(slot).idempotency(result, slot);
        }
    }
}
