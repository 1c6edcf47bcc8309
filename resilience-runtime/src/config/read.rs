//! One TOML value and the shape of its key go in, a checked value or the reason against it comes out. Knows
//! shapes only, never keys: a new key needs no line here.

use std::time::Duration;

use toml::de::{DeInteger, DeValue};

use super::accepted::{accepted, admits, words};
use super::suggest::nearest;
use crate::policy::{
    BudgetKind, CacheMode, Deposit, NestedRetries, Percentile, Ratio, ServiceKind, Shape, Strategy, Value,
    Window,
};
use crate::priority::Priority;

/// Why a value was refused.
#[derive(Debug)]
pub(super) struct Refusal {
    /// What would be right, to stand behind "must be".
    pub(super) accepted: String,
    /// What to write instead, if the value gives it away.
    pub(super) help: Option<String>,
}

/// Reads a value of the shape.
pub(super) fn read(shape: Shape, toml: &DeValue<'_>) -> Result<Value, Refusal> {
    convert(shape, toml)
        .filter(|value| admits(shape, value))
        .ok_or_else(|| Refusal { accepted: accepted(shape), help: remedy(shape, toml) })
}

fn convert(shape: Shape, toml: &DeValue<'_>) -> Option<Value> {
    if is_off(toml) && admits(shape, &Value::Off) {
        return Some(Value::Off);
    }
    match shape {
        Shape::Switch => toml.as_bool().map(Value::Switch),
        Shape::Table => {
            (toml.as_bool() == Some(true) || toml.as_str() == Some("on")).then_some(Value::Switch(true))
        }
        Shape::Count { .. } => whole(toml.as_integer()?).map(Value::Count),
        Shape::Number { .. } => number(toml).map(Value::Number),
        Shape::Timeout if is_adaptive(toml) => Some(Value::Adaptive),
        Shape::Duration { .. } | Shape::Timeout => duration(toml).map(Value::Duration),
        Shape::Quantile => quantile(toml).map(Value::Quantile),
        // A bare number is seconds here, as in every length of time, so only words are quantiles.
        Shape::AfterOrQuantile => {
            percentile(toml).map(Value::Quantile).or_else(|| duration(toml).map(Value::Duration))
        }
        Shape::Strategy => Strategy::parse(toml.as_str()?).map(Value::Strategy),
        Shape::BudgetKind => BudgetKind::parse(toml.as_str()?).map(Value::BudgetKind),
        Shape::Deposit => Deposit::parse(toml.as_str()?).map(Value::Deposit),
        Shape::NestedRetries => NestedRetries::parse(toml.as_str()?).map(Value::NestedRetries),
        Shape::CacheMode => CacheMode::parse(toml.as_str()?).map(Value::CacheMode),
        Shape::Priority => Priority::parse(toml.as_str()?).map(Value::Priority),
        Shape::Kind => ServiceKind::parse(toml.as_str()?).map(Value::Kind),
        Shape::Window => window(toml).map(Value::Window),
        Shape::StatusCodes => {
            let codes = toml.as_array()?.iter().map(|code| status(code.get_ref()));
            codes.collect::<Option<Vec<_>>>().map(|codes| Value::StatusCodes(codes.into()))
        }
    }
}

/// `false` is accepted beside `"off"`, because TOML has no bare words and people write what they mean.
fn is_off(toml: &DeValue<'_>) -> bool {
    toml.as_str() == Some("off") || toml.as_bool() == Some(false)
}

fn is_adaptive(toml: &DeValue<'_>) -> bool {
    matches!(toml.as_str(), Some("adaptive" | "Adaptive"))
}

fn percentile(toml: &DeValue<'_>) -> Option<Ratio> {
    Percentile::parse(toml.as_str()?).map(Percentile::ratio)
}

fn quantile(toml: &DeValue<'_>) -> Option<Ratio> {
    percentile(toml).or_else(|| Ratio::new(number(toml)?))
}

fn whole(integer: &DeInteger<'_>) -> Option<u64> {
    u64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

fn number(toml: &DeValue<'_>) -> Option<f64> {
    match toml {
        DeValue::Float(float) => float.as_str().parse().ok(),
        DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str().parse().ok(),
        _ => None,
    }
}

fn duration(toml: &DeValue<'_>) -> Option<Duration> {
    match toml {
        DeValue::String(text) => humantime::parse_duration(text).ok(),
        DeValue::Integer(seconds) => whole(seconds).map(Duration::from_secs),
        DeValue::Float(_) => Duration::try_from_secs_f64(number(toml)?).ok(),
        _ => None,
    }
}

/// A float is refused: `window = 10.0` could mean calls as well as seconds.
fn window(toml: &DeValue<'_>) -> Option<Window> {
    match toml {
        DeValue::Integer(calls) => u32::try_from(whole(calls)?).ok().map(Window::Calls),
        DeValue::String(text) => humantime::parse_duration(text).ok().map(Window::Time),
        _ => None,
    }
}

fn status(toml: &DeValue<'_>) -> Option<u16> {
    u16::try_from(whole(toml.as_integer()?)?).ok()
}

fn remedy(shape: Shape, toml: &DeValue<'_>) -> Option<String> {
    match (shape, toml) {
        (Shape::Window, DeValue::Float(float)) => {
            let seconds = float.as_str();
            Some(format!("write \"{seconds}s\" for a length of time, or a whole number for calls"))
        }
        (Shape::Duration { .. } | Shape::Timeout | Shape::AfterOrQuantile, DeValue::String(text))
            if text.trim().parse::<f64>().is_ok_and(|n| n > 0.0) =>
        {
            let number = text.trim();
            Some(format!("a text needs a unit: write \"{number}s\", or the number without quotes"))
        }
        (Shape::Quantile, DeValue::Integer(percent)) => {
            Some(format!("write the share of attempts that are faster: 0.{}", percent.as_str()))
                .filter(|_| whole(percent).is_some_and(|percent| (50..100).contains(&percent)))
        }
        // One percentile is as near to a misspelt one as another.
        (Shape::Quantile | Shape::AfterOrQuantile, DeValue::String(_)) => None,
        (Shape::Switch, DeValue::String(text)) if matches!(&**text, "true" | "false") => {
            Some(format!("write {text} without quotes"))
        }
        (_, DeValue::String(text)) => {
            let near = nearest(text, words(shape))?;
            Some(format!("did you mean \"{near}\"?"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
