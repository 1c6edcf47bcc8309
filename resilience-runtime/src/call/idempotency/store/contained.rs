//! Contains the panics of a store, which is foreign code. In: how an operation is begun. Out: its answer; a panic is one as well,
//! as a keeper that ends with it would protect nothing from then on.

use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};

use crate::store::{StoreError, StoreFuture};
use crate::wakers::shielded;

/// An operation that may panic when it is begun, polled, or dropped.
pub(super) struct Contained<'a, T>(Option<StoreFuture<'a, T>>);

impl<'a, T> Contained<'a, T> {
    pub(super) fn new(begin: impl FnOnce() -> StoreFuture<'a, T>) -> Self {
        let mut operation = None;
        shielded(|| operation = Some(begin()));
        Self(operation)
    }

    fn discard(&mut self) {
        let over = self.0.take();
        shielded(|| drop(over));
    }
}

impl<T> Future for Contained<'_, T> {
    type Output = Result<T, StoreError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Self::Output> {
        // It may have been carried out before it panicked.
        let mut polled = Poll::Ready(Err(StoreError::away("panicked")));
        if let Some(operation) = &mut self.0 {
            shielded(|| polled = operation.as_mut().poll(cx));
        }
        if polled.is_ready() {
            self.discard();
        }
        polled
    }
}

impl<T> Drop for Contained<'_, T> {
    fn drop(&mut self) {
        self.discard();
    }
}
