//! Numbers and durations within the range of their word.

use std::time::Duration;

use resilience_settings::duration;

use crate::ast::{Ast, Setting, Written};
use crate::diagnostics::Faults;
use crate::keys::word::Takes;

/// The least number that the runtime can tell from zero.
const RESOLUTION: f64 = 0.000_001;

pub(super) fn check(ast: &Ast, faults: &mut Faults) {
    for written in ast.written() {
        if let Some(message) = fault(written) {
            faults.at(&written.value, message);
        }
    }
}

fn too_short(name: &str, time: Duration, takes: Takes) -> Option<String> {
    let (least, or_off) = match takes {
        Takes::Duration { least, or_off } => (least, or_off),
        Takes::Timeout => (Duration::from_nanos(1), true),
        Takes::AfterOrQuantile => (Duration::from_nanos(1), false),
        _ => return None,
    };
    if time >= least {
        return None;
    }
    let off = if or_off { format!(": write `{name} = off` for none") } else { String::new() };
    Some(if time.is_zero() {
        format!("`{name}` must be longer than zero{off}")
    } else {
        let least = duration::text(least);
        format!("`{name}` must be at least {least}{off}")
    })
}

/// A bare number of seconds that nobody means is one of milliseconds.
fn without_unit(written: &Written, time: Duration) -> Option<String> {
    let number = written.value.to_string();
    let most = duration::most_seconds(written.word.clause, written.word.name)?;
    if time <= Duration::from_secs(most) || !number.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let number = number.replace('_', "");
    let name = written.word.name;
    Some(format!(
        "`{name} = {number}` would be {number} seconds: write `\"{number}s\"` if that is meant, or `\"{number}ms\"`"
    ))
}

/// Where a share is written as a percentage.
fn as_share(number: f64) -> String {
    // A smaller one is hardly a percentage.
    let is_percentage = (5.0..=100.0).contains(&number);
    if is_percentage { format!(": {number} percent are `{}`", number / 100.0) } else { String::new() }
}

fn fault(written: &Written) -> Option<String> {
    let name = written.word.name;
    match (&written.setting, written.word.takes) {
        (Setting::Count(0), Takes::Attempts) => Some(
            "`max_attempts` counts the first try, so 0 would never run the body: write `max_attempts = 1` for no retry".to_owned(),
        ),
        (Setting::Count(count), Takes::Attempts) if *count > u64::from(u32::MAX) => {
            Some(format!("`{name}` must be at most {}", u32::MAX))
        }
        (Setting::Count(count), Takes::Count { min, .. }) if *count < min => Some(format!("`{name}` must be at least {min}")),
        (Setting::Count(count), Takes::Count { max, .. }) if *count > max => Some(format!("`{name}` must be at most {max}")),
        (Setting::Number(number), Takes::Number { min, max }) if !(min..=max).contains(number) => Some(if max > 1.0 {
            let (side, limit) = if *number < min { ("least", min) } else { ("most", max) };
            format!("`{name}` must be at {side} {limit}")
        } else if min > 0.0 {
            // The least positive ratio stands for "more than 0".
            format!("`{name}` must be more than 0 and at most {max}{}", as_share(*number))
        } else {
            format!("`{name}` must be from {min} to {max}{}", as_share(*number))
        }),
        // Counted in millionths: less would be rounded to nothing.
        (Setting::Number(number), Takes::Number { min, .. }) if min == 0.0 && *number > 0.0 && *number < RESOLUTION => {
            Some(format!("`{name}` is counted in millionths, so this would be 0: write 0, or at least {RESOLUTION}"))
        }
        (Setting::Duration(time), takes) => {
            too_short(name, *time, takes).or_else(|| without_unit(written, *time))
        }
        (Setting::Calls(calls), _) if *calls == 0 || *calls > u64::from(u32::MAX) => {
            Some(format!("`window` must be from 1 to {} calls", u32::MAX))
        }
        (Setting::Time(time), _) if time.is_zero() => Some("`window` must be longer than zero".to_owned()),
        _ => None,
    }
}
