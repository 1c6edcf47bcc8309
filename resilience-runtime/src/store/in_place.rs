//! Work that is carried out by whoever waits for it. In: work, and a runtime. Out: its result; dropped before, it goes on as a
//! task of the runtime.
//!
//! A task of its own from the beginning would take a place in memory and in the queue of its thread, and two more changes between
//! tasks, for each operation of a store.

use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::runtime::Handle;

use crate::wakers::shielded;

/// Work that has begun. A panic of it is no result.
pub(super) struct InPlace<F>
where
    F: Future<Output: Send> + Send + 'static,
{
    work: Option<Pin<Box<F>>>,
    runtime: Handle,
}

impl<F> InPlace<F>
where
    F: Future<Output: Send> + Send + 'static,
{
    pub(super) fn new(runtime: Handle, work: F) -> Self {
        Self { work: Some(Box::pin(work)), runtime }
    }
}

impl<F> Future for InPlace<F>
where
    F: Future<Output: Send> + Send + 'static,
{
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut polled = Poll::Ready(None);
        if let Some(work) = &mut self.work {
            shielded(|| polled = work.as_mut().poll(cx).map(Some));
        }
        if polled.is_ready() {
            let over = self.work.take();
            shielded(|| drop(over));
        }
        polled
    }
}

impl<F> Drop for InPlace<F>
where
    F: Future<Output: Send> + Send + 'static,
{
    fn drop(&mut self) {
        if let Some(work) = self.work.take() {
            drop(self.runtime.spawn(work));
        }
    }
}
