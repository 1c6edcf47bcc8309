//! Decides which proposed changes go together, and takes back those that bring other problems. In: advice. Out: the changes. A
//! change alters what the other rules see: a budget that is switched on has a share to judge, a shorter deadline leaves less time
//! for attempts. So each change is laid over the settings, the rules are asked again, and one that brings a problem is taken back.
//! What is left when nothing is added is what the patch has; asked of the patched file, the same rules come to the same end at
//! once, and add nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::across::Layers;
use super::alone::alone;
use super::measured::measured;
use super::patch::assignment;
use super::piece::{Advice, Rule, Verdict};
use super::question::Question;
use super::subject::Subject;
use crate::layers::ground::Ground;
use crate::policy::{Key, Patch, Value};

/// Changes settle in two or three rounds: a problem, what is measured beside its remedy, and a look at both. Where very many
/// services call each other, each round finds another chain.
const MOST_ROUNDS: usize = 100;
/// Remedies that follow from one remedy.
const MOST_FOLLOWING: usize = 4;

/// The settings of all services, with the changes that have been decided over them.
#[derive(Debug)]
pub(super) struct Plan<'q> {
    ground: &'q Ground<'q>,
    question: &'q Question,
    /// By service.
    changes: BTreeMap<&'q str, Patch>,
}

impl<'q> Plan<'q> {
    /// Nothing is changed.
    pub(super) fn new(ground: &'q Ground<'q>, question: &'q Question) -> Self {
        Self { ground, question, changes: BTreeMap::new() }
    }

