//! Makes the event of a full call that ends without a success. In: a full call. Out: what events say of it: how many attempts it
//! may make, and which failure ended it.

use super::call::FullCall;
use crate::call::engine::events::tell_of_end;
use crate::call::engine::failure::FailedAttempt;
use crate::ending::Ending;
use crate::events::{Allowed, Why, note_why, take_why};
use crate::rejection::RejectionKind;

impl FullCall {
    /// The attempts that it may make; `is_single` if its body cannot run again.
    pub(in crate::call) fn allowed(&self, is_single: bool) -> Allowed {
        Allowed::by(self.rules(), is_single || self.bound.is_single())
    }

    /// Notes the failure that ends the call, for the event of its end.
    #[inline]
    pub(in crate::call) fn note_why(&mut self, failed: &FailedAttempt, ending: Ending) {
        if self.bound.is_told() {
            self.note_why_now(failed, ending);
        }
    }

    #[cold]
    #[inline(never)]
    fn note_why_now(&mut self, failed: &FailedAttempt, ending: Ending) {
        let failure = &failed.failure;
        let is_refused = ending == Ending::NotRetryable;
        let why = Why {
            decided_by: is_refused.then(|| failure.decided_by(self.rules())),
            class: failure.class(),
            status: failure.status(),
            is_single: failed.is_single,
        };
        note_why(self.address(), why);
    }

    /// Tells it from other calls. It does not move between the failure that ends it and its end, in one poll.
    fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }

    /// Tells listeners that it has ended without a success.
    #[cold]
    #[inline(never)]
    pub(in crate::call) fn tell_of_end(&mut self, ending: Ending, rejection: Option<RejectionKind>) {
        let why = take_why(self.address());
        self.run_foreign(|full| {
            tell_of_end(full.bound, full.allowed(why.is_single), full.attempts, ending, rejection, why);
        });
    }

    /// Tells those who listen that the budget did not pay for a retry.
    #[cold]
    pub(in crate::call) fn tell_of_empty_budget(&mut self) {
        self.run_foreign(|full| full.service().tell_of_empty_budget(full.service().now()));
    }
}
