//! The rules for services that call each other. In: the services, and who calls whom. Out: callers that give up before those
//! whom they call, and how many attempts one request may become.
//!
//! A file does not say who calls whom. Without it, all that can be said is what would be if the services of the file stood on
//! one another, which is a note.

use std::time::Duration;

use super::alone::{deposited, has_time, worst_case};
use super::patch::assignment;
use super::piece::{Advice, Rule, Verdict};
use super::subject::Subject;
use crate::duration::{text, whole};
use crate::policy::{Key, NestedRetries, Value};

/// A request that becomes more attempts than these at one service is a storm of its own: three layers of two attempts.
const MOST_ATTEMPTS: u64 = 8;
/// Chains longer than this are cut: a circle of callers has no end.
const LONGEST: usize = 16;

/// The services that are looked at together.
#[derive(Debug)]
pub(super) struct Layers<'q> {
    calls: &'q [(String, String)],
    /// Those that are named; where none is, the two that make the most attempts.
    subjects: Vec<Subject<'q>>,
}

impl<'q> Layers<'q> {
    pub(super) fn new(calls: &'q [(String, String)]) -> Self {
        Self { calls, subjects: Vec::new() }
    }

    pub(super) fn add(&mut self, subject: Subject<'q>) {
        if self.calls.is_empty() {
            if repeats(&subject) {
                self.subjects.push(subject);
                self.subjects.sort_by_key(|subject| std::cmp::Reverse(subject.attempts()));
                self.subjects.truncate(2);
            }
        } else if self
            .calls
            .iter()
            .any(|(caller, inner)| [caller, inner].iter().any(|name| *name == subject.name))
        {
            self.subjects.push(subject);
        }
    }

    pub(super) fn advice(&self) -> Vec<Advice> {
        if self.calls.is_empty() {
            return if_stacked(&self.subjects).into_iter().collect();
        }
        let find = |name: &str| self.subjects.iter().find(|subject| subject.name == name);
        let pairs = self.calls.iter().filter_map(|(caller, inner)| Some((find(caller)?, find(inner)?)));
        let late = pairs.filter_map(|(caller, inner)| outlives(caller, inner));
        let chains = chains(&self.subjects, self.calls);
        late.chain(chains.iter().filter_map(|chain| multiplied(chain))).collect()
    }
}

/// What is called goes on when its caller has given up.
fn outlives(caller: &Subject<'_>, inner: &Subject<'_>) -> Option<Advice> {
    let (key, limit) = match (caller.call.attempt_timeout, caller.deadline()) {
        (Some(timeout), deadline) if deadline.is_none_or(|deadline| timeout <= deadline) => {
            (Key::AttemptTimeout, timeout)
        }
        (_, Some(deadline)) => (Key::Deadline, deadline),
        _ => return None,
    };
    let worst = worst_case(inner)?;
    let ends = inner.deadline().map_or(worst, |deadline| worst.min(deadline));
    if ends <= limit {
        return None;
    }
    let number = format!(
        "a call may take {}, and its caller `{}` gives up after {} (`{}`, {})",
        text(whole(ends, Duration::from_millis(1))),
        caller.name,
        text(limit),
        key.path(),
        caller.place(key)
    );
    let fits = Value::Duration(limit);
    let remedy = format!(
        "write `{}` for `{}`, so that its last attempt is not made for nobody, or give `{}` more time",
        assignment(Key::Deadline, &fits),
        inner.name,
        caller.name
    );
    // A deadline that leaves no time for a second attempt would only move the fault.
    let changes = if has_time(inner, limit) { vec![(Key::Deadline, fits)] } else { Vec::new() };
    let rule = (Rule::WorstCaseLatency, Verdict::Problem);
    Some(inner.advice(rule, Key::Deadline, (number, remedy), changes))
}

