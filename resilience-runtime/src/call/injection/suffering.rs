//! Makes an injected fault act on an attempt, poll by poll, whatever its types. In: the plan of the rule that hit it. Out: whether
//! it waits, ends in place of its body, or goes on to it.

use std::sync::Arc;
use std::task::Context as TaskContext;
use std::time::Duration;

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
    began: Tick,
    /// What it still waits by, before anything else.
    delays: Vec<Delay>,
    /// What it hangs by, and when that lets it go by itself.
    hang: Option<(HangingAttempt, Option<Tick>)>,
    /// The moment for which a timer is armed.
    timer: Option<(Tick, Armed)>,
}

/// A time that the attempt waits by a rule or a script.
#[derive(Debug)]
struct Delay {
    time: Duration,
    hold: HangingAttempt,
    /// When the rule expires, of which it tells nobody.
    expires_at: Option<Tick>,
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
        let by_rule =
            |claim: &Claim| Delay { time: claim.delay(), hold: claim.hold(), expires_at: claim.expires_at() };
        let by_script = plan.script.as_ref().map(|(script, _)| Delay {
            time: plan.delay,
            hold: script.hold(),
            expires_at: None,
        });
        let delays =
            plan.claims().map(by_rule).chain(by_script).filter(|delay| !delay.time.is_zero()).collect();
        Some(Box::new(Self { plan, began: bound.now(), delays, hang: None, timer: None }))
    }

    pub(super) fn poll(&mut self, place: Place, cx: &mut TaskContext<'_>) -> Step {
        if self.waits(place, cx) {
            return Step::Pending;
        }
        // What was disarmed meanwhile has no trace.
        let has_ended =
            |end: &End| end.claim.as_ref().is_some_and(|claim| claim.has_ended(place.bound.now()));
        if self.hang.is_none() && self.plan.end.as_ref().is_some_and(has_ended) {
            self.plan.end = None;
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

    /// Whether it waits: so long in all as those say that still hold it.
    fn waits(&mut self, place: Place, cx: &mut TaskContext<'_>) -> bool {
        let mut now = place.bound.now();
        loop {
            self.delays.retain(|delay| !delay.is_over(now, cx));
            let whole = self.delays.iter().fold(Duration::ZERO, |sum, delay| sum.saturating_add(delay.time));
            let until = self.began.plus(whole);
            if now >= until {
                self.delays.clear();
                return false;
            }
            let wakes = self.delays.iter().filter_map(|delay| delay.expires_at).fold(until, Tick::min);
            if self.is_before(wakes, now, place, cx) {
                return true;
            }
            now = now.max(wakes);
        }
    }

    /// Whether that moment is still to come; the attempt is woken then.
    fn is_before(&mut self, moment: Tick, now: Tick, place: Place, cx: &mut TaskContext<'_>) -> bool {
        if now >= moment {
            return false;
        }
        let is_armed = self.timer.as_ref().is_some_and(|(of, _)| *of == moment);
        if !is_armed {
            self.timer = Some((moment, place.bound.shared().arm(moment, cx)));
        }
        self.timer.as_mut().is_some_and(|(_, timer)| timer.poll(cx).is_pending())
    }

    /// Hangs, until what it hangs by is disarmed or does not act any more; then it goes on.
    fn hang(&mut self, place: Place, cx: &mut TaskContext<'_>) -> Step {
        let now = place.bound.now();
        if self.hang.is_none() {
            let claim = self.plan.end.as_ref().and_then(|end| end.claim.as_ref());
            self.hang = match (claim, &self.plan.script) {
                (Some(claim), _) => Some((claim.hold(), claim.acts_until(now))),
                (None, script) => script.as_ref().map(|(script, _)| (script.hold(), None)),
            };
            self.settle_end(place);
        }
        if let Some((hold, until)) = &self.hang {
            let until = *until;
            if !hold.is_released(cx) && until.is_none_or(|until| self.is_before(until, now, place, cx)) {
                return Step::Pending;
            }
        }
        (self.hang, self.timer, self.plan.end) = (None, None, None);
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

    /// What a rule has panics: that is a fault too, and the rule's.
    pub(super) fn settle_panic(&mut self, place: Place) {
        if self.plan.end.is_some() {
            self.settle_end(place);
        } else if let Some((_, mut claim)) = self.plan.change.take() {
            place.bound.note_injection(&mut claim);
        }
    }

    /// What changes the `Ok` of the body, unless its rule was disarmed meanwhile.
    pub(super) fn change(&self, place: Place) -> Option<Change> {
        let change = self.plan.change.as_ref().filter(|(_, claim)| !claim.has_ended(place.bound.now()));
        change.map(|(change, _)| change.clone())
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

impl Delay {
    /// Whether the attempt does not wait for it any more; it is woken when what holds it is disarmed.
    fn is_over(&self, now: Tick, cx: &TaskContext<'_>) -> bool {
        self.expires_at.is_some_and(|end| now >= end) || self.hold.is_released(cx)
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
