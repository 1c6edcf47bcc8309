//! Runs one call by a handle, as a future, with what is set for that call. In: a closure that makes a body for each attempt. Out:
//! the future of one call.

#![expect(
    clippy::type_complexity,
    reason = "a call says by its type what was said at it; users never write it"
)]

use std::fmt;
use std::future::Future;
use std::hash::Hash;
use std::marker::PhantomData;
use std::ops::ControlFlow;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll, ready};

use resilience_settings::Priority;

use pin_project_lite::pin_project;

use super::classifier::{ByClassifier, Classifier};
use super::failure_handling::{ExtendFallbacks, FailureHandling, WithFallbacks};
use super::fallback_chain::NoFallback;
use super::per_call::{InLabelledPartition, InPartition, Partition, PerCall, WholeService};
use crate::call::attempt::Running;
use crate::call::call::Call;
use crate::call::deadline::Deadline;
use crate::call::injection::ByType;
use crate::call::last_outcome::{KeepErrors, LastOutcome};
use crate::call::result_rules::ResultRules;
use crate::into_error::CarriesRejection;
use crate::rejection::Rejection;

/// What a call is begun by: a handle, or the name of a service.
pub trait Enter {
    /// Begins it.
    #[doc(hidden)]
    fn enter<K>(&self) -> Call<K>;
}

pin_project! {
    /// One call by a handle. Its error is the last of the body, or a rejection as an `E` when there is none.
    ///
    /// What is set here holds for this call alone and is not kept anywhere. Inside a call of the same service it is a
    /// part of that call, and has no effect.
    #[must_use = "futures do nothing unless polled"]
    pub struct ResilientCall<
        H,
        F,
        Fut,
        C,
        E,
        R = fn(Rejection) -> E,
        P = WholeService,
        A = NoFallback,
        K = KeepErrors,
        Kept = E,
    > {
        // Before the call, so that a body which is dropped is gone when its permit is.
        #[pin]
        running: Running<Option<Fut>>,
        call: Option<Call<Kept>>,
        // Until the call begins.
        entry: Option<(H, P)>,
        per_call: PerCall,
        body: F,
        rules: ResultRules<ByClassifier<C>, K, R, ByType<E>>,
        #[pin]
        answers: A,
        error: PhantomData<fn() -> E>,
    }
}

impl<H, F, Fut, C, E> ResilientCall<H, F, Fut, C, E> {
    #[inline]
    pub(super) fn new(entry: H, body: F, classify: C) -> Self
    where
        E: CarriesRejection + 'static,
    {
        Self::with_rejections(entry, body, classify, E::from_rejection)
    }
}

impl<H, F, Fut, C, E, R> ResilientCall<H, F, Fut, C, E, R> {
    /// The same with a conversion of rejections.
    #[inline]
    pub(super) fn with_rejections(entry: H, body: F, classify: C, on_rejection: R) -> Self
    where
        E: 'static,
    {
        let inject = ByType::new();
        Self {
            running: Running::new(None),
            call: None,
            entry: Some((entry, WholeService)),
            per_call: PerCall::default(),
            body,
            rules: ResultRules {
                classify: ByClassifier(classify),
                last_outcome: KeepErrors,
                on_rejection,
                inject,
            },
            answers: NoFallback,
            error: PhantomData,
        }
    }
}

impl<H, F, Fut, C, E, R, A, K, Kept> ResilientCall<H, F, Fut, C, E, R, WholeService, A, K, Kept> {
    /// Makes it a call of one partition of the service, as `partition = …` of an attribute does: a tenant, a host. Each
    /// has a breaker, a budget and limits of its own; there are at most `max_partitions` at a time.
    pub fn partition<P>(self, partition: P) -> ResilientCall<H, F, Fut, C, E, R, InPartition<P>, A, K, Kept>
    where
        P: Hash + Eq + Clone + Send + Sync + 'static,
    {
        let Self { running, call, entry, per_call, body, rules, answers, error } = self;
        let entry = entry.map(|(entry, WholeService)| (entry, InPartition(partition)));
        ResilientCall { running, call, entry, per_call, body, rules, answers, error }
    }
}

impl<H, F, Fut, C, E, R, P, A, K, Kept> ResilientCall<H, F, Fut, C, E, R, InPartition<P>, A, K, Kept> {
    /// What operators see of the partition, as `partition_label = …` of an attribute does. It is asked once, when the
    /// partition is new; without it they see a number, and the value of the partition is shown nowhere.
    ///
    /// ```
    /// # use resilience_runtime::{Rejection, Resilient, ServiceKind};
    /// # async fn example(tenant: u64) -> Result<u32, Rejection> {
    /// # let handle = Resilient::service("shop").kind(ServiceKind::HttpApi).build();
    /// handle.call(|| async { Ok(1) }).partition(tenant).partition_label(|| format!("tenant {tenant}")).await
    /// # }
    /// ```
    pub fn partition_label<L, S>(
        self,
        label: L,
    ) -> ResilientCall<H, F, Fut, C, E, R, InLabelledPartition<P, L>, A, K, Kept>
    where
        L: FnOnce() -> S,
        S: Into<String>,
    {
        let Self { running, call, entry, per_call, body, rules, answers, error } = self;
        let entry =
            entry.map(|(entry, InPartition(partition))| (entry, InLabelledPartition { partition, label }));
        ResilientCall { running, call, entry, per_call, body, rules, answers, error }
    }
}

