//! Gives all advice on the services of a file, the weightiest first. In: settings and measurements. Out: advice.

use std::collections::BTreeSet;

use super::across::Layers;
use super::alone::alone;
use super::piece::{Advice, Verdict};
use super::plan::Plan;
use super::question::Question;
use crate::config::file::FileConfig;
use crate::layers::ground::Ground;

/// All advice: problems, then proposals, then what was refused, then notes; by service within each. Its changes go together: a
/// file that has them all brings no problem that it did not have, and none of them is advised again.
pub fn advise(file: &FileConfig, question: &Question) -> Vec<Advice> {
    let ground = Ground::new(Some(file));
    let callers = question.calls.iter().flat_map(|(caller, callee)| [caller.as_str(), callee.as_str()]);
    let asked: BTreeSet<&str> = callers.chain(question.measured.keys().map(String::as_str)).collect();
    let names: BTreeSet<&str> = file.service_names().chain(asked.iter().copied()).collect();
    let mut plan = Plan::new(&ground, question);
    // A file may have a million services: of most, nothing is kept.
    let (mut advice, mut layers, mut open) = (Vec::new(), Layers::new(&question.calls), asked);
    for name in names {
        let subject = plan.subject(name);
        let found = alone(&subject);
        if found.iter().any(|one| !one.changes.is_empty()) {
            open.insert(name);
        }
        advice.extend(found);
        layers.add(subject);
    }
    advice.extend(layers.advice());
    for one in plan.settle(&open) {
        if !advice.iter().any(|known| is_same(known, &one)) {
            advice.push(one);
        } else if let Some(known) =
            advice.iter_mut().find(|known| is_same(known, &one) && known.number == one.number)
        {
            // It may say why its remedy is not applied.
            known.remedy = one.remedy;
        }
    }
    for one in &mut advice {
        let Advice { service, changes, .. } = one;
        changes.retain_mut(|change| {
            let decided = plan.decided(service, change.key).cloned();
            decided.map(|value| change.to = value).is_some()
        });
    }
    let weight = |verdict: Verdict| Verdict::ALL.iter().position(|known| *known == verdict);
    advice.sort_by(|one, other| {
        let of = |advice: &Advice| (weight(advice.verdict), advice.service.clone(), advice.rule);
        of(one).cmp(&of(other))
    });
    advice
}

/// Whether they are about the same keys by the same rule: a problem of today, and the same once others are solved.
fn is_same(one: &Advice, other: &Advice) -> bool {
    let keys = |advice: &Advice| advice.changes.iter().map(|change| change.key).collect::<Vec<_>>();
    (one.rule, one.verdict, &one.service) == (other.rule, other.verdict, &other.service)
        && one.verdict == Verdict::Problem
        && keys(one) == keys(other)
}
