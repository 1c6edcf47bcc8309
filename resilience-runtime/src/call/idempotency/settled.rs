//! Waits for the store at the end of a protected call, as long as its caller has to. In: the store's answer, if one is due. Out: a
//! future that is ready when the caller may have its outcome.

use std::fmt;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

/// Ready once the store has the result of a call, or the call has waited for that as long as it may.
#[must_use = "futures do nothing unless polled"]
pub struct Settled(Option<Pin<Box<dyn Future<Output = ()> + Send>>>);

impl Settled {
    /// Nothing is waited for.
    pub(super) const fn now() -> Self {
        Self(None)
    }

    /// Waits for this.
    pub(super) fn after(wait: impl Future<Output = ()> + Send + 'static) -> Self {
        Self(Some(Box::pin(wait)))
    }
}

impl Future for Settled {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<()> {
        self.0.as_mut().map_or(Poll::Ready(()), |wait| wait.as_mut().poll(cx))
    }
}

impl fmt::Debug for Settled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settled").field("waits", &self.0.is_some()).finish()
    }
}
