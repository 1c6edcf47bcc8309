//! Advises on services that call each other: callers that give up before those whom they call, and those whose attempts multiply.
//! In: the services, and who calls whom. Out: advice; how attempts multiply, `amplified` computes.
//!
//! A file does not say who calls whom. Without it, all that can be said is what would be if the services of the file stood on
//! one another, which is a note.

use std::time::Duration;

use super::alone::{has_time, made_of, worst_case};
use super::amplified::{MOST_ATTEMPTS, amplified, listed, product, repeats, said};
use super::patch::assignment;
use super::piece::{Advice, Rule, Verdict};
use super::subject::Subject;
use crate::duration::{text, whole};
use crate::policy::{Key, Value};

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
                let most = |subject: &Subject<'_>| product(&[subject]).unwrap_or(u64::MAX);
                self.subjects.sort_by_key(|subject| std::cmp::Reverse(most(subject)));
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
        // A call of the same service passes through: it has no deadline and no retries of its own.
        let others = self.calls.iter().filter(|(caller, inner)| caller != inner);
        let pairs = others.filter_map(|(caller, inner)| Some((find(caller)?, find(inner)?)));
        let late = pairs.filter_map(|(caller, inner)| outlives(caller, inner));
        late.chain(amplified(&self.subjects, self.calls)).collect()
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
    let worst = worst_case(inner);
    let ends = worst.into_iter().chain(inner.deadline()).min();
    if ends.is_some_and(|ends| ends <= limit) {
        return None;
    }
    let takes = ends.map_or("any time".to_owned(), |ends| text(whole(ends, Duration::from_millis(1))));
    let counted = match worst {
        Some(worst) if ends == Some(worst) => format!(" (counted: {})", made_of(inner)),
        _ => String::new(),
    };
    let number = format!(
        "a call may take {takes}, and its caller `{}` gives up after {} (`{}`, {}){counted}",
        caller.name,
        text(limit),
        key.path(),
        caller.place(key)
    );
    let fits = Value::Duration(limit);
    // A deadline that leaves no time for a second attempt would only move the fault.
    let (remedy, changes) = if has_time(inner, limit) {
        let remedy = format!(
            "write `{}` for `{}`, so that its last attempt is not made for nobody, or give `{}` more time",
            assignment(Key::Deadline, &fits),
            inner.name,
            caller.name
        );
        (remedy, vec![(Key::Deadline, fits)])
    } else {
        let remedy = format!(
            "give `{}` more time, or `{}` shorter or fewer attempts: two that time out do not fit in {}",
            caller.name,
            inner.name,
            text(limit)
        );
        (remedy, Vec::new())
    };
    let rule = (Rule::WorstCaseLatency, Verdict::Problem);
    Some(inner.advice(rule, Key::Deadline, (number, remedy), changes))
}

/// The same of a file that does not say who calls whom: the two that would multiply most.
fn if_stacked(most: &[Subject<'_>]) -> Option<Advice> {
    let chain = &most.iter().collect::<Vec<_>>()[..];
    if chain.len() < 2 {
        return None;
    }
    let product = product(chain);
    if product.is_some_and(|product| product <= MOST_ATTEMPTS) {
        return None;
    }
    let (outer, inner) = (chain.first()?, chain.last()?);
    let number = format!(
        "if a call of `{}` made one of `{}`, one request might become {} attempts: {}",
        outer.name,
        inner.name,
        said(product),
        listed(chain)
    );
    let remedy = "say who calls whom (`--calls CALLER:CALLEE`) to have this judged".to_owned();
    Some(outer.advice((Rule::Amplification, Verdict::Note), Key::MaxAttempts, (number, remedy), Vec::new()))
}