    /// A service as it will be.
    pub(super) fn subject(&self, name: &'q str) -> Subject<'q> {
        Subject::new(name, self.ground, self.question.running.get(name), self.changes.get(name))
    }

    /// What has been decided of a key.
    pub(super) fn decided(&self, service: &str, key: Key) -> Option<&Value> {
        self.changes.get(service)?.get(key)
    }

    /// Decides what can be changed in these services. Gives back what is told beside the problems of today: proposals,
    /// refusals, and problems that come up behind others.
    pub(super) fn settle(&mut self, open: &BTreeSet<&'q str>) -> Vec<Advice> {
        let (mut taken, mut refused) = (Vec::new(), Vec::new());
        for _ in 0..MOST_ROUNDS {
            refused.clear();
            let mut is_settled = true;
            for name in open {
                for (advice, is_taken) in self.solve(name).into_iter().chain(self.improve(name)) {
                    if is_taken {
                        is_settled = false;
                        taken.retain(|earlier| !is_replaced(earlier, &advice));
                        taken.push(advice);
                    } else {
                        refused.push(advice);
                    }
                }
            }
            if is_settled {
                break;
            }
        }
        taken.append(&mut refused);
        taken
    }

    /// Applies the remedies for the problems of a service; those that bring other problems are left to people, and say so.
    fn solve(&mut self, name: &'q str) -> Vec<(Advice, bool)> {
        let mut told = Vec::new();
        for problem in self.problems(name) {
            if problem.service != name || !self.is_new(&problem) {
                continue;
            }
            match self.take(name, std::slice::from_ref(&problem), MOST_FOLLOWING) {
                Ok(following) => {
                    told.extend([problem].into_iter().chain(following).map(|one| (one, true)));
                }
                Err(why) => {
                    let remedy = format!("{}; it is not in the patch, since it {why}", problem.remedy);
                    told.push((Advice { remedy, ..problem }, false));
                }
            }
        }
        told
    }

    /// Applies what the measured numbers of a service propose.
    fn improve(&mut self, name: &'q str) -> Vec<(Advice, bool)> {
        let Some(facts) = self.question.measured.get(name) else { return Vec::new() };
        let found = measured(&self.subject(name), facts, self.question.capacity_of(name));
        let mut told = Vec::new();
        // The values of one rule go together.
        for group in found.chunk_by(|one, next| one.rule == next.rule) {
            let (proposed, others): (Vec<_>, Vec<_>) =
                group.iter().cloned().partition(|one| one.verdict == Verdict::Proposal);
            told.extend(others.into_iter().map(|one| (one, false)));
            if proposed.is_empty() {
                continue;
            }
            match self.take(name, &proposed, 0) {
                Ok(_) => told.extend(proposed.into_iter().map(|one| (one, true))),
                Err(why) => told.extend(proposed.into_iter().map(|one| (refused(one, &why), false))),
            }
        }
        told
    }

    /// Lays the changes of this advice, and of so many that follow from it, over a service. Where they bring anything wrong,
    /// nothing is changed, and that is told.
    fn take(&mut self, name: &'q str, group: &[Advice], most: usize) -> Result<Vec<Advice>, String> {
        let before = self.problems(name);
        let kept = self.changes.get(name).cloned();
        let taken = self.try_out(name, group, most, &before);
        if taken.is_err() {
            match kept {
                Some(kept) => drop(self.changes.insert(name, kept)),
                None => drop(self.changes.remove(name)),
            }
        }
        taken
    }

    fn try_out(
        &mut self,
        name: &'q str,
        group: &[Advice],
        most: usize,
        before: &[Advice],
    ) -> Result<Vec<Advice>, String> {
        self.lay(name, group)?;
        // What multiplies less may be told of more callers than before: each of those that multiplied through one of them.
        let lessens = group.iter().all(|one| one.rule == Rule::Amplification);
        let mut following = Vec::new();
        loop {
            let mut now = self.problems(name);
            now.retain(|one| !(lessens && one.rule == Rule::Amplification));
            let Some(brought) = first_brought(before, now) else { break };
            if following.len() >= most || brought.service != name || !self.is_new(&brought) {
                let Advice { service, rule, number, .. } = brought;
                return Err(format!("would bring a problem of `{service}` ({rule}: {number})"));
            }
            self.lay(name, std::slice::from_ref(&brought))?;
            following.push(brought);
        }
        Ok(following)
    }

    fn lay(&mut self, name: &'q str, group: &[Advice]) -> Result<(), String> {
        let new: Patch =
            group.iter().flat_map(|one| &one.changes).map(|change| (change.key, change.to.clone())).collect();
        let subject = self.subject(name);
        if let Some((key, other)) = subject.contradicts(&new) {
            return Err(format!("does not go with {}, because of `{}`", subject.told_of(other), key.path()));
        }
        self.changes.entry(name).or_default().extend(&new);
        Ok(())
    }

    /// Whether it changes anything that has not been decided so.
    fn is_new(&self, advice: &Advice) -> bool {
        advice.changes.iter().any(|change| self.decided(&advice.service, change.key) != Some(&change.to))
    }

    /// The problems that a change of this service may bring or solve.
    fn problems(&self, name: &'q str) -> Vec<Advice> {
        let mut found = alone(&self.subject(name));
        let calls = &self.question.calls;
        let named: BTreeSet<&'q str> =
            calls.iter().flat_map(|(caller, callee)| [caller.as_str(), callee.as_str()]).collect();
        if named.contains(name) {
            let mut layers = Layers::new(calls);
            for name in named {
                layers.add(self.subject(name));
            }
            found.extend(layers.advice());
        }
        found.retain(|one| one.verdict == Verdict::Problem);
        found
    }
}

/// The first problem that was not there. Layers multiply together, so it is one problem whichever of them is told to change.
fn first_brought(before: &[Advice], now: Vec<Advice>) -> Option<Advice> {
    let of = |one: &Advice| {
        let service = if one.rule == Rule::Amplification { String::new() } else { one.service.clone() };
        (one.rule, service)
    };
    let mut known: BTreeMap<_, usize> = BTreeMap::new();
    for one in before {
        *known.entry(of(one)).or_default() += 1;
    }
    now.into_iter().find(|one| match known.get_mut(&of(one)) {
        Some(left) if *left > 0 => {
            *left -= 1;
            false
        }
        _ => true,
    })
}

/// Whether the later advice is the last word on what the earlier one changes.
fn is_replaced(earlier: &Advice, later: &Advice) -> bool {
    let changes = |key| later.changes.iter().any(|change| change.key == key);
    earlier.service == later.service
        && earlier.rule == later.rule
        && earlier.changes.iter().any(|change| changes(change.key))
}

/// A proposal that does not go with the rest.
fn refused(proposal: Advice, why: &str) -> Advice {
    let values: Vec<String> =
        proposal.changes.iter().map(|change| format!("`{}`", assignment(change.key, &change.to))).collect();
    let number = format!("{} {why}; computed: {}", values.join(" with "), proposal.number);
    let remedy = "change both, or neither".to_owned();
    Advice { verdict: Verdict::Refused, number, remedy, changes: Vec::new(), ..proposal }
}
