//! Ends everything of a server that would otherwise run for ever. In: one order to shut down. Out: streams that end, and a server
//! that is not ready.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use tokio::sync::watch;

/// Ends the streams of a server. A stream of events never ends by itself, and would hold up the shutdown of the server
/// that it is embedded in.
///
/// ```
/// use resilience_runtime::export::server::{Closing, ServerBuilder};
///
/// let closing = Closing::new();
/// let router: axum::Router = ServerBuilder::new().closing(&closing).router();
/// // axum::serve(listener, router).with_graceful_shutdown(async move { signal.await; closing.begin() })
/// # drop(router);
/// closing.begin();
/// assert!(closing.has_begun());
/// ```
#[derive(Clone, Debug)]
pub struct Closing(watch::Sender<bool>);

impl Closing {
    /// A signal that has not been sent.
    #[must_use]
    pub fn new() -> Self {
        Self(watch::Sender::new(false))
    }

    /// Begins the shutdown: `/ready` says no, and each stream ends after the event `closed`.
    pub fn begin(&self) {
        self.0.send_replace(true);
    }

    /// Whether the shutdown has begun.
    pub fn has_begun(&self) -> bool {
        *self.0.borrow()
    }

    /// Completes when the shutdown begins.
    pub(super) fn begun(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut said = self.0.subscribe();
        // Also completes when every sender is gone, which means the same.
        async move {
            let _ = said.wait_for(|has_begun| *has_begun).await;
        }
    }

    /// The output of the future, or `None` if the shutdown begins first.
    pub(super) async fn unless_begun<T>(&self, future: impl Future<Output = T>) -> Option<T> {
        let mut begun = pin!(self.begun());
        let mut future = pin!(future);
        poll_fn(|cx| match begun.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(None),
            Poll::Pending => future.as_mut().poll(cx).map(Some),
        })
        .await
    }
}

impl Default for Closing {
    fn default() -> Self {
        Self::new()
    }
}
