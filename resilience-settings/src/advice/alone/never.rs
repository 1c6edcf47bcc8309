//! Advises on what is switched on and can never act. In: a service. Out: what is switched on and can never act: breakers that
//! cannot open, budgets that cannot pay. What one layer contradicts is refused where it is written; here it is what layers come to
//! together, and what several limits say of each other.

use crate::advice::patch::assignment;
use crate::advice::piece::{Advice, Rule, Verdict};
use crate::advice::subject::Subject;
use crate::duration::text;
use crate::policy::{BudgetSettings, Key, Value, Window};
use crate::rules::conflicts::{Reason, Unwritten, conflicts};

pub(super) fn never(subject: &Subject<'_>) -> Vec<Advice> {
    let mut found: Vec<Advice> = contradicted(subject).collect();
    found.extend(never_votes(subject));
    found.extend(rate_too_low(subject));
    if found.iter().all(|advice| advice.rule != Rule::BudgetNeverPays) {
        found.extend(pays_nothing(subject));
    }
    found
}

/// The pairs that a single layer would be refused for.
fn contradicted<'s>(subject: &'s Subject<'_>) -> impl Iterator<Item = Advice> + 's {
    let pairs = conflicts(subject.keys(), |key| subject.value(key), Unwritten::Unknown);
    pairs.into_iter().filter_map(|conflict| {
        let rule = match conflict.reason {
            Reason::NeverOpens => Rule::BreakerNeverOpens,
            Reason::NeverPays if subject.retries() => Rule::BudgetNeverPays,
            _ => return None,
        };
        let shown = |key: Key| {
            let value = subject.value(key).map(ToString::to_string).unwrap_or_default();
            format!("`{}` is {value} ({})", key.path(), subject.place(key))
        };
        let number = format!("{}, and {}", shown(conflict.key), shown(conflict.other));
        let remedy = format!("lower `{}` to at most that", conflict.key.path());
        let to = match (rule, subject.value(conflict.other)) {
            (Rule::BudgetNeverPays, _) => Some(Value::Number(1.0)),
            (_, Some(Value::Window(Window::Calls(calls)))) => Some(Value::Count(u64::from(*calls))),
            _ => None,
        };
        let changes = to.map(|to| (conflict.key, to)).into_iter().collect();
        Some(subject.advice((rule, Verdict::Problem), conflict.key, (number, remedy), changes))
    })
}

/// The breaker is there, and no call asks it.
fn never_votes(subject: &Subject<'_>) -> Option<Advice> {
    if subject.service.breaker.is_none() || subject.call.circuit_breaker_enabled {
        return None;
    }
    let key = Key::CircuitBreakerEnabled;
    let number = "the service has a breaker, and 0 of its calls ask it or vote in it".to_owned();
    let to = Value::Switch(true);
    let remedy = format!("write `{}`, or `breaker = \"off\"`", assignment(key, &to));
    Some(subject.advice((Rule::BreakerNeverOpens, Verdict::Note), key, (number, remedy), Vec::new()))
}

/// The rate limit lets fewer attempts start within the window than the breaker waits for.
fn rate_too_low(subject: &Subject<'_>) -> Option<Advice> {
    let breaker = subject.service.breaker.as_ref()?;
    let rate = subject.service.rate_limit.as_ref()?;
    let Window::Time(window) = breaker.window else { return None };
    // Without enough results for a rate, rows of failures open it.
    if breaker.quiet_failures.is_some() || breaker.consecutive_failures.is_some() {
        return None;
    }
    let most = rate.per_second.get() * window.as_secs_f64() + f64::from(rate.burst);
    if most >= f64::from(breaker.min_calls) {
        return None;
    }
    let number = format!(
        "in its window of {} the rate limit lets {most:.0} attempts start ({}), and it waits for {} results",
        text(window),
        subject.place(Key::PerSecond),
        breaker.min_calls
    );
    let to = Value::Count(5);
    let remedy = format!("write `{}`, or lower `breaker.min_calls`", assignment(Key::QuietFailures, &to));
    let changes = vec![(Key::QuietFailures, to)];
    Some(subject.advice(
        (Rule::BreakerNeverOpens, Verdict::Problem),
        Key::MinCalls,
        (number, remedy),
        changes,
    ))
}

/// The budget has no income, or no room.
fn pays_nothing(subject: &Subject<'_>) -> Option<Advice> {
    let budget = subject.service.budget.as_ref().filter(|_| subject.retries())?;
    let (key, number) = match budget {
        BudgetSettings::TokenBucket(bucket) | BudgetSettings::Adaptive(bucket, _) => {
            let (cost, room) = (bucket.cost.get(), bucket.burst_capacity.get());
            if cost <= 0.0 {
                return None;
            }
            if room < cost {
                (Key::BurstCapacity, format!("it holds at most {room} tokens, and a retry costs {cost}"))
            } else if bucket.ratio.get() == 0.0 && bucket.min_per_second.get() == 0.0 {
                let number = format!(
                    "nothing is ever paid in: it pays for {:.0} retries, and then never again",
                    room / cost
                );
                (Key::BudgetRatio, number)
            } else {
                return None;
            }
        }
        BudgetSettings::SlidingWindow(quota) | BudgetSettings::FixedWindow(quota) => {
            let limits = [
                (Key::BurstCapacity, quota.burst_capacity),
                (Key::MaxRetriesPerMinute, quota.max_retries_per_minute),
                (Key::MaxRetriesPerHour, quota.max_retries_per_hour),
            ];
            let (key, _) = limits.into_iter().find(|(_, most)| *most == 0)?;
            (key, format!("`{}` is 0: no retry is ever paid for", key.path()))
        }
    };
    let to = key.built_in()?;
    let remedy = format!("write `{}`, or `max_attempts = 1` if no retry is meant", assignment(key, &to));
    Some(subject.advice((Rule::BudgetNeverPays, Verdict::Problem), key, (number, remedy), vec![(key, to)]))
}
