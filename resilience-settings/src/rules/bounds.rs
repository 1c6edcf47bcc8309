//! Data: the pairs of keys of which one may not be above the other. One list for the checks of attributes and files, which refuse,
//! and for the settling of layers, which clamps.

use crate::policy::{Key, Value, Window};

/// The lesser key, then the greater. In this order clamping needs one pass.
pub const BOUNDS: &[(Key, Key)] = &[
    (Key::AttemptTimeout, Key::Deadline),
    (Key::TimeoutCeiling, Key::Deadline),
    (Key::TimeoutFloor, Key::TimeoutCeiling),
    (Key::TimeoutFloor, Key::Deadline),
    (Key::BaseDelay, Key::MaxDelay),
    (Key::OpenFor, Key::MaxOpenFor),
    (Key::MinConcurrent, Key::MaxConcurrent),
];

/// How long calls may wait for what belongs to the service. None waits beyond its deadline, which is a matter of each call
/// site, so a longer time is not clamped: other sites may use it.
pub const WAITS: [Key; 2] = [Key::BulkheadMaxWait, Key::RateMaxWait];

/// Whether the value is above the limit. Values that cannot be compared, such as `off`, are not.
pub fn is_above(value: &Value, limit: &Value) -> bool {
    match (value, limit) {
        (Value::Duration(time), Value::Duration(most)) => time > most,
        (Value::Count(count), Value::Count(most)) => count > most,
        _ => false,
    }
}

/// Whether a breaker with these values of `min_calls` and `window` could never open: its window holds fewer calls.
pub fn never_opens(min_calls: &Value, window: &Value) -> bool {
    matches!((min_calls, window), (Value::Count(least), Value::Window(Window::Calls(calls))) if *least > u64::from(*calls))
}

/// Whether a retry of this `cost` finds more tokens missing than a bucket of this `burst_capacity` ever holds.
pub fn never_pays(cost: &Value, burst_capacity: &Value) -> bool {
    #[expect(clippy::cast_precision_loss, reason = "a capacity is a `u32`")]
    let is_above = |tokens: f64, most: u64| tokens > most as f64;
    matches!((cost, burst_capacity), (Value::Number(tokens), Value::Count(most)) if is_above(*tokens, *most))
}

/// Whether nothing ends a call with these values of `max_attempts` and `deadline`.
pub fn never_ends(max_attempts: &Value, deadline: &Value) -> bool {
    matches!((max_attempts, deadline), (Value::Unlimited, Value::Off))
}
