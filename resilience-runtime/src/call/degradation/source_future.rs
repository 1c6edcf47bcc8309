//! Runs a redirect or a fallback, within the time that `degraded` gives it. In: the future of a redirect or a fallback. Out: its
//! answer, in a context of its own, or nothing when its time is up.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll, ready};

use pin_project_lite::pin_project;

use crate::call::context::{Context, Entered};
use crate::clock::Tick;
use crate::registry::Service;
use crate::timer::Delay;

pin_project! {
    /// A redirect or a fallback within its time.
    #[must_use = "futures do nothing unless polled"]
    pub struct Within<F> {
        service: &'static Service,
        context: Context,
        #[pin]
        source: Option<F>,
        #[pin]
        timer: Delay,
    }
}

impl<F> Within<F> {
    /// Ends at the deadline of the context.
    pub(in crate::call) fn new(source: F, context: Context, service: &'static Service) -> Self {
        Self { service, context, source: Some(source), timer: Delay::none() }
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
        this.context.inner_outcome = entered.leave();
        if let Poll::Ready(answer) = polled {
            return Poll::Ready(Some(answer));
        }
        if until == Tick::MAX {
            return Poll::Pending;
        }
        if this.timer.is_none() {
            this.timer.as_mut().arm(until.since(this.service.now()));
        }
        ready!(this.timer.poll(cx));
        this.source.set(None);
        Poll::Ready(None)
    }
}

impl<F> fmt::Debug for Within<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Within").finish_non_exhaustive()
    }
}
