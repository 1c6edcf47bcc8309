//! Polls the body of a call whose result stands, whatever the rules say. In: the body. Out: what it said, unchanged; of an observed
//! call, its rules have seen it.

use std::task::{Context as TaskContext, Poll};

use super::shadow::Stage;
use crate::call::call::Call;
use crate::call::context::{Entered, InnerOutcome};
use crate::call::engine::failure::Failure;
use crate::call::engine::full::call::FullCall;
use crate::call::engine::full::progress::Progress;
use crate::call::engine::holding::Holding;
use crate::call::injection::{Inject, Injection, Place};
use crate::call::last_outcome::LastOutcome;
use crate::call::result_rules::{ClassifyError, ResultRules};
use crate::classify::{Facts, Recovery};
use crate::rejection::Rejection;
use crate::wakers::shielded;

impl<K> Call<K> {
    /// Polls the body of a call whose result stands as it is: inside of another call of its service, or only observed.
    #[cold]
    pub(in crate::call) fn poll_plainly<T, E, C, P, R, J>(
        &mut self,
        injection: &mut Injection,
        rules: &mut ResultRules<C, P, R, J>,
        poll_body: impl FnOnce(&mut TaskContext<'_>) -> Poll<Result<T, E>>,
        cx: &mut TaskContext<'_>,
    ) -> Poll<Result<T, E>>
    where
        C: ClassifyError<E>,
        P: LastOutcome<T, E, Kept = K>,
        R: FnMut(Rejection) -> E,
        J: Inject<T, E>,
    {
        let is_single = self.is_single || self.bound.is_single();
        let full = self.full();
        if full.progress != Progress::Observed {
            return poll_body(cx);
        }
        let place = Place::within(full.bound, full.partition);
        let entered = full.enter_observed();
        let polled = injection.poll(place, &mut rules.inject, &mut rules.on_rejection, poll_body, cx);
        full.leave_observed(entered, polled.is_pending());
        if let Poll::Ready(outcome) = &polled {
            let failure = failure_of(outcome, full.context.inner_outcome, rules);
            full.end_observed(failure, is_single);
        }
        polled
    }
}

/// What the rules of the site say of a result; `None` of one that is wanted. They are the user's code: where it panics, the rules
/// know nothing of the error, and the caller gets it all the same.
fn failure_of<T, E, C, P, R, J>(
    outcome: &Result<T, E>,
    inner_outcome: InnerOutcome,
    rules: &mut ResultRules<C, P, R, J>,
) -> Option<Failure>
where
    C: ClassifyError<E>,
    P: LastOutcome<T, E>,
{
    match outcome {
        Ok(value) => {
            let mut is_unwanted = false;
            shielded(|| is_unwanted = rules.last_outcome.is_unwanted(value));
            is_unwanted.then_some(Failure::UNWANTED_OK)
        }
        Err(error) => {
            let mut facts = Facts::new(Recovery::local(), None);
            shielded(|| facts = rules.classify.classify(error));
            Some(Failure::of(Some(facts), inner_outcome))
        }
    }
}

impl FullCall {
    /// The body is about to be polled; before its first poll, the rules are asked.
    fn enter_observed(&mut self) -> Entered {
        if let Holding::Observed(shadow) = &self.holding {
            let entry = match shadow.stage {
                Stage::New => self.ask_rules(shadow.deadline, shadow.admitted),
                Stage::Waits(entry) | Stage::InBody(entry) => entry,
            };
            self.attempts = 1;
            self.set_stage(Stage::InBody(entry));
        }
        Entered::new(self.context)
    }

    /// The body has been polled. What it goes on from, it has dealt with.
    fn leave_observed(&mut self, entered: Entered, waits: bool) {
        let inner_outcome = entered.leave();
        self.context.inner_outcome = if waits { inner_outcome.dealt_with() } else { inner_outcome };
        if let Holding::Observed(shadow) = &self.holding
            && let Stage::InBody(entry) = shadow.stage
            && waits
        {
            self.set_stage(Stage::Waits(entry));
        }
    }

    fn set_stage(&mut self, stage: Stage) {
        if let Holding::Observed(shadow) = &mut self.holding {
            shadow.stage = stage;
        }
    }
}
