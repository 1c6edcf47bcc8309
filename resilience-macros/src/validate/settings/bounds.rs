//! Keys of which one may not be above the other, and delays that do not fit: the rules are those of files. Only keys of the
//! attribute are compared with each other; across layers the deadline wins at run time.

use resilience_settings::delay::WorstCase;
use resilience_settings::duration;
use resilience_settings::policy::{Key, Value};
use resilience_settings::rules::bounds::{BOUNDS, is_above, never_ends, never_opens};

use super::values::Values;
use crate::diagnostics::Faults;

pub(in crate::validate) fn check(values: &Values<'_>, faults: &mut Faults) {
    let mut refused = Vec::new();
    for &(lesser, greater) in BOUNDS {
        if let (Some((low, value)), Some(limit)) = (values.written(lesser), values.get(greater))
            && is_above(value, limit)
            && !refused.contains(&lesser)
        {
            faults.at(&low.value, above(lesser, greater, limit));
            refused.push(lesser);
        }
    }
    if let (Some((calls, value)), Some(window)) = (values.written(Key::MinCalls), values.get(Key::Window))
        && never_opens(value, window)
    {
        faults.at(
            &calls.value,
            format!(
                "`min_calls` is more than the {window} of `window`, so the breaker could never open: lower it to {}",
                window.to_string().trim_end_matches(" calls")
            ),
        );
    }
    let Some((attempts, value)) = values.written(Key::MaxAttempts) else { return };
    let Some(deadline) = values.get(Key::Deadline) else { return };
    if never_ends(value, deadline) {
        faults.at(
            &attempts.value,
            "`max_attempts = Unlimited` ends with the `deadline`, which is off: write a deadline, or a number of attempts",
        );
    }
    // An attempt that is longer than the deadline is the nearer cause.
    if let Value::Duration(deadline) = deadline
        && !refused.contains(&Key::AttemptTimeout)
        && let Some(delays) = WorstCase::of(|key| values.get(key))
        && delays.longest_sum(*deadline) > *deadline
    {
        faults.at(
            &attempts.value,
            format!(
                "the delays between so many attempts may add up to {} and do not fit in the `deadline` of {}: lower \
                 `max_attempts` or the delays, or raise `deadline`",
                // Far beyond the deadline the sum only serves the message.
                duration::text(delays.longest_sum(deadline.saturating_mul(1000))),
                duration::text(*deadline),
            ),
        );
    }
}

fn above(lesser: Key, greater: Key, limit: &Value) -> String {
    let [low, high] = [lesser, greater].map(|key| key.info().name);
    match limit {
        Value::Count(most) => {
            format!("`{low}` is more than the {most} of `{high}`: lower it, or raise `{high}`")
        }
        _ if greater == Key::Deadline => {
            format!(
                "`{low}` is longer than `{high}`, which would end the attempt first: lower it, or raise `{high}`"
            )
        }
        _ => format!("`{low}` is longer than `{high}`: lower it, or raise `{high}`"),
    }
}
