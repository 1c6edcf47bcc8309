//! Makes the plan of an attempt out of the rules and scripts of a registry; which rule hits it, `active` decides. In: who arms and
//! disarms them, and the attempts that ask. Out: the plan of each attempt, and how often each rule has hit.

mod scripts;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};

#[cfg(feature = "config")]
use resilience_settings::config::chaos::ChaosRule;
use resilience_settings::config::limits::MAX_FINDINGS;
use resilience_settings::layers::Finding;
use resilience_settings::suggest::nearest;

use super::active::{Active, RuleStatus};
use super::at::At;
use super::claim::Claim;
use super::kinds::kind_names;
use super::maker::Maker;
use super::names::Labels;
use super::plan::{End, Plan};
#[cfg(feature = "config")]
use super::rule::Origin;
use super::rule::{ErrorOf, Fault, Rule, Target};
use super::script::Script;
use super::suffered::Suffered;
use crate::clock::Tick;
use crate::sync::lock;

/// What is injected into the attempts of a registry.
#[derive(Default)]
pub(crate) struct Chaos {
    /// Whether there is anything to ask. All that an attempt pays while there is not.
    is_armed: AtomicBool,
    last_id: AtomicU64,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    rules: Vec<Arc<Active>>,
    scripts: Vec<Arc<Script>>,
    /// What the program makes errors with, by name.
    makers: HashMap<String, Maker>,
    labels: Labels,
    /// How many attempts were hit, by service and label. They stay when the rule is gone, as counters do.
    counts: BTreeMap<(&'static str, &'static str), u64>,
    findings: Vec<Finding>,
    /// The rules of the file that was followed last.
    #[cfg(feature = "config")]
    file: Vec<ChaosRule>,
    /// What was armed of them. Attempts may hang by one that is used up, until the file has it no more.
    #[cfg(feature = "config")]
    of_file: Vec<Arc<Active>>,
}

/// A rule that has ended, or was ended. To be dropped outside of every lock: what it holds is the user's.
#[derive(Debug)]
pub(crate) struct Ended(Arc<Active>);

/// A rule that has met a call to which it does nothing.
#[derive(Clone, Debug)]
pub(crate) struct Misfit {
    pub(crate) rule: String,
    pub(crate) why: WhyMisfit,
}

/// Why a rule does nothing to a call.
#[derive(Clone, Debug)]
pub(crate) enum WhyMisfit {
    /// The call takes no value of the type that it has.
    OtherType { given: &'static str, wanted: &'static str },
    /// It names an error that nobody has registered, and that is perhaps called this.
    Unregistered { error: String, near: Option<String> },
}

impl State {
    /// Nobody has registered an error of that name.
    fn unregistered(&self, error: &str) -> WhyMisfit {
        let mut names: Vec<&str> = kind_names().collect();
        names.extend(self.makers.keys().map(String::as_str));
        WhyMisfit::Unregistered { error: error.to_owned(), near: nearest(error, &names).map(str::to_owned) }
    }
}

impl Ended {
    /// The rule.
    pub(crate) fn active(&self) -> &Active {
        &self.0
    }
}

impl Chaos {
    /// Whether attempts have to ask.
    #[inline]
    pub(crate) fn is_armed(&self) -> bool {
        self.is_armed.load(Ordering::Relaxed)
    }

    /// Arms a rule, in place of one of the same origin that was given the same name. Gives back what it has replaced.
    pub(crate) fn arm(&self, rule: Rule, now: Tick) -> (Arc<Active>, Vec<Ended>) {
        let id = self.last_id.fetch_add(1, Ordering::Relaxed) + 1;
        let mut state = self.lock();
        let is_replaced = |old: &Active| {
            rule.name.is_some() && (&old.rule.name, old.rule.origin) == (&rule.name, rule.origin)
        };
        let replaced = self.end(&mut state, is_replaced);
        let active = Arc::new(Active::new(rule, id, now, &mut state.labels));
        state.rules.push(Arc::clone(&active));
        self.note_armed(&state);
        (active, replaced)
    }

    /// Disarms those rules.
    pub(crate) fn disarm(&self, is_meant: impl Fn(&Rule, u64) -> bool) -> Vec<Ended> {
        self.end(&mut self.lock(), |active| is_meant(&active.rule, active.id))
    }

    /// The rules of the file are these. Those of them that were there go on as they are, and do not begin again where they are
    /// over. Gives back what is new, and what is not there any more.
    #[cfg(feature = "config")]
    pub(crate) fn follow_file(&self, said: &[ChaosRule], now: Tick) -> (Vec<Arc<Active>>, Vec<Ended>) {
        let mut state = self.lock();
        let is_kept = |active: &Active| said.iter().any(|said| active.rule.is_said(said));
        let mut ended = self.end(&mut state, |active| active.rule.origin == Origin::File && !is_kept(active));
        let is_new = |said: &&ChaosRule| !state.file.iter().any(|known| known.is_same(said));
        let new: Vec<Rule> = said.iter().filter(is_new).map(|said| Rule::of(said, Origin::File)).collect();
        state.file = said.to_vec();
        let (kept, gone): (Vec<_>, Vec<_>) =
            std::mem::take(&mut state.of_file).into_iter().partition(|active| is_kept(active));
        state.of_file = kept;
        drop(state);
        for active in gone {
            active.release();
        }
        let arm = |rule| {
            let (active, replaced) = self.arm(rule, now);
            ended.extend(replaced);
            active
        };
        let armed: Vec<_> = new.into_iter().map(arm).collect();
        self.lock().of_file.extend(armed.iter().map(Arc::clone));
        (armed, ended)
    }