impl<H, F, Fut, C, E, R, P, A> ResilientCall<H, F, Fut, C, E, R, P, A> {
    /// The same with another rule of what is kept.
    pub(super) fn keeping<K, Kept>(
        self,
        by: impl FnOnce(KeepErrors) -> K,
    ) -> ResilientCall<H, F, Fut, C, E, R, P, A, K, Kept> {
        let Self { running, call: _, entry, per_call, body, rules, answers, error } = self;
        let ResultRules { classify, last_outcome, on_rejection, inject } = rules;
        let rules = ResultRules { classify, last_outcome: by(last_outcome), on_rejection, inject };
        ResilientCall { running, call: None, entry, per_call, body, rules, answers, error }
    }
}

impl<H, F, Fut, C, E, R, P, A, K, Kept> ResilientCall<H, F, Fut, C, E, R, P, A, K, Kept> {
    /// The same with another classifier.
    pub(super) fn classified_by<L>(
        self,
        by: impl FnOnce(C) -> L,
    ) -> ResilientCall<H, F, Fut, L, E, R, P, A, K, Kept> {
        let Self { running, call, entry, per_call, body, rules, answers, error } = self;
        let ResultRules { classify, last_outcome, on_rejection, inject } = rules;
        let rules =
            ResultRules { classify: ByClassifier(by(classify.0)), last_outcome, on_rejection, inject };
        ResilientCall { running, call, entry, per_call, body, rules, answers, error }
    }

    /// The same with one more fallback.
    pub(super) fn answered_by<S>(
        self,
        by: impl FnOnce(A::Chain) -> S,
    ) -> ResilientCall<H, F, Fut, C, E, R, P, WithFallbacks<E, S>, K, Kept>
    where
        A: ExtendFallbacks,
    {
        let Self { running, call, entry, per_call, body, rules, answers, error } = self;
        let answers = WithFallbacks::new(by(answers.fallbacks()));
        ResilientCall { running, call, entry, per_call, body, rules, answers, error }
    }

    /// When this call has to be over at the latest. The deadline of the handle, and that of a call around this one, hold
    /// as well: the first ends it.
    pub fn deadline(mut self, when: impl Into<Deadline>) -> Self {
        self.per_call.deadline = Some(when.into());
        self
    }

    /// How important this call is, whatever is written at the handle, and what is called inside.
    pub fn priority(mut self, priority: Priority) -> Self {
        self.per_call.priority = Some(priority);
        self
    }
}

impl<H, F, Fut, C, T, E, R, P, A, K> Future for ResilientCall<H, F, Fut, C, E, R, P, A, K, K::Kept>
where
    H: Enter,
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<T, E>>,
    C: Classifier<E>,
    R: FnMut(Rejection) -> E,
    P: Partition,
    K: LastOutcome<T, E>,
    A: FailureHandling<T, E>,
{
    type Output = Result<T, E>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut TaskContext<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        if let Some(failed) = this.answers.as_mut().asked() {
            return this.answers.ask(failed, cx);
        }
        if let Some((entry, partition)) = this.entry.take() {
            // In its place at once: it is long, and would be copied there.
            let call = this.call.get_or_insert_with(|| entry.enter());
            // First: which way a call takes depends on it.
            partition.enter(call);
            if this.per_call.is_some() {
                call.apply(this.per_call);
            }
        }
        let Some(call) = this.call else { panic!("a call was polled after its end") };
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
            let running = this.running.as_mut();
            let step = running.poll(call, &mut poll_body, this.rules, cx);
            match ready!(step) {
                ControlFlow::Break(outcome) => {
                    this.running.set(Running::none());
                    let degraded = A::degrade(call, outcome);
                    *this.call = None;
                    return match degraded {
                        ControlFlow::Break(outcome) => Poll::Ready(outcome),
                        ControlFlow::Continue(failed) => this.answers.ask(failed, cx),
                    };
                }
                ControlFlow::Continue(()) => this.running.set(Running::new(None)),
            }
        }
    }
}

impl<H, F, Fut, C, E, R, P, A, K, Kept> fmt::Debug for ResilientCall<H, F, Fut, C, E, R, P, A, K, Kept> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResilientCall")
            .field("per_call", &self.per_call)
            .field("call", &self.call)
            .finish_non_exhaustive()
    }
}
