//! Makes an injected fault act on an attempt, poll by poll, whatever its types. In: the plan of the rule that hit it. Out: whether
//! it waits, ends in place of its body, or goes on to it.

use std::sync::Arc;
use std::task::Context as TaskContext;

use super::inject::Typed;
use super::place::Place;
use crate::chaos::{Change, Claim, End, HangingAttempt, Maker, Plan, Script, Suffered};
use crate::clock::Tick;
use crate::rejection::Rejection;
use crate::timer::Armed;

/// What an attempt suffers.
#[derive(Debug)]
pub(super) struct Suffering {
    plan: Plan,
    /// When its delay or its hang is over.
    until: Option<Tick>,
    timer: Option<Armed>,
    /// What it hangs by.
    hold: Option<HangingAttempt>,
}

/// What follows.
pub(super) enum Step {
    Pending,
    /// It ends with a rejection.
    Reject(Rejection),
    /// It ends with an error, if the call takes one of its type.
    Error(Maker),
    /// The body is polled.
    Body,
}

impl Suffering {
    /// What the attempt that begins now is to suffer, if anything means it.
    #[cold]
    pub(super) fn begin(Place { bound, partition }: Place) -> Option<Box<Self>> {
        let mut plan = bound.plan_of_chaos(partition);
        if plan.is_nothing() {
            return None;
        }
        for claim in &mut plan.delayed_by {
            bound.note_injection(claim);
        }
        if let Some((_, step)) = &plan.script
            && plan.end.is_none()
        {
            bound.note_script_step(step);
        }
        let until = (!plan.delay.is_zero()).then(|| bound.now().plus(plan.delay));
        Some(Box::new(Self { plan, until, timer: None, hold: None }))
    }

    pub(super) fn poll(&mut self, place: Place, cx: &mut TaskContext<'_>) -> Step {
        if self.hold.is_none() && self.waits(place, cx) {
            return Step::Pending;
        }
        let Some(End { suffered, .. }) = &self.plan.end else { return Step::Body };
        match suffered.clone() {
            Suffered::Error(maker) => Step::Error(maker),
            Suffered::Hang => self.hang(place, cx),
            Suffered::Panic => {
                let by = self.by();
                self.settle_end(place);
                panic!("{by} lets this attempt panic")
            }
            Suffered::Reject(kind) => {
                self.settle_end(place);
                Step::Reject(Rejection::new(kind, place.bound.service().name()))
            }
        }
    }

    /// Whether it waits for a time that has not come.
    fn waits(&mut self, place: Place, cx: &mut TaskContext<'_>) -> bool {
        let Some(until) = self.until else { return false };
        let timer = self.timer.get_or_insert_with(|| place.bound.shared().arm(until, cx));
        if place.bound.now() < until && timer.poll(cx).is_pending() {
            return true;
        }
        (self.until, self.timer) = (None, None);
        false
    }

    /// Hangs, until what it hangs by is disarmed or expires; then it goes on.
    fn hang(&mut self, place: Place, cx: &mut TaskContext<'_>) -> Step {
        if self.hold.is_none() {
            let claim = self.plan.end.as_ref().and_then(|end| end.claim.as_ref());
            self.until = claim.and_then(Claim::expires_at);
            self.hold = match (claim, &self.plan.script) {
                (Some(claim), _) => Some(claim.hold()),
                (None, script) => script.as_ref().map(|(script, _)| script.hold()),
            };
            self.settle_end(place);
        }
        let is_released = self.hold.as_ref().is_none_or(|hold| hold.is_released(cx));
        if !is_released && (self.until.is_none() || self.waits(place, cx)) {
            return Step::Pending;
        }
        (self.hold, self.until, self.timer, self.plan.end) = (None, None, None, None);
        Step::Body
    }

    /// The call has taken the error of the plan, or does not take its type. Then a rule is a finding, and the body runs; a
    /// script is a mistake of the test, which ends here.
    pub(super) fn settle_error(&mut self, place: Place, is_made: bool, types: Typed) -> bool {
        if is_made {
            self.settle_end(place);
            return true;
        }
        if let Some((script, _)) = &self.plan.script {
            mistaken(script, place, types);
        }
        if let Some(End { claim: Some(claim), .. }) = self.plan.end.take() {
            place.bound.note_misfit(Some(&claim), types.given, types.wanted);
        }
        false
    }

    /// What changes the `Ok` of the body.
    pub(super) fn change(&self) -> Option<Change> {
        self.plan.change.as_ref().map(|(change, _)| change.clone())
    }

    /// The `Ok` of the body was changed, or is of another type.
    pub(super) fn settle_change(&mut self, place: Place, is_changed: bool, types: Typed) {
        let Some((_, mut claim)) = self.plan.change.take() else { return };
        if is_changed {
            place.bound.note_injection(&mut claim);
        } else {
            place.bound.note_misfit(Some(&claim), types.given, types.wanted);
        }
    }

    fn settle_end(&mut self, place: Place) {
        if let Some((_, step)) = &self.plan.script {
            place.bound.note_script_step(step);
        }
        if let Some(claim) = self.claim() {
            place.bound.note_injection(claim);
        }
    }

    fn claim(&mut self) -> Option<&mut Claim> {
        self.plan.end.as_mut()?.claim.as_mut()
    }

    /// Who does it, in a message.
    fn by(&mut self) -> String {
        match self.claim() {
            Some(claim) => format!("chaos rule `{}`", claim.name()),
            None => "a fault script".to_owned(),
        }
    }
}

/// A script says what the function cannot return.
#[cold]
fn mistaken(script: &Arc<Script>, place: Place, Typed { given, wanted }: Typed) -> ! {
    let facts = place.bound.facts();
    panic!(
        "the script for `{}` fails with `{given}`, but `{}` of service `{}` returns `{wanted}`, which is not made from it: \
         write `fail_with(|| …)` with an error of that type",
        script.target, facts.function, facts.service,
    )
}
