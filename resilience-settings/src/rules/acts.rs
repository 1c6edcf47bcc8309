//! Which keys cannot act because of another. Attributes and files refuse them where one of them has both sides; between layers
//! they are reported.

use std::time::Duration;

use crate::policy::{BudgetKind, Key, Strategy, Value};

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

/// The key because of which this one does nothing. `value` is what other keys say.
pub fn silenced_by<'v>(key: Key, value: impl Fn(Key) -> Option<&'v Value>) -> Option<Key> {
    let is = |other: Key, wanted: &Value| value(other) == Some(wanted);
    let time = |key| match value(key) {
        Some(Value::Duration(time)) => Some(*time),
        _ => None,
    };
    let silent = |by: Key, is_silent: bool| is_silent.then_some(by);
    match key {
        Key::SlowRate => silent(Key::SlowCall, is(Key::SlowCall, &Value::Off)),
        Key::MinConcurrent => silent(Key::BulkheadAdaptive, is(Key::BulkheadAdaptive, &Value::Switch(false))),
        // `max_queue = 0` beside `max_wait = 0` says the same twice, and nobody is misled.
        Key::BulkheadMaxWait => {
            silent(Key::MaxQueue, is(Key::MaxQueue, &Value::Count(0)) && time(key) > Some(Duration::ZERO))
        }
        Key::MaxQueue => silent(
            Key::BulkheadMaxWait,
            time(Key::BulkheadMaxWait) == Some(Duration::ZERO) && !is(key, &Value::Count(0)),
        ),
        Key::Hedge => silent(
            Key::Idempotent,
            is(key, &Value::Switch(true)) && is(Key::Idempotent, &Value::Switch(false)),
        ),
        // A copy that would start after its attempt has ended never starts.
        Key::HedgeAfter => {
            let ends = match value(Key::AttemptTimeout) {
                Some(Value::Adaptive) => Key::TimeoutCeiling,
                Some(Value::Duration(_)) => Key::AttemptTimeout,
                _ => Key::Deadline,
            };
            silent(ends, time(key)? > time(ends)?)
        }
        _ => None,
    }
}
