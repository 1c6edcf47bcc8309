//! What the benchmarks protect: a body that is ready at once, and one that waits once.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// The error of the bodies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpError {
    /// Another try may help.
    Transient,
    /// We ended the call.
    Rejected,
}

impl From<resilience_runtime::Rejection> for OpError {
    fn from(_: resilience_runtime::Rejection) -> Self {
        Self::Rejected
    }
}

/// A body that is ready at its first poll.
///
/// # Errors
///
/// Never; the optimiser is kept from knowing.
#[expect(clippy::unused_async, reason = "stands for an operation that happens to be ready")]
pub async fn ready(value: u64) -> Result<u64, OpError> {
    std::hint::black_box(Ok(value))
}

/// A body that is pending once, and woken at once: what any real input does to a timeout around it.
///
/// # Errors
///
/// Never.
pub async fn pending_once(value: u64) -> Result<u64, OpError> {
    PendingOnce(false).await;
    std::hint::black_box(Ok(value))
}

struct PendingOnce(bool);

impl Future for PendingOnce {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.0 {
            return Poll::Ready(());
        }
        self.0 = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}