/// The ways from a service that nobody calls to one that calls nobody.
fn chains<'s, 'q>(subjects: &'s [Subject<'q>], calls: &[(String, String)]) -> Vec<Vec<&'s Subject<'q>>> {
    let is_called = |name: &str| calls.iter().any(|(caller, callee)| callee == name && caller != name);
    let mut open: Vec<Vec<&Subject<'_>>> = subjects
        .iter()
        .filter(|subject| calls.iter().any(|(caller, _)| caller == subject.name) && !is_called(subject.name))
        .map(|subject| vec![subject])
        .collect();
    let mut whole = Vec::new();
    while let Some(chain) = open.pop() {
        let last = chain.last().map_or("", |subject| subject.name);
        let next: Vec<_> = subjects
            .iter()
            .filter(|subject| calls.iter().any(|(caller, callee)| caller == last && callee == subject.name))
            .filter(|subject| !chain.iter().any(|known| known.name == subject.name))
            .collect();
        if next.is_empty() || chain.len() >= LONGEST {
            whole.push(chain);
            continue;
        }
        open.extend(next.into_iter().map(|subject| [chain.as_slice(), &[subject]].concat()));
    }
    whole
}

/// Each layer of retries multiplies those below it.
fn multiplied(chain: &[&Subject<'_>]) -> Option<Advice> {
    let product = product(chain)?;
    let last = chain.last()?;
    if product <= MOST_ATTEMPTS {
        return None;
    }
    // The outermost that repeats what those below it have tried is the one to change.
    let outer = chain.iter().rev().skip(1).find(|subject| repeats(subject))?;
    let named: Vec<String> = chain.iter().map(|subject| told(subject)).collect();
    let number = format!(
        "one request may become {product} attempts at `{}`: {}; with every budget spent {}",
        last.name,
        named.join(" × "),
        in_outage(chain),
    );
    let to = Value::NestedRetries(NestedRetries::Suppress);
    let remedy = format!(
        "write `{}` for `{}`, or let one layer alone retry",
        assignment(Key::NestedRetries, &to),
        outer.name
    );
    let rule = (Rule::Amplification, Verdict::Problem);
    Some(outer.advice(rule, Key::NestedRetries, (number, remedy), vec![(Key::NestedRetries, to)]))
}

fn told(subject: &Subject<'_>) -> String {
    format!(
        "{} of `{}`",
        subject.attempts().map_or("any number".to_owned(), |count| count.to_string()),
        subject.name
    )
}

/// Attempts at the last for one call of the first; `None` where one of them makes as many as fit into its deadline.
fn product(chain: &[&Subject<'_>]) -> Option<u64> {
    let last = chain.len().checked_sub(1)?;
    chain.iter().enumerate().try_fold(1_u64, |product, (place, subject)| {
        let factor = if place == last || repeats(subject) { u64::from(subject.attempts()?) } else { 1 };
        Some(product.saturating_mul(factor))
    })
}

/// Whether it retries an attempt in which a call further in has used up its own retries.
fn repeats(subject: &Subject<'_>) -> bool {
    subject.retries() && subject.call.nested_retries == NestedRetries::Allow
}

/// By how much the load grows in a lasting outage, when the deposits of budgets are all that pays.
fn in_outage(chain: &[&Subject<'_>]) -> String {
    let grown = chain
        .iter()
        .filter(|subject| subject.retries())
        .try_fold(1.0, |grown, subject| Some(grown * (1.0 + deposited(subject)?)));
    grown.map_or("nothing bounds it".to_owned(), |grown| {
        format!("the load still grows by the factor {grown:.2}")
    })
}

/// The same of a file that does not say who calls whom: the two that would multiply most.
fn if_stacked(most: &[Subject<'_>]) -> Option<Advice> {
    let chain = &most.iter().collect::<Vec<_>>()[..];
    if chain.len() < 2 {
        return None;
    }
    let product = product(chain)?;
    if product <= MOST_ATTEMPTS {
        return None;
    }
    let (outer, inner) = (chain.first()?, chain.last()?);
    let number = format!(
        "if a call of `{}` made one of `{}`, one request might become {product} attempts: {} × {}",
        outer.name,
        inner.name,
        told(outer),
        told(inner)
    );
    let remedy = "say who calls whom (`--calls CALLER:CALLEE`) to have this judged".to_owned();
    Some(outer.advice((Rule::Amplification, Verdict::Note), Key::MaxAttempts, (number, remedy), Vec::new()))
}
