//! Attempts and delays: keys that contradict each other, and keys that could never act.

use crate::ast::{Ast, Written};
use crate::diagnostics::{Faults, list};

/// What only says something about a second attempt.
pub(super) const ABOUT_RETRIES: &[&str] = &[
    "strategy",
    "base_delay",
    "max_delay",
    "multiplier",
    "jitter",
    "retry_on",
    "never_retry_on",
    "retry_if",
    "retry_if_ok",
    "retryable_status_codes",
    "max_retry_after",
    "nested_retries",
];

pub(super) fn check(ast: &Ast, faults: &mut Faults) {
    if let (Some(base), Some(max)) = (ast.get("", "base_delay"), ast.get("", "max_delay"))
        && base.duration() > max.duration()
    {
        faults.at(&base.value, "`base_delay` is longer than `max_delay`: lower it, or raise `max_delay`");
    }
    if let Some(strategy) = ast.get("", "strategy") {
        check_strategy(ast, strategy, faults);
    }
    if ast.get("", "max_attempts").and_then(Written::count) == Some(1) {
        for written in
            ABOUT_RETRIES.iter().filter_map(|name| ast.get("", name)).filter(|written| written.is_own())
        {
            faults.at(
                &written.name,
                format!(
                    "`{}` cannot act, since `max_attempts = 1` never retries: remove it, or allow more attempts",
                    written.word.name
                ),
            );
        }
    }
}

fn check_strategy(ast: &Ast, strategy: &Written, faults: &mut Faults) {
    let Some(chosen) = strategy.choice() else { return };
    let grows = ["Exponential", "ExponentialJitter", "Adaptive"];
    if let Some(multiplier) = ast.get("", "multiplier").filter(|key| key.is_own() && !grows.contains(&chosen))
    {
        faults.at(
            &multiplier.name,
            format!("`multiplier` cannot act with `{chosen}`: remove it, or use one of {}", list(&grows)),
        );
    }
    let own_chance = ["DecorrelatedJitter", "Adaptive"];
    if let Some(jitter) = ast.get("", "jitter").filter(|key| key.is_own() && own_chance.contains(&chosen)) {
        faults.at(
            &jitter.name,
            format!("`jitter` cannot act with `{chosen}`, which is random by itself: remove it"),
        );
    }
}
