//! Polls what ends at once. In: a future that waits for nothing. Out: what it gives.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// What the future gives by its first poll; `None` if it waits.
pub(super) fn polled<F: Future>(future: F) -> Option<F::Output> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}
