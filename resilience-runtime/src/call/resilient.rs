//! A closure goes in that makes a body for each attempt, the future of one call comes out: the engine without an
//! attribute.

use std::fmt;
use std::future::Future;
use std::hash::Hash;
use std::marker::PhantomData;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll, ready};

use pin_project_lite::pin_project;

use super::attempt::Running;
use super::call::Call;
use super::deadline::Deadline;
use super::judge::Judge;
use super::last_outcome::{Keep, KeepErrors};
use super::per_call::{InPartition, Partition, PerCall, WholeService};
use crate::classify::Facts;
use crate::into_error::CarriesRejection;
use crate::priority::Priority;
use crate::rejection::Rejection;

/// Who begins a call: a handle, or the name of a service.
pub trait Enter {
    /// Begins it.
    #[doc(hidden)]
    fn enter<K>(&self) -> Call<K>;
}

pin_project! {
    /// One call by a handle. Its error is the last of the body, or a rejection as an `E` when there is none.
    ///
    /// What is said here holds for this call alone and is not kept anywhere. Where it is called inside a call of the same
    /// service it is a part of that, and what is said has no effect.
    #[must_use = "futures do nothing unless polled"]
    pub struct ResilientCall<
        H,
        F,
        Fut,
        J,
        E,
        R = fn(Rejection) -> E,
        P = WholeService,
        K = KeepErrors,
        Kept = E,
    > {
        // Before the call, so that a body which is dropped is gone when its permit is.
        #[pin]
        running: Running<Option<Fut>>,
        call: Option<Call<Kept>>,
        // Until the call begins.
        entry: Option<(H, P)>,
        said: PerCall,
        body: F,
        judge: J,
        keep: K,
        carry: R,
        error: PhantomData<fn() -> E>,
    }
}

impl<H, F, Fut, J, E> ResilientCall<H, F, Fut, J, E> {
    #[inline]
    pub(super) fn new(entry: H, body: F, judge: J) -> Self
    where
        E: CarriesRejection,
    {
        Self::carried_by(entry, body, judge, E::carry)
    }
}

impl<H, F, Fut, J, E, R> ResilientCall<H, F, Fut, J, E, R> {
    /// The same where it is said how a rejection becomes an error.
    #[inline]
    pub(super) fn carried_by(entry: H, body: F, judge: J, carry: R) -> Self {
        Self {
            running: Running::new(None),
            call: None,
            entry: Some((entry, WholeService)),
            said: PerCall::default(),
            body,
            judge,
            keep: KeepErrors,
            carry,
            error: PhantomData,
        }
    }
}

impl<H, F, Fut, J, E, R, K, Kept> ResilientCall<H, F, Fut, J, E, R, WholeService, K, Kept> {
    /// Makes it a call of one partition of the service, as `partition = …` of an attribute does: a tenant, a host. Each
    /// has a breaker, a budget and limits of its own; there are at most `max_partitions` at a time.
    pub fn partition<P>(self, partition: P) -> ResilientCall<H, F, Fut, J, E, R, InPartition<P>, K, Kept>
    where
        P: Hash + Eq + Clone + Send + Sync + 'static,
    {
        let Self { running, call, entry, said, body, judge, keep, carry, error } = self;
        let entry = entry.map(|(entry, WholeService)| (entry, InPartition(partition)));
        ResilientCall { running, call, entry, said, body, judge, keep, carry, error }
    }
}

impl<H, F, Fut, J, E, R, P> ResilientCall<H, F, Fut, J, E, R, P> {
    /// The same with another rule of what is kept.
    pub(super) fn keeping<K, Kept>(
        self,
        by: impl FnOnce(KeepErrors) -> K,
    ) -> ResilientCall<H, F, Fut, J, E, R, P, K, Kept> {
        let Self { running, call: _, entry, said, body, judge, keep, carry, error } = self;
        ResilientCall { running, call: None, entry, said, body, judge, keep: by(keep), carry, error }
    }
}

impl<H, F, Fut, J, E, R, P, K, Kept> ResilientCall<H, F, Fut, J, E, R, P, K, Kept> {
    /// The same with another judge.
    pub(super) fn judged_by<L>(
        self,
        by: impl FnOnce(J) -> L,
    ) -> ResilientCall<H, F, Fut, L, E, R, P, K, Kept> {
        let Self { running, call, entry, said, body, judge, keep, carry, error } = self;
        ResilientCall { running, call, entry, said, body, judge: by(judge), keep, carry, error }
    }

    /// When this call has to be over at the latest. The deadline of the handle, and that of a call around this one, hold
    /// as well: the first ends it.
    pub fn deadline(mut self, when: impl Into<Deadline>) -> Self {
        self.said.deadline = Some(when.into());
        self
    }

    /// How important this call is, whatever is written at the handle, and what is called inside.
    pub fn priority(mut self, priority: Priority) -> Self {
        self.said.priority = Some(priority);
        self
    }
}

impl<H, F, Fut, J, T, E, R, P, K> Future for ResilientCall<H, F, Fut, J, E, R, P, K, K::Kept>
where
    H: Enter,
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<T, E>>,
    J: Judge<E>,
    R: FnMut(Rejection) -> E,
    P: Partition,
    K: Keep<T, E>,
{
    type Output = Result<T, E>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        // In its place at once: it is long, and would be copied there.
        let call = this.call.get_or_insert_with(|| match this.entry {
            Some((entry, _)) => entry.enter(),
            None => panic!("a call was polled after its end"),
        });
        if let Some((_, partition)) = this.entry.take() {
            if this.said.is_some() {
                call.said(*this.said);
            }
            partition.enter(call);
        }
        loop {
            let body = &mut *this.body;
            // The closure may do work of its own, so it is asked only when the attempt may be made.
            let mut poll_body = |mut running: Pin<&mut Option<Fut>>, cx: &mut TaskContext<'_>| {
                if running.is_none() {
                    running.set(Some(body()));
                }
                match running.as_pin_mut() {
                    Some(running) => running.poll(cx),
                    None => Poll::Pending,
                }
            };
            let judge = &mut *this.judge;
            let mut facts = |error: &E| -> Facts { judge.judge(error) };
            let running = this.running.as_mut();
            let step = running.poll(call, &mut poll_body, &mut facts, this.keep, this.carry, cx);
            match ready!(step) {
                ControlFlow::Break(outcome) => {
                    this.running.set(Running::none());
                    *this.call = None;
                    return Poll::Ready(outcome);
                }
                ControlFlow::Continue(()) => this.running.set(Running::new(None)),
            }
        }
    }
}

impl<H, F, Fut, J, E, R, P, K, Kept> fmt::Debug for ResilientCall<H, F, Fut, J, E, R, P, K, Kept> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResilientCall")
            .field("said", &self.said)
            .field("call", &self.call)
            .finish_non_exhaustive()
    }
}
