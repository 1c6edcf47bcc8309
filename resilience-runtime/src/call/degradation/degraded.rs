//! Decides whether a failed call may be answered at all by another source, and how long that may take; which source answers,
//! `fallback_order` decides. In: a failed call. Out: the answer of its cache, a redirect, a fallback or a fixed value, or its
//! first error. The outermost part of a call, so that retries and the breaker have seen the error before it is hidden.
//! (`fallback_order` is in the macros; for a handle it is `handle/fallback_chain`.)

use std::fmt;
use std::future::Future;
use std::hash::Hash;
use std::ops::ControlFlow;

use super::cache_lookup::Lookup;
use super::source_future::Within;
use super::unanswered::{Seen, Unanswered, count_seen, count_skipped};
use crate::call::call::Call;
use crate::call::context::{Context, Given, InnerOutcome, report_to_outer};
use crate::call::engine::full::call::FullCall;
use crate::classify::CameOut;
use crate::clock::Tick;
use crate::counting::shard::Slot;
use crate::degrade;
use crate::events::{CallStep, OfCall};
use crate::monitor::CallerOutcome;
use crate::registry::Service;
use crate::source::{Answered, Source};

/// A call that has failed, with its first error.
///
/// It holds no `T`: the future of an annotated function must stay `Send` when its `T` is not.
#[must_use]
pub struct Degraded<E> {
    call: Unanswered,
    error: E,
}

impl FullCall {
    /// Whether another source may answer for it, before its body or once that has failed. None may where degradation is switched
    /// off, for a call that is only observed, for one that passes through (the outer call of the same service has sources of
    /// its own), and for a redirect that came back, which must end at once.
    #[inline]
    pub(in crate::call) fn may_be_answered(&self) -> bool {
        self.rules().degradation_enabled && !self.is_pass_through() && !self.is_cycle() && !self.is_observed()
    }
}

impl<K> Call<K> {
    /// `Break` with an outcome that stands, `Continue` with a failure that a source may answer for.
    #[inline]
    pub fn degrade<T, E>(&self, outcome: Result<T, E>) -> ControlFlow<Result<T, E>, Degraded<E>> {
        let Some(full) = self.state.full() else {
            // Here, as that is what nearly every call comes to: elsewhere, the outcome would be copied there and back.
            let Ok(value) = outcome else { return self.degrade_fast(outcome) };
            degrade::record(Answered::Call);
            return ControlFlow::Break(Ok(value));
        };
        match outcome {
            Err(error) if full.may_be_answered() => {
                let call = Unanswered {
                    bound: full.bound,
                    policy: full.policy,
                    deadline: full.context.deadline,
                    degrading: full.context.degrading,
                    importance: full.context.importance,
                    ended: full.context.inner_outcome,
                    is_rejection: full.came_out != CameOut::Own,
                    seen: Seen::new(full.seen),
                };
                ControlFlow::Continue(Degraded { call, error })
            }
            outcome => {
                if outcome.is_err() && !full.is_pass_through() {
                    count_seen(full.bound, full.policy, full.seen);
                    if !full.is_cycle() && !full.is_observed() {
                        count_skipped(full.bound.service(), full.policy);
                    }
                }
                // The cache records its own answers, and the outer call does so for one that passes through.
                if full.attempts > 0 || full.is_cycle() {
                    degrade::record(Answered::Call);
                }
                ControlFlow::Break(outcome)
            }
        }
    }
}

impl<K> Call<K> {
    /// Counts a failed call for which no source is asked.
    #[cold]
    pub(in crate::call) fn count_unanswered(&self) {
        match self.state.full() {
            Some(full) if full.is_pass_through() => {}
            Some(full) => count_seen(full.bound, full.policy, full.seen),
            None => count_seen(self.bound, self.bound.policy(), CallerOutcome::Rejected),
        }
    }

    /// The same for a call without a full call: it succeeded on the fast path, or an open breaker rejected it.
    #[inline(never)]
    fn degrade_fast<T, E>(&self, outcome: Result<T, E>) -> ControlFlow<Result<T, E>, Degraded<E>> {
        let policy = self.bound.policy();
        match outcome {
            Err(error) if policy.call.degradation_enabled => {
                let context = Context::of_call(self.bound, policy, self.bound.now());
                let call = Unanswered {
                    bound: self.bound,
                    policy,
                    deadline: context.deadline,
                    degrading: context.degrading,
                    importance: context.importance,
                    ended: InnerOutcome::default(),
                    // Without an attempt, it has no error of its own.
                    is_rejection: true,
                    seen: Seen::new(CallerOutcome::Rejected),
                };
                ControlFlow::Continue(Degraded { call, error })
            }
            Err(_) => {
                count_seen(self.bound, policy, CallerOutcome::Rejected);
                count_skipped(self.bound.service(), policy);
                ControlFlow::Break(outcome)
            }
            Ok(_) => {
                degrade::record(Answered::Call);
                ControlFlow::Break(outcome)
            }
        }
    }
}

