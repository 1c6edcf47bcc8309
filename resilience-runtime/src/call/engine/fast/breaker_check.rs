//! Asks the breaker for the first attempt on the fast path; `breaker/admission` decides. Out: its admission, or a call that is
//! rejected and counted.

use crate::breaker::{Admitted, BreakerTicket};
use crate::call::engine::events::{call_ended, tell_of_end};
use crate::counting::shard::{Own, Slot};
use crate::ending::Ending;
use crate::events::{Allowed, CallStep, Why};
use crate::monitor::{CallOutcome, CallerOutcome, SiteCounters};
use crate::policy::EffectivePolicy;
use crate::registry::BoundSite;
use crate::rejection::RejectionKind;

/// The breaker's ticket for a first attempt, if it is closed or not asked.
#[inline]
pub(in crate::call) fn ticket(bound: &'static BoundSite, policy: &EffectivePolicy) -> Option<BreakerTicket> {
    if !policy.asks_breaker {
        return Some(BreakerTicket::default());
    }
    bound.service().target().state().breaker.admitted_while_closed().map(Admitted::ticket)
}

/// Ends a call whose breaker is open before it has begun; gives back after how many nanoseconds asking again makes
/// sense, the largest number when only an operator can tell. `None`, and nothing is done, if it may be let in after
/// all.
#[inline]
pub(in crate::call) fn reject_if_open(bound: &'static BoundSite, policy: &EffectivePolicy) -> Option<u64> {
    let service = bound.service();
    let retry_after = service.target().state().breaker.remaining_while_open(bound.now())?;
    let kind = RejectionKind::CircuitOpen;
    let mut ending = OpenBreakerEnd { bound, counters: None, outcome: CallOutcome::Panicked };
    if policy.is_counted {
        let look_up = |slot, own| Some((bound.existing_counters(slot)?, own));
        let (counters, own) = Slot::of_owner(look_up)?;
        counters.call_started(own);
        ending.counters = Some((counters, own));
    }
    service.step(|| CallStep::CallBegan { function: bound.facts().function });
    if bound.is_told() {
        let allowed = Allowed::by(policy.call, bound.is_single());
        tell_of_end(bound, allowed, 0, Ending::CircuitOpen, Some(kind), Why::default());
    }
    ending.outcome = CallOutcome::Rejected(kind);
    service.step(|| call_ended(CallOutcome::Rejected(kind)));
    Some(retry_after)
}

/// A call that is being rejected. It is counted when this is dropped, after subscribers were told.
struct OpenBreakerEnd {
    bound: &'static BoundSite,
    counters: Option<(&'static SiteCounters, Own)>,
    outcome: CallOutcome,
}

impl Drop for OpenBreakerEnd {
    #[inline]
    fn drop(&mut self) {
        let Some((counters, own)) = self.counters else { return };
        if matches!(self.outcome, CallOutcome::Rejected(_)) {
            counters.service.ending(Ending::CircuitOpen, own);
            if !self.bound.may_be_answered_for() {
                counters.seen(CallerOutcome::Rejected, own);
            }
        } else {
            counters.seen(CallerOutcome::Panicked, own);
        }
        counters.call_ended_without_body(self.outcome, own);
    }
}
