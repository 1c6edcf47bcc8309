//! The same engine without an attribute: for closures, and for services whose names are known at run time only.

use std::borrow::Cow;
use std::fmt;
use std::future::IntoFuture;
use std::ops::ControlFlow;
use std::panic::Location;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll, ready};
use std::time::Duration;

use pin_project_lite::pin_project;

use super::attempt::Running;
use super::{Admission, Call, KeepErrors, Progress};
use crate::classify::{Classify, Facts, Recovery};
use crate::policy::{Patch, ServiceKind};
use crate::priority::Priority;
use crate::registry::registry;
use crate::support::CarriesRejection;

/// Calls a service as an annotated function would: `body` is run for each attempt.
///
/// The settings are those of the service, with what the builder says as if it stood in an attribute. An error type
/// without [`Classify`] is judged by [`classify_with`](ResilientCall::classify_with).
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() {
/// use resilience_runtime::{ServiceKind, resilient_call};
///
/// let answer = resilient_call("search", ServiceKind::HttpApi, || async { Ok::<_, std::io::Error>(42) })
///     .max_attempts(2)
///     .await;
/// assert_eq!(answer.unwrap(), 42);
/// # }
/// ```
#[track_caller]
pub fn resilient_call<F>(
    service: impl Into<Cow<'static, str>>,
    kind: ServiceKind,
    body: F,
) -> ResilientCall<F> {
    ResilientCall {
        service: service.into(),
        at: Location::caller(),
        settings: Patch::new().kind(kind),
        body,
        judge: ByTrait,
    }
}

/// A call that is being described; awaiting it makes it.
#[must_use = "a call is made when it is awaited"]
pub struct ResilientCall<F, J = ByTrait> {
    service: Cow<'static, str>,
    at: &'static Location<'static>,
    settings: Patch,
    body: F,
    judge: J,
}

/// Errors are judged by their own [`Classify`].
#[derive(Clone, Copy, Debug)]
pub struct ByTrait;

/// Errors are judged by a function.
#[derive(Clone, Copy)]
pub struct ByHand<J>(J);

/// Says what an error means to a [`ResilientCall`].
pub trait Judge<E> {
    /// The verdict.
    #[doc(hidden)]
    fn judge(&mut self, error: &E) -> Facts;
}

impl<E: Classify> Judge<E> for ByTrait {
    fn judge(&mut self, error: &E) -> Facts {
        Facts::new(error.classify(), error.status())
    }
}

impl<E, J: FnMut(&E) -> Recovery> Judge<E> for ByHand<J> {
    fn judge(&mut self, error: &E) -> Facts {
        Facts::new(Recovery::retry(), None).by((self.0)(error))
    }
}

impl<F, J> ResilientCall<F, J> {
    /// Judges errors by a function, instead of by [`Classify`].
    pub fn classify_with<C>(self, judge: C) -> ResilientCall<F, ByHand<C>> {
        let Self { service, at, settings, body, .. } = self;
        ResilientCall { service, at, settings, body, judge: ByHand(judge) }
    }

    /// Sets keys as an attribute would; a later value of the same key wins. Values that are out of range are left
    /// out and reported, as [`Registry::findings`](crate::Registry::findings) tells. Keys of the service (`breaker`,
    /// `budget`, `bulkhead`, …) count for all its call sites, as those of an attribute do.
    pub fn settings(mut self, settings: &Patch) -> Self {
        self.settings.extend(settings);
        self
    }

    /// How often the body may run, the first time included; at least 1.
    pub fn max_attempts(self, attempts: u32) -> Self {
        self.settings(&Patch::new().max_attempts(attempts))
    }

    /// How long one run of the body may take.
    pub fn attempt_timeout(self, time: Duration) -> Self {
        self.settings(&Patch::new().attempt_timeout(Some(time)))
    }

    /// How long the whole call may take.
    pub fn deadline(self, time: Duration) -> Self {
        self.settings(&Patch::new().deadline(Some(time)))
    }

    /// How important the call is.
    pub fn priority(self, priority: Priority) -> Self {
        self.settings(&Patch::new().priority(priority))
    }
}

impl<F, Fut, J, T, E> IntoFuture for ResilientCall<F, J>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<T, E>>,
    J: Judge<E>,
    E: CarriesRejection,
{
    type Output = Result<T, E>;
    type IntoFuture = Calling<F, Fut, J, E>;

    fn into_future(self) -> Self::IntoFuture {
        Calling { described: self, call: None, running: None }
    }
}

pin_project! {
    /// A [`ResilientCall`] under way. Its error is the last of the body, or a rejection as an `E` when there is none.
    #[must_use = "futures do nothing unless polled"]
    pub struct Calling<F, Fut, J, E> {
        // Before the call, so that a body which is dropped is gone when its permit is.
        #[pin]
        running: Option<Running<Fut>>,
        described: ResilientCall<F, J>,
        call: Option<Call<E>>,
    }
}

impl<F, Fut, J, T, E> Future for Calling<F, Fut, J, E>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<T, E>>,
    J: Judge<E>,
    E: CarriesRejection,
{
    type Output = Result<T, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let ResilientCall { service, at, settings, body, judge } = this.described;
        let call =
            this.call.get_or_insert_with(|| Call::new(registry().bind_unwritten(service, at, settings)));
        loop {
            if this.running.is_none() {
                // The closure may do work of its own, so it is asked only when the attempt may be made.
                match call.course().poll_admission(cx) {
                    Admission::Granted | Admission::PassThrough => {}
                    Admission::Pending => return Poll::Pending,
                    Admission::Refused(refusal) => {
                        return Poll::Ready(call.end(refusal, &mut KeepErrors, &mut E::carry));
                    }
                }
                let course = call.course();
                course.progress = match course.progress {
                    Progress::Between => Progress::InBody,
                    other => other,
                };
                let running = Running::new(body());
                this.running.set(Some(running));
            }
            let Some(running) = this.running.as_mut().as_pin_mut() else { return Poll::Pending };
            let mut facts = |error: &E| judge.judge(error);
            let step = running.poll(call, &mut facts, &mut KeepErrors, &mut E::carry, cx);
            match ready!(step) {
                ControlFlow::Break(outcome) => return Poll::Ready(outcome),
                ControlFlow::Continue(()) => this.running.set(None),
            }
        }
    }
}

impl<F, Fut, J, E> fmt::Debug for Calling<F, Fut, J, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.described.fmt(f)
    }
}

impl<F, J> fmt::Debug for ResilientCall<F, J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResilientCall")
            .field("service", &self.service)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl<J> fmt::Debug for ByHand<J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ByHand")
    }
}
