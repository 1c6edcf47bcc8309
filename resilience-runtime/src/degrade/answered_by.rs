//! Tells what answered a call (`answered_by`): the call itself, its cache, or another source. In: calls that end. Out: what
//! answered the last one, for [`answered_by`].
//!
//! It is a thread-local cell that is swapped in around each poll, as the context of calls is. A wrapper around the
//! result would show in every signature, for the few callers who ask.

use std::cell::Cell;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::source::Answered;

thread_local! {
    static LAST: Cell<Option<Answered>> = const { Cell::new(None) };
}

/// Records what answered a call that ends now.
#[inline]
pub(crate) fn record(answered: Answered) {
    LAST.set(Some(answered));
}

/// Runs a future and tells what answered the annotated call in it: the call itself, its cache, or a fallback.
///
/// If the future makes several calls, this tells of the one that ended last; an outer call ends after the calls inside
/// it. Functions without any source of degradation record nothing, and neither do spawned tasks: if nothing was
/// recorded, the answer is [`Answered::Call`].
///
/// ```
/// use resilience_runtime::{Answered, answered_by};
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// let (result, answered) = answered_by(async { Ok::<_, std::io::Error>(1) }).await;
/// assert_eq!(answered, Answered::Call);
/// # assert!(result.is_ok());
/// # }
/// ```
pub fn answered_by<F: Future>(future: F) -> AnsweredBy<F> {
    AnsweredBy { future, heard: None }
}

pin_project! {
    /// The future of [`answered_by`].
    #[must_use = "futures do nothing unless polled"]
    pub struct AnsweredBy<F> {
        #[pin]
        future: F,
        heard: Option<Answered>,
    }
}

/// Restores the outer value of the cell, also when a body panics.
struct Listening {
    outer: Option<Answered>,
}

impl Drop for Listening {
    fn drop(&mut self) {
        LAST.set(self.outer);
    }
}

impl<F: Future> Future for AnsweredBy<F> {
    type Output = (F::Output, Answered);

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let mut listening = Listening { outer: LAST.replace(*this.heard) };
        let polled = this.future.poll(cx);
        *this.heard = LAST.get();
        match polled {
            Poll::Pending => Poll::Pending,
            Poll::Ready(result) => {
                // An outer `answered_by` gets the record too.
                listening.outer = this.heard.or(listening.outer);
                Poll::Ready((result, this.heard.unwrap_or(Answered::Call)))
            }
        }
    }
}

impl<F> fmt::Debug for AnsweredBy<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnsweredBy").field("heard", &self.heard).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_last_call_that_ended_is_heard_on_every_level() {
        let inner = async {
            record(Answered::Fallback);
            tokio::task::yield_now().await;
            let ((), inner) = answered_by(async { record(Answered::Static) }).await;
            inner
        };
        let (inner, outer) = answered_by(inner).await;
        assert_eq!((inner, outer), (Answered::Static, Answered::Static));
        assert_eq!(answered_by(async {}).await.1, Answered::Call);
    }

    #[tokio::test]
    async fn futures_side_by_side_do_not_hear_each_other() {
        let says = |answered| {
            answered_by(async move {
                tokio::task::yield_now().await;
                record(answered);
                tokio::task::yield_now().await;
            })
        };
        let (one, two, none) = tokio::join!(
            says(Answered::Redirect),
            says(Answered::Static),
            answered_by(tokio::task::yield_now())
        );
        assert_eq!((one.1, two.1, none.1), (Answered::Redirect, Answered::Static, Answered::Call));
    }
}