impl<E> Degraded<E> {
    /// Whether the error is a rejection, of this call or of one inside it, and not an error of the body.
    pub fn is_rejection(&self) -> bool {
        self.call.is_rejection
    }

    /// Ends with the first error, as `fallback_if` does not name it.
    ///
    /// # Errors
    ///
    /// Always.
    pub fn leave_alone<T>(self) -> Result<T, E> {
        count_skipped(self.service(), self.call.policy);
        self.tell(OfCall::LeftAlone);
        self.finish()
    }

    /// The first error.
    pub fn error(&self) -> &E {
        &self.error
    }

    /// An answer out of the response cache, fresh or stale.
    pub fn cached<Key, T>(&self, lookup: &Lookup<Key, T>) -> Option<T>
    where
        Key: Hash + Eq + Clone + Send + Sync + 'static,
        T: Clone + Send + Sync + 'static,
    {
        let (value, stale) = lookup.kept(self.service().now())?;
        self.note(Answered::Cache { stale }, Source::Cache);
        Some(value)
    }

    /// Runs a redirect or a fallback: `None` when its time is up.
    ///
    /// It may use what is left of the call's own deadline, or `degrade_timeout` where that is longer, and
    /// never goes beyond the deadline of an outer call. What answers at its first poll always does.
    pub fn within<F: Future>(&self, source: F) -> Within<F> {
        // The generated code runs in the context of whoever awaits it; only a body has one of its own.
        let outer = Context::current();
        let until = self.until(outer.deadline);
        // Not the call path of the call: it has ended and holds no slot, so that a redirect to the same service
        // is a call like any other.
        let context = Context {
            deadline: until,
            degrading: self.call.bound.degrading(self.call.degrading),
            importance: self.call.importance,
            inner_outcome: InnerOutcome::default(),
            depth: 1,
            ..outer
        };
        Within::new(source, context, self.service())
    }

    /// Takes the answer of a source, or notes that it had none.
    pub fn offer<T>(&self, source: Source, answer: Option<Result<T, E>>) -> Option<T> {
        let reason = match answer {
            Some(Ok(value)) => {
                self.note(source.into(), source);
                return Some(value);
            }
            Some(Err(_)) => "error",
            None => "timed_out",
        };
        if self.call.policy.is_counted {
            let slot = Slot::current();
            self.service().counters(slot).fallback_failed(source, slot);
        }
        self.tell(OfCall::NoAnswer { source: source.name(), reason });
        None
    }

    /// Ends with the answer of a source that cannot fail.
    ///
    /// # Errors
    ///
    /// Never: the result is that of the annotated function.
    pub fn answer<T>(self, source: Source, value: T) -> Result<T, E> {
        self.note(source.into(), source);
        Ok(value)
    }

    /// Ends with the first error: no source had an answer.
    ///
    /// # Errors
    ///
    /// Always.
    pub fn finish<T>(self) -> Result<T, E> {
        self.call.count_unanswered();
        degrade::record(Answered::Call);
        // The call gives its error now: the poll in which it got it may be over.
        if self.call.ended.heard() {
            report_to_outer(false, self.call.ended.given_again());
        }
        Err(self.error)
    }

    fn until(&self, outer: Tick) -> Tick {
        let now = self.service().now();
        // Without an attempt timeout, an attempt may take as long as the deadline allows.
        let patience =
            self.call.policy.call.degrade_timeout.or(self.call.policy.call.attempt_timeout).or(self
                .call
                .policy
                .call
                .deadline);
        let patience = patience.map_or(Tick::MAX, |time| now.plus(time));
        // A call without a deadline of its own has none to use up.
        let until = if self.call.policy.call.deadline.is_some() {
            self.call.deadline.max(patience)
        } else {
            patience
        };
        until.min(outer)
    }

    fn service(&self) -> &'static Service {
        self.call.service()
    }

    fn tell(&self, what: OfCall) {
        if self.call.bound.is_told() {
            self.call.bound.tell(what);
        }
    }

    fn note(&self, answered: Answered, source: Source) {
        if self.call.policy.is_counted {
            let slot = Slot::current();
            self.service().counters(slot).fallback(source, slot);
        }
        self.service().step(|| CallStep::Answered { source: source.name() });
        self.call.count_answered();
        degrade::record(answered);
        // The call has told the outer attempt of its rejection; that is history now.
        report_to_outer(false, Given::Nothing);
        self.tell(OfCall::Answered {
            source: source.name(),
            stale: matches!(answered, Answered::Cache { stale: true }),
        });
    }
}

impl<E> fmt::Debug for Degraded<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Degraded").field("service", &self.service().name()).finish_non_exhaustive()
    }
}

#[cfg(all(test, feature = "testing"))]
mod tests;
