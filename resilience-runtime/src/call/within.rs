//! The future of a redirect or a fallback: it runs in a context of its own, and ends when its time is up.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll, ready};

use pin_project_lite::pin_project;
use tokio::time::{Sleep, sleep};

use super::context::{Context, Entered};
use super::waiting::poll_timer;
use crate::clock::Tick;
use crate::registry::Service;

pin_project! {
    /// A redirect or a fallback within its time.
    #[must_use = "futures do nothing unless polled"]
    pub struct Within<F> {
        service: &'static Service,
        context: Context,
        #[pin]
        source: Option<F>,
        #[pin]
        timer: Option<Sleep>,
    }
}

impl<F> Within<F> {
    /// Ends at the deadline of the context.
    pub(super) fn new(source: F, context: Context, service: &'static Service) -> Self {
        Self { service, context, source: Some(source), timer: None }
    }
}

impl<F: Future> Future for Within<F> {
    type Output = Option<F::Output>;

    fn poll(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let until = this.context.deadline;
        let Some(source) = this.source.as_mut().as_pin_mut() else {
            return Poll::Ready(None);
        };
        let entered = Entered::new(*this.context);
        let polled = source.poll(cx);
        this.context.report = entered.leave();
        if let Poll::Ready(answer) = polled {
            return Poll::Ready(Some(answer));
        }
        if until == Tick::MAX {
            return Poll::Pending;
        }
        if this.timer.is_none() {
            this.timer.set(Some(sleep(until.since(this.service.now()))));
        }
        let Some(timer) = this.timer.as_pin_mut() else { return Poll::Pending };
        ready!(poll_timer(timer, cx));
        this.source.set(None);
        Poll::Ready(None)
    }
}

impl<F> fmt::Debug for Within<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Within").finish_non_exhaustive()
    }
}
