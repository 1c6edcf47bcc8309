//! A store that panics, in each operation and at each moment: the call is protected as by one that answers with an error.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use resilience_runtime::monitor::IdempotencyResult;
use resilience_runtime::store::{
    Claim, Completion, Fingerprint, IdempotencyStore, MemoryStore, Owner, RecordName, Release, Renewal,
    StoreError, StoreFuture,
};
use resilience_runtime::{RejectionKind, comprehensive_retry, monitor, registry, testing};
use tokio::time::sleep;

use crate::script::{Answer, Fail, Fault, Script, configure, ms, rejected, secs, slow};

/// When it panics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum When {
    Begun,
    Polled,
    /// After it was carried out.
    PolledAgain,
    Dropped,
}

const ALL: [When; 4] = [When::Begun, When::Polled, When::PolledAgain, When::Dropped];

#[derive(Clone, Debug)]
struct Panicky {
    store: MemoryStore,
    /// The operation that panics, and when.
    what: (&'static str, When),
    /// How often it does.
    left: Arc<AtomicU32>,
    asked: Arc<AtomicU32>,
}

struct Operation<'a, T> {
    answer: StoreFuture<'a, T>,
    done: Option<Result<T, StoreError>>,
    panics: Option<When>,
}

impl<T: Unpin> Future for Operation<'_, T> {
    type Output = Result<T, StoreError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        assert!(self.panics != Some(When::Polled), "on purpose, when it is polled");
        if let Some(done) = self.done.take() {
            assert!(self.panics != Some(When::PolledAgain), "on purpose, after it was carried out");
            return Poll::Ready(done);
        }
        let Poll::Ready(done) = self.answer.as_mut().poll(cx) else { return Poll::Pending };
        self.done = Some(done);
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

impl<T> Drop for Operation<'_, T> {
    fn drop(&mut self) {
        assert!(self.panics != Some(When::Dropped), "on purpose, when it is dropped");
    }
}

impl Panicky {
    fn new(what: (&'static str, When), times: u32) -> Self {
        Self {
            store: MemoryStore::default(),
            what,
            left: Arc::new(AtomicU32::new(times)),
            asked: Arc::default(),
        }
    }

    fn has_panicked(&self, times: u32) -> bool {
        self.asked.load(Ordering::Relaxed) >= times && self.left.load(Ordering::Relaxed) == 0
    }

    fn keepers(&self) -> usize {
        Arc::strong_count(&self.left) - 1
    }

    fn operation<'a, T: Send + Unpin + 'a>(
        &self,
        what: &str,
        answer: StoreFuture<'a, T>,
    ) -> StoreFuture<'a, T> {
        let mut panics = None;
        if what == self.what.0 {
            self.asked.fetch_add(1, Ordering::Relaxed);
            let left = self.left.try_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
            panics = left.is_ok().then_some(self.what.1);
        }
        assert!(panics != Some(When::Begun), "on purpose, when it is begun");
        Box::pin(Operation { answer, done: None, panics })
    }
}

impl IdempotencyStore for Panicky {
    fn name(&self) -> &'static str {
        "panicky"
    }

    fn claim(
        &self,
        record: RecordName,
        owner: Owner,
        fingerprint: Fingerprint,
        lease: Duration,
    ) -> StoreFuture<'_, Claim> {
        self.operation("claim", self.store.claim(record, owner, fingerprint, lease))
    }

    fn renew(&self, record: RecordName, owner: Owner, lease: Duration) -> StoreFuture<'_, Renewal> {
        self.operation("renew", self.store.renew(record, owner, lease))
    }

    fn complete<'a>(
        &'a self,
        record: RecordName,
        owner: Owner,
        fingerprint: Fingerprint,
        ttl: Duration,
        value: Option<&'a [u8]>,
    ) -> StoreFuture<'a, Completion> {
        self.operation("complete", self.store.complete(record, owner, fingerprint, ttl, value))
    }

    fn release(&self, record: RecordName, owner: Owner) -> StoreFuture<'_, Release> {
        self.operation("release", self.store.release(record, owner))
    }
}

