//! How long a body may run once it has had to wait.

use super::call::FullCall;
use super::progress::TimeLimit;
use crate::call::engine::holding::Holding;
use crate::clock::Tick;

impl FullCall {
    /// When the body has to be done, if anything limits it; notes whether that is the deadline of the call.
    #[inline]
    pub(in crate::call) fn time_limit(&mut self) -> Option<Tick> {
        let started = match &self.holding {
            Holding::Attempt(permit) => permit.started,
            _ => self.started,
        };
        let timeout = match &self.rules().adaptive_timeout {
            None => Tick(started.0.saturating_add(self.rules().timeout_nanos)),
            Some(_) => self.attempt_timeout().map_or(Tick::MAX, |time| started.plus(time)),
        };
        self.limit = if self.inside.deadline <= timeout { TimeLimit::Call } else { TimeLimit::Attempt };
        let until = timeout.min(self.inside.deadline);
        (until != Tick::MAX).then_some(until)
    }
}
