//! Makes a full call of a fast one. In: a fast call. Out: a full call with all that it held. In a file of its own, so that neither
//! form imports the other.

use super::holding::Holding;
use super::permit::Permit;
use crate::call::engine::fast::call::FastCall;
use crate::call::engine::full::call::FullCall;
use crate::call::engine::full::progress::{LastAttempt, Progress, TimeLimit};

impl FastCall {
    /// The full call that goes on with the attempt under way.
    pub(in crate::call) fn to_full(&self) -> FullCall {
        let (ticket, has_bulkhead_permit) = (self.ticket_if_asked(), self.policy.takes_bulkhead_permit);
        let permit =
            Permit::running(ticket, has_bulkhead_permit, self.has_retry_slot(), self.number(), self.started);
        let mut full = self.full_call(Holding::Attempt(permit));
        full.progress = if self.is_in_body { Progress::InBody } else { Progress::Between };
        full.limit = if self.deadline <= self.timeout() { TimeLimit::Call } else { TimeLimit::Attempt };
        full
    }

    /// The full call after its attempt is settled; it holds this and nothing else.
    #[cold]
    pub(in crate::call) fn to_full_settled(&self, holding: Holding) -> FullCall {
        let mut full = self.full_call(holding);
        full.last_attempt = LastAttempt::Failed;
        full
    }

    fn full_call(&self, holding: Holding) -> FullCall {
        // A fast call may do without a reading of the clock; a full call needs one.
        let began = if self.policy.is_timed { self.began } else { self.bound.now() };
        let mut full = FullCall::begin(self.bound, self.policy, began, self.context());
        full.attempts = self.attempts;
        full.holding = holding;
        full
    }
}