    /// Disarms what is over by now.
    pub(crate) fn end_what_is_over(&self, now: Tick) -> Vec<Ended> {
        self.end(&mut self.lock(), |active| active.is_over(now))
    }

    /// What is armed, with whom it means.
    pub(crate) fn targets(&self, now: Tick) -> Vec<(String, Target)> {
        let state = self.lock();
        let armed = state.rules.iter().filter(|active| !active.is_over(now));
        armed.map(|active| (active.name().to_owned(), active.rule.target.clone())).collect()
    }

    /// All that is armed.
    pub(crate) fn statuses(&self, now: Tick) -> Vec<RuleStatus> {
        self.lock()
            .rules
            .iter()
            .filter(|active| !active.is_over(now))
            .map(|active| active.status(now))
            .collect()
    }

    /// How many attempts of a service each rule has hit.
    pub(crate) fn counts_of(&self, service: &str) -> Vec<(&'static str, u64)> {
        let state = self.lock();
        let of_service = state.counts.iter().filter(|((of, _), _)| *of == service);
        of_service.map(|((_, rule), count)| (*rule, *count)).collect()
    }

    /// Remembers how to make the errors of that name.
    pub(crate) fn register(&self, name: &str, maker: Maker) {
        let before = self.lock().makers.insert(name.to_owned(), maker);
        drop(before);
    }

    /// What an attempt is to meet, and what has turned out to be over. `unit` gives random numbers in `[0, 1)`.
    pub(crate) fn plan(
        &self,
        at: &At<'_>,
        now: Tick,
        mut unit: impl FnMut() -> f64,
    ) -> (Plan, Vec<Ended>, Option<Misfit>) {
        let mut state = self.lock();
        let ended = self.end(&mut state, |active| active.is_over(now));
        let mut plan = Plan::default();
        if self.takes_step(&mut state, at, &mut plan) {
            return (plan, ended, None);
        }
        let mut misfit = None;
        for active in &state.rules {
            let is_free = plan.end.is_none() && plan.change.is_none();
            let fault = active.rule.fault.as_ref();
            if fault.is_some() && !is_free || !active.strikes(at, now, &mut unit) {
                continue;
            }
            let delay = active.rule.latency.as_ref().map(|latency| latency.sample(&mut unit));
            let claim = Claim::new(active, delay.unwrap_or_default());
            let suffered = match fault {
                None => {
                    plan.delayed_by.push(claim);
                    continue;
                }
                Some(Fault::ChangeOk(change)) => {
                    plan.change = Some((change.clone(), claim));
                    continue;
                }
                Some(Fault::Error(ErrorOf::Maker(maker))) => Suffered::Error(maker.clone()),
                Some(Fault::Error(ErrorOf::Registered(name))) => {
                    let Some(maker) = state.makers.get(name) else {
                        misfit = misfit.or_else(|| Self::misfit(&claim, || state.unregistered(name)));
                        continue;
                    };
                    Suffered::Error(maker.clone())
                }
                Some(Fault::Hang) => Suffered::Hang,
                Some(Fault::Panic) => Suffered::Panic,
                Some(Fault::Reject(kind)) => Suffered::Reject(*kind),
            };
            plan.end = Some(End { suffered, claim: Some(claim) });
        }
        (plan, ended, misfit)
    }

    /// An attempt at that service was hit. Says whether that is new, and what is over with it.
    pub(crate) fn settle(&self, claim: &mut Claim, service: &'static str, now: Tick) -> (bool, Vec<Ended>) {
        if !claim.settle() {
            return (false, Vec::new());
        }
        let mut state = self.lock();
        *state.counts.entry((service, claim.label())).or_default() += 1;
        (true, self.end(&mut state, |active| active.is_over(now)))
    }

    /// An attempt at that service was hit, under that label.
    pub(crate) fn count(&self, service: &'static str, label: &'static str) {
        *self.lock().counts.entry((service, label)).or_default() += 1;
    }

    /// Keeps a finding. Says whether it is new.
    pub(crate) fn find(&self, finding: Finding) -> bool {
        let findings = &mut self.lock().findings;
        let is_new = findings.len() < MAX_FINDINGS && !findings.contains(&finding);
        if is_new {
            findings.push(finding);
        }
        is_new
    }

    /// What is odd about the rules.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        self.lock().findings.clone()
    }

    /// The rule does nothing to the attempt; `None` if that has been said of the rule.
    pub(crate) fn misfit(claim: &Claim, why: impl FnOnce() -> WhyMisfit) -> Option<Misfit> {
        claim.active.is_first_misfit().then(|| Misfit { rule: claim.name().to_owned(), why: why() })
    }

    fn end(&self, state: &mut State, is_meant: impl Fn(&Active) -> bool) -> Vec<Ended> {
        let ended: Vec<Ended> = state
            .rules
            .iter()
            .filter(|active| is_meant(active))
            .map(|active| Ended(Arc::clone(active)))
            .collect();
        if !ended.is_empty() {
            state.rules.retain(|active| !is_meant(active));
            self.note_armed(state);
        }
        ended
    }

    fn note_armed(&self, state: &State) {
        self.is_armed.store(!state.rules.is_empty() || !state.scripts.is_empty(), Ordering::Relaxed);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

impl fmt::Debug for Chaos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chaos").field("is_armed", &self.is_armed()).finish_non_exhaustive()
    }
}
