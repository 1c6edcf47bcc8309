//! What events say of a call in its full form: the attempts that it may make, and the failure that ended it.

use super::call::FullCall;
use crate::call::engine::events::tell_of_end;
use crate::call::engine::failure::Failure;
use crate::ending::Ending;
use crate::events::{Allowed, Why, is_told, note_why, take_why};
use crate::rejection::RejectionKind;

impl FullCall {
    /// The attempts that it may make.
    pub(in crate::call) fn allowed(&self) -> Allowed {
        Allowed::by(self.rules(), self.is_single || self.bound.is_single())
    }

    /// Notes the failure that ends the call, for the event of its end.
    #[inline]
    pub(in crate::call) fn note_why(&mut self, failure: &Failure, ending: Ending) {
        if is_told() {
            self.note_why_now(failure, ending);
        }
    }

    #[cold]
    #[inline(never)]
    fn note_why_now(&mut self, failure: &Failure, ending: Ending) {
        let is_refused = ending == Ending::NotRetryable;
        let why = Why {
            decided_by: is_refused.then(|| failure.decided_by(self.rules())),
            class: failure.class(),
            status: failure.status(),
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
        self.attend(|full| {
            tell_of_end(full.bound, full.allowed(), full.attempts, ending, rejection, why);
        });
    }
}
