//! Keys that cannot act because of another key of the attribute: the rules are those of files.

use resilience_settings::policy::{BudgetKind, Key, Strategy, Value};
use resilience_settings::rules::acts::{acts_with_budget, acts_with_strategy, silenced_by};

use super::values::Values;
use crate::ast::{Ast, Written};
use crate::diagnostics::{Faults, list};

pub(in crate::validate) fn check(ast: &Ast, values: &Values<'_>, faults: &mut Faults) {
    let strategy = match values.get(Key::Strategy) {
        Some(Value::Strategy(strategy)) => Some(*strategy),
        _ => None,
    };
    for (key, written) in values.all().filter(|(key, written)| written.is_own() || *key == Key::HedgeAfter) {
        if let Some(strategy) = strategy.filter(|strategy| !acts_with_strategy(key, *strategy)) {
            faults.at(&written.name, beside_strategy(key, strategy));
        }
        // Of these an attribute asks for more: that somebody says yes.
        if !matches!(key, Key::Hedge | Key::MinConcurrent)
            && let Some(by) = silenced_by(key, |other| values.get(other))
            && let Some(value) = values.get(by)
        {
            let place = if key == Key::HedgeAfter { &written.value } else { &written.name };
            faults.at(place, silenced(key, by, value));
        }
    }
    if let Some((min, _)) = values.written(Key::MinConcurrent)
        && values.get(Key::BulkheadAdaptive) != Some(&Value::Switch(true))
        && min.is_own()
    {
        faults.at(&min.name, "`min_concurrent` cannot act without `adaptive = true`: add that, or remove it");
    }
    check_budget(ast, values, faults);
}

fn beside_strategy(key: Key, strategy: Strategy) -> String {
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

fn silenced(key: Key, by: Key, value: &Value) -> String {
    match key {
        Key::SlowRate => {
            "`slow_rate` cannot act with `slow_call = off`: remove it, or say what is slow".to_owned()
        }
        Key::BulkheadMaxWait => {
            "`max_wait` cannot act with `max_queue = 0`, where nobody waits: remove it, or allow a queue".to_owned()
        }
        Key::HedgeAfter if by == Key::Deadline => {
            "`after` is not shorter than the `deadline`, so no copy could ever start: lower it, or raise the deadline"
                .to_owned()
        }
        Key::HedgeAfter => {
            "`after` is not shorter than the attempt timeout, so no copy could ever start: lower it, or raise the timeout"
                .to_owned()
        }
        _ => format!(
            "`{}` cannot act with `{} = {value}`: remove one of them",
            key.info().name,
            by.info().name
        ),
    }
}

/// Of a budget whose kind is not written, only the kind unless written is known.
fn check_budget(ast: &Ast, values: &Values<'_>, faults: &mut Faults) {
    let (kind, is_written) = match values.get(Key::BudgetKind) {
        Some(Value::BudgetKind(kind)) => (*kind, true),
        // Written, but not understood.
        _ if ast.get("budget", "kind").is_some() => return,
        _ => (BudgetKind::default(), false),
    };
    for (key, written) in values.own().filter(|(key, _)| !acts_with_budget(*key, kind)) {
        faults.at(&written.name, of_another_budget(key, written, kind, is_written));
    }
}

fn of_another_budget(key: Key, written: &Written, kind: BudgetKind, is_written: bool) -> String {
    let kinds: Vec<String> = BudgetKind::ALL
        .iter()
        .filter(|other| acts_with_budget(key, **other))
        .map(|other| format!("`{other:?}`"))
        .collect();
    let (default, change) =
        if is_written { ("", "use") } else { (", the kind of budget unless written", "write") };
    format!(
        "`{}` cannot act with `kind = {kind:?}`{default}: remove it, or {change} `kind` as {}",
        written.word.name,
        kinds.join(" or ")
    )
}
