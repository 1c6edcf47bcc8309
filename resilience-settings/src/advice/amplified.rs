//! Computes how many attempts one request may become over services that call each other. In: the services, and who calls whom. Out:
//! chains of callers in which retries, or copies, multiply.

use std::collections::{BTreeMap, BTreeSet};

use super::alone::deposited;
use super::patch::assignment;
use super::piece::{Advice, Rule, Verdict};
use super::subject::Subject;
use crate::policy::{Key, NestedRetries, Value};

/// A request that becomes more attempts than these at one service is a storm of its own: three layers of two attempts.
pub(super) const MOST_ATTEMPTS: u64 = 8;
/// Chains longer than this are cut.
const LONGEST: usize = 16;
/// So many chains are looked at: where everybody calls everybody there are more than anybody can count.
const MOST_CHAINS: usize = 1_000;

/// The chains that multiply.
pub(super) fn amplified(subjects: &[Subject<'_>], calls: &[(String, String)]) -> Vec<Advice> {
    let callees = callees(subjects, calls);
    let called: BTreeSet<usize> = callees.iter().flatten().copied().collect();
    let calls_others = |place: &usize| callees.get(*place).is_some_and(|callees| !callees.is_empty());
    let mut chains = Vec::new();
    let from_outside = (0..subjects.len()).filter(|place| calls_others(place) && !called.contains(place));
    from_outside.for_each(|start| follow(start, &callees, &mut chains));
    // A circle that nobody calls from outside has no beginning: a request may come in at each of its services.
    let reached: BTreeSet<usize> = chains.iter().flatten().copied().collect();
    let in_circles = (0..subjects.len()).filter(|place| calls_others(place) && !reached.contains(place));
    in_circles.for_each(|start| follow(start, &callees, &mut chains));
    // Of the ways between two services, the worst is told.
    let mut worst: BTreeMap<(&str, &str), (u64, Vec<&Subject<'_>>)> = BTreeMap::new();
    for chain in chains {
        let chain: Vec<&Subject<'_>> = chain.iter().filter_map(|place| subjects.get(*place)).collect();
        let product = product(&chain).unwrap_or(u64::MAX);
        let (Some(outer), Some(last)) = (outer(&chain), chain.last()) else { continue };
        if product > MOST_ATTEMPTS {
            let known = worst.entry((outer.name, last.name)).or_default();
            if product > known.0 {
                *known = (product, chain);
            }
        }
    }
    worst.values().filter_map(|(_, chain)| multiplied(chain)).collect()
}

/// The one to change: the innermost of those that repeat what others below them have tried, or else of those that copy it.
fn outer<'s, 'q>(chain: &[&'s Subject<'q>]) -> Option<&'s Subject<'q>> {
    let innermost = |multiplies: fn(&Subject<'_>) -> bool| {
        chain.iter().rev().skip(1).find(|subject| multiplies(subject)).copied()
    };
    innermost(repeats).or_else(|| innermost(|subject| copies(subject) > 1))
}

/// Whom each of them calls. A call of the same service passes through, and adds nothing.
fn callees(subjects: &[Subject<'_>], calls: &[(String, String)]) -> Vec<Vec<usize>> {
    let place = |name: &str| subjects.iter().position(|subject| subject.name == name);
    let mut callees = vec![BTreeSet::new(); subjects.len()];
    for (caller, callee) in calls.iter().filter(|(caller, callee)| caller != callee) {
        if let (Some(caller), Some(callee)) = (place(caller), place(callee))
            && let Some(callees) = callees.get_mut(caller)
        {
            callees.insert(callee);
        }
    }
    callees.into_iter().map(|callees| callees.into_iter().collect()).collect()
}

/// The ways from a service to those that call nobody, or nobody new.
fn follow(start: usize, callees: &[Vec<usize>], chains: &mut Vec<Vec<usize>>) {
    let mut open = vec![vec![start]];
    while let Some(chain) = open.pop() {
        if chains.len() >= MOST_CHAINS {
            return;
        }
        let callees = chain.last().and_then(|last| callees.get(*last)).map_or(&[][..], Vec::as_slice);
        let next: Vec<usize> = callees.iter().copied().filter(|callee| !chain.contains(callee)).collect();
        if next.is_empty() || chain.len() >= LONGEST {
            chains.push(chain);
            continue;
        }
        open.extend(next.into_iter().map(|callee| [chain.as_slice(), &[callee]].concat()));
    }
}

/// Each layer of retries multiplies those below it, and so does each of copies.
fn multiplied(chain: &[&Subject<'_>]) -> Option<Advice> {
    let (outer, last) = (outer(chain)?, chain.last()?);
    let number = format!(
        "one request may become {} attempts at `{}`: {}; with every budget spent {}",
        said(product(chain)),
        last.name,
        listed(chain),
        in_outage(chain),
    );
    let rule = (Rule::Amplification, Verdict::Problem);
    if repeats(outer) {
        let to = Value::NestedRetries(NestedRetries::Suppress);
        let remedy = format!(
            "write `{}` for `{}`, or let one layer alone retry",
            assignment(Key::NestedRetries, &to),
            outer.name
        );
        let changes = vec![(Key::NestedRetries, to)];
        return Some(outer.advice(rule, Key::NestedRetries, (number, remedy), changes));
    }
    let remedy =
        format!("write `hedge = \"off\"` for `{}`: copies belong where nothing is called", outer.name);
    Some(outer.advice(rule, Key::Hedge, (number, remedy), Vec::new()))
}

/// Attempts at the last for one call of the first; `None` where one of them makes as many as fit into its deadline.
pub(super) fn product(chain: &[&Subject<'_>]) -> Option<u64> {
    chain.iter().enumerate().try_fold(1_u64, |product, (place, subject)| {
        let factor = attempts(subject, place + 1 == chain.len())?.saturating_mul(copies(subject));
        Some(product.saturating_mul(factor))
    })
}

/// A number of attempts, in words.
pub(super) fn said(attempts: Option<u64>) -> String {
    attempts.map_or("any number of".to_owned(), |count| count.to_string())
}

/// The factors of a chain.
pub(super) fn listed(chain: &[&Subject<'_>]) -> String {
    let told = chain.iter().enumerate().map(|(place, subject)| {
        let attempts = attempts(subject, place + 1 == chain.len());
        let attempts = attempts.map_or("any number".to_owned(), |count| count.to_string());
        match copies(subject) {
            1 => format!("{attempts} of `{}`", subject.name),
            copies => format!("{attempts} of `{}`, each in up to {copies} copies", subject.name),
        }
    });
    told.collect::<Vec<_>>().join(" × ")
}

/// Attempts of a service in a chain. The innermost makes all of its own; the others make more than one only where they repeat.
fn attempts(subject: &Subject<'_>, is_last: bool) -> Option<u64> {
    if is_last || repeats(subject) { subject.attempts().map(u64::from) } else { Some(1) }
}

/// Copies of each attempt, the first included.
fn copies(subject: &Subject<'_>) -> u64 {
    subject.call.hedge.as_ref().map_or(1, |hedge| u64::from(hedge.max).saturating_add(1))
}

/// Whether it retries an attempt in which a call further in has used up its own retries.
pub(super) fn repeats(subject: &Subject<'_>) -> bool {
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
