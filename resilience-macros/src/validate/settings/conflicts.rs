//! Words the fault of two keys of an attribute that contradict each other; which do, `rules/conflicts` decides. In: the keys of an
//! attribute. Out: a fault for each pair that contradict each other, by the rules of files; across layers the deadline wins at run
//! time.

use std::time::Duration;

use resilience_settings::duration;
use resilience_settings::policy::{BudgetKind, Key, Strategy, Value};
use resilience_settings::rules::acts::{acts_with_budget, acts_with_strategy};
use resilience_settings::rules::conflicts::{Conflict, Reason, Unwritten, conflicts};

use super::values::Values;
use crate::ast::Ast;
use crate::diagnostics::{Faults, list};

pub(in crate::validate) fn check(ast: &Ast, values: &Values<'_>, faults: &mut Faults) {
    let keys = values.all().map(|(key, _)| key);
    let found = conflicts(keys, |key| values.get(key), Unwritten::BuiltIn);
    let is_above = |key: Key| found.iter().any(|one| one.key == key && one.reason == Reason::Above);
    let mut refused = Vec::new();
    for conflict in &found {
        let Some((written, _)) = values.written(conflict.key) else { continue };
        let by = values.get(conflict.other);
        let is_told = match conflict.reason {
            // The value itself is wrong, wherever it is written; once is enough.
            Reason::Above => !refused.contains(&conflict.key),
            // An attempt that is longer than the deadline is the nearer cause.
            Reason::DelaysTooLong(_) => !is_above(Key::AttemptTimeout),
            Reason::NeverOpens | Reason::NeverPays | Reason::NeverEnds => true,
            // Its kind is written, but was not understood.
            Reason::OfAnotherBudget(_) if by.is_none() && ast.get("budget", "kind").is_some() => false,
            _ => written.is_own() || conflict.key == Key::HedgeAfter,
        };
        if !is_told {
            continue;
        }
        if conflict.reason == Reason::Above {
            refused.push(conflict.key);
        }
        let message = words(*conflict, by);
        if is_about_the_value(*conflict) {
            faults.at(&written.value, message);
        } else {
            faults.at(&written.name, message);
        }
    }
}

/// Whether another value would do; otherwise the key has no place.
fn is_about_the_value(Conflict { key, reason, .. }: Conflict) -> bool {
    match reason {
        Reason::Silenced => matches!(key, Key::HedgeAfter | Key::SlowCall),
        Reason::Lacks
        | Reason::OfAnotherStrategy(_)
        | Reason::OfAnotherBudget(_)
        | Reason::OfDifferentBudgets => false,
        _ => true,
    }
}

fn words(conflict: Conflict, by: Option<&Value>) -> String {
    let Conflict { key, other, reason } = conflict;
    let [low, high] = [key, other].map(|key| key.info().name);
    let deadline = match by {
        Some(Value::Duration(time)) => *time,
        _ => Duration::ZERO,
    };
    let is_written = by.is_some();
    let by = by.map(ToString::to_string).unwrap_or_default();
    match reason {
        Reason::Above => above(key, other, &by),
        Reason::NeverOpens => format!(
            "`{low}` is more than the {by} of `{high}`, so the breaker could never open: lower it to {}",
            by.trim_end_matches(" calls"),
        ),
        Reason::NeverPays => {
            format!("`{low}` is more than `{high}` holds, so no retry could ever be paid: lower it")
        }
        Reason::NeverEnds => format!(
            "`{low} = Unlimited` ends with the `{high}`, which is off: write a deadline, or a number of attempts"
        ),
        Reason::DelaysTooLong(delays) => {
            format!(
                "the delays between so many attempts may add up to {} and do not fit in the `{high}` of {}: lower \
                 `{low}` or the delays, or raise `{high}`",
                // Far beyond the deadline the sum only serves the message.
                duration::text(delays.longest_sum(deadline.saturating_mul(1000))),
                duration::text(deadline),
            )
        }
        Reason::Silenced | Reason::Lacks => idle(key, other, &by),
        Reason::OfAnotherStrategy(strategy) => of_another_strategy(key, strategy),
        Reason::OfAnotherBudget(kind) => of_another_budget(key, kind, is_written),
        Reason::OfDifferentBudgets => format!("`{low}` and `{high}` belong to different kinds of budget"),
    }
}

fn above(lesser: Key, greater: Key, limit: &str) -> String {
    let [low, high] = [lesser, greater].map(|key| key.info().name);
    match greater {
        Key::MaxConcurrent => {
            format!("`{low}` is more than the {limit} of `{high}`: lower it, or raise `{high}`")
        }
        Key::Deadline => format!(
            "`{low}` is longer than `{high}`, which would end the attempt first: lower it, or raise `{high}`"
        ),
        _ => format!("`{low}` is longer than `{high}`: lower it, or raise `{high}`"),
    }
}

/// Why a key does nothing beside another one, or without it.
fn idle(key: Key, other: Key, by: &str) -> String {
    let [name, by_name] = [key, other].map(|key| key.info().name);
    match key {
        Key::Hedge => "`hedge` sends the same request more than once at a time: write `idempotent = true` if that does no \
             harm, or remove it"
            .to_owned(),
        Key::MinConcurrent => {
            format!("`{name}` cannot act without `{by_name} = true`: add that, or remove it")
        }
        Key::SlowRate => {
            format!("`{name}` cannot act with `{by_name} = off`: remove it, or say what is slow")
        }
        Key::SlowCall => format!(
            "`{name}` is longer than `{by_name}`, so no call could ever be slow: lower it, or raise `{by_name}`"
        ),
        Key::BulkheadMaxWait => {
            format!("`{name}` cannot act with `{by_name} = 0`, where nobody waits: remove it, or allow a queue")
        }
        Key::HedgeAfter if other == Key::Deadline => format!(
            "`{name}` is not shorter than the `{by_name}`, so no copy could ever start: lower it, or raise the deadline"
        ),
        Key::HedgeAfter => format!(
            "`{name}` is not shorter than the attempt timeout, so no copy could ever start: lower it, or raise the timeout"
        ),
        _ => format!("`{name}` cannot act with `{by_name} = {by}`: remove one of them"),
    }
}

fn of_another_strategy(key: Key, strategy: Strategy) -> String {
    let name = key.info().name;
    if key == Key::Jitter {
        return format!("`{name}` cannot act with `{strategy:?}`, which is random by itself: remove it");
    }
    let others: Vec<String> = Strategy::ALL
        .iter()
        .filter(|other| acts_with_strategy(key, **other))
        .map(|other| format!("{other:?}"))
        .collect();
    let others: Vec<&str> = others.iter().map(String::as_str).collect();
    format!("`{name}` cannot act with `{strategy:?}`: remove it, or use one of {}", list(&others))
}

fn of_another_budget(key: Key, kind: BudgetKind, is_written: bool) -> String {
    let kinds: Vec<String> = BudgetKind::ALL
        .iter()
        .filter(|other| acts_with_budget(key, **other))
        .map(|other| format!("`{other:?}`"))
        .collect();
    let (default, change) =
        if is_written { ("", "use") } else { (", the kind of budget unless written", "write") };
    format!(
        "`{}` cannot act with `kind = {kind:?}`{default}: remove it, or {change} `kind` as {}",
        key.info().name,
        kinds.join(" or ")
    )
}
