//! Words the fault of a number or duration that is out of range; what is, `rules/accepted` of the settings decides. In: numbers and
//! durations in an attribute. Out: a fault for each that is out of the range of its key.

use std::time::Duration;

use resilience_settings::duration;
use resilience_settings::policy::{Shape, Value, Window};
use resilience_settings::rules::accepted::{LEAST_WINDOW, MOST_WINDOW_CALLS, RESOLUTION, accepted, admits};

use super::values::value;
use crate::ast::{Ast, Written};
use crate::diagnostics::Faults;

pub(in crate::validate) fn check(ast: &Ast, faults: &mut Faults) {
    for written in ast.written() {
        if let Some(message) = fault(written) {
            faults.at(&written.value, message);
        }
    }
}

fn fault(written: &Written) -> Option<String> {
    let shape = written.word.key?.info().shape;
    let value = value(written)?;
    if !admits(shape, &value) {
        return Some(refusal(written.word.name, shape, &value));
    }
    match value {
        Value::Duration(time) => without_unit(written, time),
        _ => None,
    }
}

/// Why a key does not take a value of its kind.
fn refusal(name: &str, shape: Shape, value: &Value) -> String {
    match (shape, value) {
        (Shape::Attempts, Value::Count(0)) => {
            "`max_attempts` counts the first try, so 0 would never run the body: write `max_attempts = 1` for no retry".to_owned()
        }
        (Shape::Attempts, Value::Count(_)) => format!("`{name}` must be at most {}", u32::MAX),
        (Shape::Count { min, .. }, Value::Count(count)) if *count < min => format!("`{name}` must be at least {min}"),
        (Shape::Count { max, .. }, Value::Count(_)) => format!("`{name}` must be at most {max}"),
        (Shape::Number { min, max }, Value::Number(number)) if (min..=max).contains(number) => {
            format!("`{name}` is counted in millionths, so this would be 0: write 0, or at least {RESOLUTION}")
        }
        (Shape::Number { min, max }, Value::Number(number)) if max > 1.0 => {
            let (side, limit) = if *number < min { ("least", min) } else { ("most", max) };
            format!("`{name}` must be at {side} {limit}")
        }
        // The least positive ratio stands for "more than 0".
        (Shape::Number { min, max }, Value::Number(number)) if min > 0.0 => {
            format!("`{name}` must be more than 0 and at most {max}{}", as_share(*number))
        }
        (Shape::Number { min, max }, Value::Number(number)) => {
            format!("`{name}` must be from {min} to {max}{}", as_share(*number))
        }
        (Shape::Duration { least, or_off }, Value::Duration(time)) => too_short(name, *time, least, or_off),
        (Shape::Timeout, Value::Duration(time)) => too_short(name, *time, Duration::ZERO, true),
        (Shape::AfterOrQuantile, Value::Duration(time)) => too_short(name, *time, Duration::ZERO, false),
        (Shape::Window, Value::Window(Window::Calls(_))) => {
            format!("`{name}` must be from 1 to {MOST_WINDOW_CALLS} calls")
        }
        (Shape::Window, Value::Window(Window::Time(time))) => too_short(name, *time, LEAST_WINDOW, false),
        _ => format!("`{name}` must be {}", accepted(shape)),
    }
}

fn too_short(name: &str, time: Duration, least: Duration, or_off: bool) -> String {
    let off = if or_off { format!(": write `{name} = off` for none") } else { String::new() };
    if time.is_zero() {
        format!("`{name}` must be longer than zero{off}")
    } else {
        format!("`{name}` must be at least {}{off}", duration::text(least))
    }
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
