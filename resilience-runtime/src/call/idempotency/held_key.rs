//! Knows which idempotency keys are held where the current code runs (`idempotency_key()`). In: the poll of a body. Out: the
//! innermost key, and whether a key is held further out.

use std::cell::RefCell;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context as TaskContext, Poll};

use pin_project_lite::pin_project;

use crate::idempotency::Bodies;
use crate::store::RecordName;

/// A key that a call holds, and those that are held around it.
#[derive(Debug)]
pub(in crate::call) struct HeldKey {
    name: RecordName,
    outer: Option<Arc<HeldKey>>,
    bodies: AtomicU8,
}

const NOT_STARTED: u8 = 0;
const RUNS: u8 = 1;
const ENDED: u8 = 2;

thread_local! {
    static CURRENT: RefCell<Option<Arc<HeldKey>>> = const { RefCell::new(None) };
}

impl HeldKey {
    pub(super) fn new(name: RecordName) -> Arc<Self> {
        Arc::new(Self { name, outer: held_here(), bodies: AtomicU8::new(NOT_STARTED) })
    }

    /// A body is polled for the first time.
    pub(super) fn starts(&self) {
        self.bodies.store(RUNS, Ordering::Relaxed);
    }

    /// A body has ended by itself.
    pub(super) fn ends(&self) {
        self.bodies.store(ENDED, Ordering::Relaxed);
    }

    /// A body is dropped before it has ended, though another may have.
    pub(super) fn is_cut_off(&self) {
        self.bodies.store(RUNS, Ordering::Relaxed);
    }

    pub(super) fn bodies(&self) -> Bodies {
        match self.bodies.load(Ordering::Relaxed) {
            NOT_STARTED => Bodies::NotStarted,
            ENDED => Bodies::Ended,
            _ => Bodies::CutOff,
        }
    }

    fn holds(&self, name: &RecordName) -> bool {
        std::iter::successors(Some(self), |held| held.outer.as_deref()).any(|held| held.name == *name)
    }
}

/// What is held where this code runs.
pub(in crate::call) fn held_here() -> Option<Arc<HeldKey>> {
    CURRENT.with_borrow(Option::clone)
}

/// Whether this call tree holds the key: waiting for it would be waiting for itself.
pub(super) fn is_held_here(name: &RecordName) -> bool {
    CURRENT.with_borrow(|held| held.as_ref().is_some_and(|held| held.holds(name)))
}

/// Runs a poll within a call that holds a key.
pub(super) fn holding<R>(held: Option<Arc<HeldKey>>, poll: impl FnOnce() -> R) -> R {
    /// Puts back what was before, also when the poll panics.
    struct Restored(Option<Arc<HeldKey>>);
    impl Drop for Restored {
        fn drop(&mut self) {
            CURRENT.set(self.0.take());
        }
    }
    let _restored = Restored(CURRENT.replace(held));
    poll()
}

/// The key to pass on to whoever has the effect, inside the body of a function with `idempotency(…)`: 64 hexadecimal digits,
/// the same for each attempt and each repetition of this request, and another for each function.
///
/// `None` outside of such a body, and for a call whose key is `None`. A spawned task has it with
/// [`carry_context`](crate::carry_context).
///
/// ```
/// use resilience_runtime::{Rejection, comprehensive_retry, idempotency, idempotency_key};
///
/// #[comprehensive_retry("payouts", idempotency(key = order))]
/// async fn charge(order: u64) -> Result<String, Rejection> {
///     let key = idempotency_key().expect("it has a key");
///     // The value of the header `Idempotency-Key` of the request.
///     Ok(idempotency::to_header(&key).expect("hexadecimal digits"))
/// }
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// assert_eq!(charge(17).await.unwrap().len(), 66);
/// assert_eq!(idempotency_key(), None);
/// # }
/// ```
pub fn idempotency_key() -> Option<String> {
    CURRENT.with_borrow(|held| held.as_ref().map(|held| held.name.to_string()))
}

pin_project! {
    /// A future that runs where keys are held.
    pub(in crate::call) struct Under<F> {
        held: Option<Arc<HeldKey>>,
        #[pin]
        future: F,
    }
}

impl<F> Under<F> {
    /// Takes along what is held here.
    pub(in crate::call) fn here(future: F) -> Self {
        Self { held: held_here(), future }
    }
}

impl<F: Future> Future for Under<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<F::Output> {
        let this = self.project();
        if this.held.is_none() {
            return this.future.poll(cx);
        }
        holding(this.held.clone(), || this.future.poll(cx))
    }
}
