//! Advises on retries that make an outage worse. In: a service. Out: its retries that make an outage worse, as nothing pays for
//! them or all come at once.

use std::time::Duration;

use crate::advice::patch::assignment;
use crate::advice::piece::{Advice, Rule, Verdict};
use crate::advice::subject::Subject;
use crate::config::global::BUDGET_SWITCH;
use crate::duration::text;
use crate::policy::{BudgetSettings, Key, Ratio, Strategy, Value};

/// Retries per call that deposits pay for in the long run; `None` where nothing bounds them, or a number per time does.
pub(in crate::advice) fn deposited(subject: &Subject<'_>) -> Option<f64> {
    match subject.service.budget.as_ref().filter(|_| subject.call.retry_budget_enabled)? {
        BudgetSettings::TokenBucket(bucket) | BudgetSettings::Adaptive(bucket, _) => {
            let cost = bucket.cost.get();
            (cost > 0.0).then(|| bucket.ratio.get() / cost)
        }
        BudgetSettings::SlidingWindow(_) | BudgetSettings::FixedWindow(_) => None,
    }
}

pub(super) fn without_budget(subject: &Subject<'_>) -> Option<Advice> {
    if !subject.retries() {
        return None;
    }
    let (key, changes) = if subject.service.budget.is_none() {
        (Key::Budget, vec![(Key::BudgetRatio, Value::Number(0.1))])
    } else if !subject.call.retry_budget_enabled {
        (Key::RetryBudgetEnabled, vec![(Key::RetryBudgetEnabled, Value::Switch(true))])
    } else {
        return None;
    };
    let factor =
        subject.attempts().map_or("any number of attempts".to_owned(), |count| format!("{count} attempts"));
    let number = format!("in an outage each call makes {factor}, and no budget bounds them");
    let remedy = match changes.first() {
        Some((key, to)) => {
            let instead = if *key == Key::BudgetRatio { " instead of `budget = \"off\"`" } else { "" };
            format!("write `{}`{instead}: a tenth of the calls may then be retried", assignment(*key, to))
        }
        None => String::new(),
    };
    // No table of the service reaches a switch for all of them.
    let (remedy, changes) = if subject.change(key, Value::Switch(true)).is_none() {
        (format!("switch `[global] {BUDGET_SWITCH}` on: it stands above every service"), Vec::new())
    } else {
        (remedy, changes)
    };
    let rule = (Rule::RetriesWithoutBudget, Verdict::Problem);
    Some(subject.advice(rule, key, (number, remedy), changes))
}

pub(super) fn without_chance(subject: &Subject<'_>) -> Option<Advice> {
    let backoff = &subject.call.backoff;
    let share = backoff.jitter.map(Ratio::get);
    let has_chance = match backoff.strategy {
        Strategy::ExponentialJitter | Strategy::ConstantJitter => share != Some(0.0),
        Strategy::Adaptive | Strategy::DecorrelatedJitter => true,
        _ => share.is_some_and(|share| share > 0.0),
    };
    if !subject.retries() || has_chance || backoff.base_delay == Duration::ZERO {
        return None;
    }
    let delays: Vec<String> =
        backoff.delays().take(subject.attempts().unwrap_or(4).clamp(2, 4) as usize - 1).map(text).collect();
    let number = format!(
        "`{}` leaves nothing to chance: all callers that failed together come back together, after {}",
        backoff.strategy,
        delays.join(", then ")
    );
    let (key, to) = match backoff.strategy {
        Strategy::Exponential | Strategy::ExponentialJitter => {
            (Key::Strategy, Value::Strategy(Strategy::ExponentialJitter))
        }
        _ => (Key::Jitter, Value::Number(0.5)),
    };
    let mut changes = vec![(key, to.clone())];
    if key == Key::Strategy && share.is_some() {
        changes.push((Key::Jitter, Value::Number(1.0)));
    }
    let remedy = format!("write `{}`", assignment(key, &to));
    let at = if share == Some(0.0) { Key::Jitter } else { Key::Strategy };
    Some(subject.advice((Rule::NoJitter, Verdict::Problem), at, (number, remedy), changes))
}
