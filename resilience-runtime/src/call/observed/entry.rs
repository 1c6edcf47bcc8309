//! Decides whether the rules of an observed service (`mode = Observe`) would have let a call in. In: the call, and the state of its
//! service. Out: whether its rules would let it in, with what it would hold then; where they would not, nothing is taken.

use resilience_settings::policy::BulkheadSettings;

use super::shadow::{Entry, Held, Shadow};
use crate::breaker::{BreakerTicket, CastVote};
use crate::call::context::{Context, InnerOutcome};
use crate::call::engine::full::call::FullCall;
use crate::call::engine::full::progress::Progress;
use crate::call::engine::holding::Holding;
use crate::clock::Tick;
use crate::counting::shard::Slot;
use crate::monitor::ObservedDecision;
use crate::priority::Admitted;
use crate::ratelimit::ObservedSlot;
use crate::registry::ObservedSeat;

impl FullCall {
    /// The call is only observed. Its body runs within the context around it, but for the services that it is inside of.
    #[cold]
    pub(in crate::call) fn observe(&mut self, outer: Context) {
        self.progress = Progress::Observed;
        self.holding = Holding::Observed(Box::new(Shadow::new(self.context.deadline, self.context.admitted)));
        self.context = Context {
            call_path: self.context.call_path,
            inner_outcome: InnerOutcome::default(),
            depth: 1,
            ..outer
        };
    }

    /// Asks what an attempt asks that begins, in the same order: the first that says no is the outermost.
    pub(super) fn ask_rules(&self, deadline: Tick, admitted: Admitted) -> Entry {
        if self.started >= deadline {
            return Entry::Rejected(ObservedDecision::DeadlineExceeded);
        }
        if self.service().shared().sheds_call(admitted) && !Context::current().admitted.covers(admitted) {
            return Entry::Rejected(ObservedDecision::Shed);
        }
        let ticket = match self.ask_breaker() {
            Ok(ticket) => ticket,
            Err(decision) => return Entry::Rejected(decision),
        };
        match self.ask_limits(deadline) {
            Ok((has_seat, would_wait)) => Entry::Admitted(Held { ticket, has_seat, would_wait }),
            Err(decision) => {
                self.give_ticket_back(ticket);
                Entry::Rejected(decision)
            }
        }
    }

    /// The ticket of the breaker, if there is one to ask. No timeout ends the attempt, so that a trial counts for the longest
    /// break.
    fn ask_breaker(&self) -> Result<Option<BreakerTicket>, ObservedDecision> {
        let attempt = self.attempt_target();
        match &attempt.service_rules().breaker {
            Some(settings) if self.rules().circuit_breaker_enabled => {
                let admitted = attempt.target.state().breaker.admit(self.started, settings, None);
                admitted.map(|admitted| Some(admitted.ticket())).map_err(|_| ObservedDecision::CircuitOpen)
            }
            _ => Ok(None),
        }
    }

    /// What is behind the breaker: throttle, rate limit, bulkhead. Gives back whether the call has a seat beside the bulkhead,
    /// and whether it would have waited for it or for its slot of the rate limit.
    fn ask_limits(&self, deadline: Tick) -> Result<(bool, bool), ObservedDecision> {
        let attempt = self.attempt_target();
        let (rules, state, now) = (attempt.service_rules(), attempt.target.state(), self.started);
        if let Some(throttle) = &rules.throttle
            && state.throttle.would_reject(throttle, now, self.bound.shared().chance.unit(), Slot::current())
        {
            return Err(ObservedDecision::Throttled);
        }
        let slot = match rules.pace {
            Some(pace) => {
                let slot = state.rate_limit.observe(pace, now, deadline);
                Some(slot.ok_or(ObservedDecision::RateLimited)?)
            }
            None => None,
        };
        let seat = match &rules.bulkhead {
            // A slot that was taken goes back with this.
            Some(bulkhead) => Some(self.ask_bulkhead(bulkhead)?),
            None => None,
        };
        let would_wait =
            slot.as_ref().is_some_and(|slot| slot.is_later) || seat == Some(ObservedSeat::Queued);
        if let Some(ObservedSlot { slot, .. }) = slot {
            slot.consume();
        }
        Ok((seat.is_some(), would_wait))
    }

    fn ask_bulkhead(&self, bulkhead: &BulkheadSettings) -> Result<ObservedSeat, ObservedDecision> {
        let state = self.target().state();
        let seat = state.observed_seats.take(state.bulkhead.limit(bulkhead), bulkhead.max_queue);
        seat.ok_or(ObservedDecision::BulkheadFull)
    }

    /// A trial that would have been rejected further in is none.
    fn give_ticket_back(&self, ticket: Option<BreakerTicket>) {
        if let Some(ticket) = ticket {
            let attempt = self.attempt_target();
            let (rules, none) = (attempt.service_rules(), CastVote::none(self.started));
            let transition = attempt.target.settle(rules, ticket, none, attempt.local_counters().writer());
            debug_assert!(transition.is_none(), "nobody has voted");
        }
    }
}
