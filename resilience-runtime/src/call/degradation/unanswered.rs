//! Counts the outcome that the caller of a failed call sees, once. In: a failed call, and whether a source answers. Out: the
//! outcome, counted.

use std::sync::atomic::{AtomicU8, Ordering};

use crate::call::context::InnerOutcome;
use crate::clock::Tick;
use crate::counting::shard::Slot;
use crate::monitor::CallerOutcome;
use crate::policy::EffectivePolicy;
use crate::priority::Importance;
use crate::registry::{BoundSite, CallPath, Service, SiteId};

/// A failed call while sources are asked for an answer. If it is dropped meanwhile, it counts as cancelled: its caller
/// sees no outcome.
pub(in crate::call) struct Unanswered {
    pub(in crate::call) bound: &'static BoundSite,
    pub(in crate::call) policy: &'static EffectivePolicy,
    pub(in crate::call) deadline: Tick,
    pub(in crate::call) degrading: CallPath<SiteId>,
    pub(in crate::call) importance: Importance,
    /// Whether the error is a rejection, for the attempt around the call.
    pub(in crate::call) ended: InnerOutcome,
    /// The error is a rejection, or was made of one.
    pub(in crate::call) is_rejection: bool,
    pub(in crate::call) seen: Seen,
}

/// The outcome that the caller sees if nothing answers, until it is counted. It is shared by reference across waits, and
/// so an atomic; it is never written by two threads at once.
pub(in crate::call) struct Seen(AtomicU8);

const COUNTED: u8 = u8::MAX;

impl Seen {
    pub(in crate::call) fn new(outcome: CallerOutcome) -> Self {
        Self(AtomicU8::new(outcome as u8))
    }

    /// The outcome if nothing answers; `None` once it is counted.
    fn take(&self) -> Option<CallerOutcome> {
        let outcome = self.0.load(Ordering::Relaxed);
        self.0.store(COUNTED, Ordering::Relaxed);
        CallerOutcome::ALL.get(usize::from(outcome)).copied()
    }
}

impl Unanswered {
    /// Counts it as answered by a source.
    pub(in crate::call) fn count_answered(&self) {
        if self.seen.take().is_some() {
            count_seen(self.bound, self.policy, CallerOutcome::Degraded);
        }
    }

    /// Counts it with the outcome of the call itself.
    pub(in crate::call) fn count_unanswered(&self) {
        if let Some(outcome) = self.seen.take() {
            count_seen(self.bound, self.policy, outcome);
        }
    }

    pub(in crate::call) fn service(&self) -> &'static Service {
        self.bound.service()
    }
}

impl Drop for Unanswered {
    fn drop(&mut self) {
        if self.seen.take().is_some() {
            let panics = std::thread::panicking();
            let outcome = if panics { CallerOutcome::Panicked } else { CallerOutcome::Cancelled };
            count_seen(self.bound, self.policy, outcome);
        }
    }
}

/// Counts the outcome that the caller of a call with sources sees. Calls without sources count it as they end.
#[cold]
pub(in crate::call) fn count_seen(bound: &BoundSite, policy: &EffectivePolicy, outcome: CallerOutcome) {
    if policy.is_counted && bound.may_be_answered_for() {
        let slot = Slot::current();
        bound.counters(slot).seen(outcome, slot);
    }
}

/// A failed call that no source is asked for.
#[cold]
pub(in crate::call) fn count_skipped(service: &Service, policy: &EffectivePolicy) {
    if policy.is_counted {
        let slot = Slot::current();
        service.counters(slot).fallback_skipped(slot);
    }
}