#[comprehensive_retry("panicky", idempotency(key = key, store = store.clone()))]
async fn stored(key: &str, store: &Panicky, script: &Script) -> Result<u32, Fault> {
    script.step().await
}

fn plain() {
    configure(
        "[services.panicky]\nmax_attempts = 1\nattempt_timeout = 'off'\ndeadline = '60s'\nbreaker = 'off'\n\
         idempotency = { lease = '3s', wait = 'off' }",
    );
}

fn counted(result: IdempotencyResult) -> u64 {
    registry().service("panicky").unwrap().stats().idempotency(result)
}

/// Whether a panic takes the place of the answer.
fn is_instead(when: When) -> bool {
    when != When::Dropped
}

#[tokio::test(start_paused = true)]
async fn a_claim_that_panics_is_a_store_that_is_away_and_leaves_the_key_free() {
    testing::isolated(async {
        plain();
        for when in ALL {
            let store = Panicky::new(("claim", when), 1);
            let first = stored("a", &store, &Script::new([Answer(1)])).await;
            assert!(store.has_panicked(1));
            let expected = is_instead(when).then_some(RejectionKind::IdempotencyStoreUnavailable);
            assert_eq!(rejected(&first), expected, "{when:?}");
            assert_eq!(monitor().dashboard_data().process.stores[0].up, !is_instead(when), "{when:?}");
            sleep(ms(1)).await;
            let second = Script::new([Answer(2)]);
            let expected = if is_instead(when) { 2 } else { 1 };
            assert_eq!(stored("a", &store, &second).await, Ok(expected), "{when:?}");
            sleep(secs(3)).await;
            assert_eq!(store.keepers(), 0);
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn renewals_go_on_after_one_that_panics() {
    testing::isolated(async {
        plain();
        for when in ALL {
            let store = Panicky::new(("renew", when), 1);
            let script = Script::new([slow(10_500, Answer(1))]);
            let (outcome, ()) = tokio::join!(stored("a", &store, &script), async {
                for at in 1..10 {
                    sleep(secs(1)).await;
                    let beside = stored("a", &store, &Script::new([Answer(2)])).await;
                    let kind = rejected(&beside);
                    assert_eq!(kind, Some(RejectionKind::IdempotencyInProgress), "{when:?}, {at} s");
                }
            });
            assert!(store.has_panicked(9), "{:?}", store.asked);
            assert_eq!(outcome, Ok(1));
            assert_eq!(stored("a", &store, &Script::new([Answer(2)])).await, Ok(1), "{when:?}");
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_result_whose_storing_panics_is_offered_again_and_counted_if_it_never_is_stored() {
    testing::isolated(async {
        plain();
        for when in ALL {
            let store = Panicky::new(("complete", when), 3);
            assert_eq!(stored("a", &store, &Script::new([Answer(1)])).await, Ok(1));
            sleep(secs(4)).await;
            assert!(store.has_panicked(3) == is_instead(when), "{when:?} {:?}", store.asked);
            assert_eq!(stored("a", &store, &Script::new([Answer(2)])).await, Ok(1), "{when:?}");
            sleep(ms(1)).await;
            assert_eq!((counted(IdempotencyResult::NotStored), store.keepers()), (0, 0));
        }
        let store = Panicky::new(("complete", When::Begun), u32::MAX);
        assert_eq!(stored("a", &store, &Script::new([Answer(1)])).await, Ok(1));
        sleep(secs(70)).await;
        assert_eq!((counted(IdempotencyResult::NotStored), store.keepers()), (1, 0));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_release_that_panics_is_repeated() {
    testing::isolated(async {
        plain();
        for when in ALL {
            let store = Panicky::new(("release", when), 1);
            let failed = stored("a", &store, &Script::new([Fail(Fault::Wrong)])).await;
            assert_eq!(failed, Err(Fault::Wrong));
            sleep(ms(260)).await;
            assert!(store.has_panicked(1));
            assert_eq!(stored("a", &store, &Script::new([Answer(2)])).await, Ok(2), "{when:?}");
            sleep(ms(1)).await;
            assert_eq!(store.keepers(), 0);
        }
    })
    .await;
}
