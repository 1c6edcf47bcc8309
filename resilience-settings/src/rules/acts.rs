//! Decides which keys cannot act because of another key; `explain/inert` decides on those of a call site. In: the keys of a layer.
//! Out: those keys. Attributes and files refuse them where one of them has both sides; between layers they are reported.

use std::time::Duration;

use crate::policy::{BudgetKind, Clause, Key, Strategy, Value};
use crate::rules::clauses::clause_of;

/// Whether the strategy looks at the key; true of keys that are no strategy's.
pub fn acts_with_strategy(key: Key, strategy: Strategy) -> bool {
    match key {
        Key::Multiplier => {
            matches!(strategy, Strategy::Exponential | Strategy::ExponentialJitter | Strategy::Adaptive)
        }
        Key::Jitter => !matches!(strategy, Strategy::DecorrelatedJitter | Strategy::Adaptive),
        _ => true,
    }
}

/// Whether a budget of the kind looks at the key; true of keys that are no budget's.
pub fn acts_with_budget(key: Key, kind: BudgetKind) -> bool {
    let is_bucket = matches!(kind, BudgetKind::TokenBucket | BudgetKind::Adaptive);
    match key {
        Key::BudgetRatio | Key::MinPerSecond | Key::BudgetDeposit | Key::BudgetCost | Key::ThrottledCost => {
            is_bucket
        }
        Key::MaxRetriesPerMinute | Key::MaxRetriesPerHour => !is_bucket,
        Key::AdaptiveThreshold => kind == BudgetKind::Adaptive,
        _ => true,
    }
}

/// Whether the key only says something about further attempts.
pub fn is_about_retries(key: Key) -> bool {
    matches!(
        key,
        Key::Strategy
            | Key::BaseDelay
            | Key::MaxDelay
            | Key::Multiplier
            | Key::Jitter
            | Key::RetryableStatusCodes
            | Key::MaxRetryAfter
            | Key::NestedRetries
    )
}

/// The key that says `false` to what this one is about. An attribute refuses both of them, as its author can remove one. In a
/// file such a switch is thrown for a while, and the keys wait for the day that it is thrown back: explanations show them as
/// without effect.
pub fn switch_over(key: Key) -> Option<Key> {
    match (key, clause_of(key)) {
        (Key::MaxAttempts, _) => Some(Key::RetryEnabled),
        (Key::Breaker, _) | (_, Clause::Breaker) => Some(Key::CircuitBreakerEnabled),
        (Key::Budget, _) | (_, Clause::Budget) => Some(Key::RetryBudgetEnabled),
        (Key::Cache | Key::DegradeTimeout, _) | (_, Clause::Cache) => Some(Key::DegradationEnabled),
        _ => is_about_retries(key).then_some(Key::RetryEnabled),
    }
}

/// The values of other keys of which the key needs one to act at all.
pub fn needs(key: Key) -> &'static [(Key, Value)] {
    const TRUE: Value = Value::Switch(true);
    match key {
        Key::Hedge => &[(Key::Idempotent, TRUE), (Key::Idempotency, TRUE)],
        Key::MinConcurrent => &[(Key::BulkheadAdaptive, TRUE)],
        _ => &[],
    }
}

/// The key because of which this one does nothing. `value` is what other keys say.
pub fn silenced_by<'v>(key: Key, value: impl Fn(Key) -> Option<&'v Value>) -> Option<Key> {
    let is = |other: Key, wanted: &Value| value(other) == Some(wanted);
    let time = |key| match value(key) {
        Some(Value::Duration(time)) => Some(*time),
        _ => None,
    };
    let silent = |by: Key, is_silent: bool| is_silent.then_some(by);
    // What ends an attempt at the latest.
    let end = || match value(Key::AttemptTimeout) {
        Some(Value::Adaptive) => Key::TimeoutCeiling,
        Some(Value::Duration(_)) => Key::AttemptTimeout,
        _ => Key::Deadline,
    };
    match key {
        Key::SlowRate => silent(Key::SlowCall, is(Key::SlowCall, &Value::Off)),
        // An attempt has ended before it is slow, and before a copy of it would start.
        Key::SlowCall | Key::HedgeAfter => silent(end(), time(key)? > time(end())?),
        // `max_queue = 0` beside `max_wait = 0` says the same twice, and nobody is misled.
        Key::BulkheadMaxWait => {
            silent(Key::MaxQueue, is(Key::MaxQueue, &Value::Count(0)) && time(key) > Some(Duration::ZERO))
        }
        Key::MaxQueue => silent(
            Key::BulkheadMaxWait,
            time(Key::BulkheadMaxWait) == Some(Duration::ZERO) && !is(key, &Value::Count(0)),
        ),
        _ if is(key, &Value::Off) || needs(key).iter().any(|(other, needed)| is(*other, needed)) => None,
        // The first of them is what the key is about; the others do as well, and are off unless written.
        _ => needs(key).first().map(|(other, _)| *other).filter(|other| value(*other).is_some()),
    }
}
