//! One TOML value and the shape of its key go in, a checked value or the reason against it comes out. Knows
//! shapes only, never keys: a new key needs no line here.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use crate::duration::{meant, parse, reason};
use crate::policy::{Percentile, Ratio, Shape, Value, Window};
use crate::reader::toml::{Item, Toml};
use crate::rules::accepted::{accepted, admits, word, words};
use crate::suggest::nearest;

/// Why a value was refused; put into words only when it is asked.
#[derive(Debug)]
pub(crate) struct Refusal<'v> {
    shape: Shape,
    value: &'v Toml<'v>,
}

impl Refusal<'_> {
    /// What would be right, to stand behind "must be".
    pub(crate) fn accepted(&self) -> String {
        accepted(self.shape)
    }

    /// What to write instead, if the value gives it away.
    pub(crate) fn help(&self) -> Option<String> {
        remedy(self.shape, self.value)
    }
}

/// Reads a value of the shape.
pub(crate) fn read<'v>(shape: Shape, value: &'v Toml<'_>) -> Result<Value, Refusal<'v>> {
    convert(shape, value).filter(|value| admits(shape, value)).ok_or(Refusal { shape, value })
}

fn convert(shape: Shape, toml: &Toml<'_>) -> Option<Value> {
    if is_off(toml) && admits(shape, &Value::Off) {
        return Some(Value::Off);
    }
    match shape {
        Shape::Switch => toml.as_bool().map(Value::Switch),
        Shape::Table => {
            (toml.as_bool() == Some(true) || toml.as_str() == Some("on")).then_some(Value::Switch(true))
        }
        Shape::Attempts if matches!(toml.as_str(), Some("unlimited" | "Unlimited")) => Some(Value::Unlimited),
        Shape::Count { .. } | Shape::Attempts => whole(toml).map(Value::Count),
        Shape::Number { .. } => number(toml).map(Value::Number),
        Shape::Timeout if is_adaptive(toml) => Some(Value::Adaptive),
        Shape::Duration { .. } | Shape::Timeout => duration(toml).map(Value::Duration),
        Shape::Quantile => quantile(toml).map(Value::Quantile),
        // A bare number is seconds here, as in every length of time, so only words are quantiles.
        Shape::AfterOrQuantile => {
            percentile(toml).map(Value::Quantile).or_else(|| duration(toml).map(Value::Duration))
        }
        Shape::Window => window(toml).map(Value::Window),
        Shape::StatusCodes => {
            let Toml::List(codes) = toml else { return None };
            let codes = codes.iter().map(|code| status(&code.value));
            codes.collect::<Option<Vec<_>>>().map(|codes| Value::StatusCodes(codes.into()))
        }
        Shape::Address => toml.as_str()?.parse().ok().map(Value::Address),
        _ => word(shape, toml.as_str()?),
    }
}

/// `false` is accepted beside `"off"`, because TOML has no bare words and people write what they mean.
fn is_off(toml: &Toml<'_>) -> bool {
    toml.as_str() == Some("off") || toml.as_bool() == Some(false)
}

fn is_adaptive(toml: &Toml<'_>) -> bool {
    matches!(toml.as_str(), Some("adaptive" | "Adaptive"))
}

fn percentile(toml: &Toml<'_>) -> Option<Ratio> {
    Percentile::parse(toml.as_str()?).map(Percentile::ratio)
}

fn quantile(toml: &Toml<'_>) -> Option<Ratio> {
    percentile(toml).or_else(|| Ratio::new(number(toml)?))
}

fn whole(toml: &Toml<'_>) -> Option<u64> {
    match toml {
        Toml::Integer { digits, radix } => u64::from_str_radix(digits, *radix).ok(),
        _ => None,
    }
}

fn number(toml: &Toml<'_>) -> Option<f64> {
    match toml {
        Toml::Float(digits) | Toml::Integer { digits, radix: 10 } => digits.parse().ok(),
        _ => None,
    }
}

fn duration(toml: &Toml<'_>) -> Option<Duration> {
    match toml {
        Toml::String(text) => parse(text),
        Toml::Integer { .. } => whole(toml).map(Duration::from_secs),
        Toml::Float(_) => Duration::try_from_secs_f64(number(toml)?).ok(),
        _ => None,
    }
}

/// A float is refused: `window = 10.0` could mean calls as well as seconds.
fn window(toml: &Toml<'_>) -> Option<Window> {
    match toml {
        Toml::Integer { .. } => u32::try_from(whole(toml)?).ok().map(Window::Calls),
        Toml::String(text) => parse(text).map(Window::Time),
        _ => None,
    }
}

fn status(toml: &Toml<'_>) -> Option<u16> {
    u16::try_from(whole(toml)?).ok()
}

/// The address that a text means which is none, and whether it has a port.
fn address(text: &str) -> Option<(IpAddr, bool)> {
    if let Ok(with_port) = text.parse::<SocketAddr>() {
        return Some((with_port.ip(), true));
    }
    let is_local = |name: &str| name.eq_ignore_ascii_case("localhost").then_some(Ipv4Addr::LOCALHOST.into());
    match text.rsplit_once(':') {
        Some((name, _)) => is_local(name).map(|address| (address, true)),
        None => is_local(text).map(|address| (address, false)),
    }
}

/// A longer number is not meant as one.
const SHORT: usize = 40;

fn remedy(shape: Shape, toml: &Toml<'_>) -> Option<String> {
    match (shape, toml) {
        (Shape::Window, Toml::Float(seconds)) if seconds.len() <= SHORT => {
            Some(format!("write \"{seconds}s\" for a length of time, or a whole number for calls"))
        }
        (
            Shape::Duration { .. } | Shape::Timeout | Shape::AfterOrQuantile | Shape::Window,
            Toml::String(text),
        ) if meant(text).is_some() => {
            let meant = meant(text)?;
            Some(if text.trim().parse::<f64>().is_ok() {
                format!("a text needs a unit: write \"{meant}\", or the number without quotes")
            } else {
                format!("write \"{meant}\"{}", reason(text))
            })
        }
        (Shape::Number { max, .. }, Toml::Integer { .. } | Toml::Float(_)) if max <= 1.0 => {
            let percent = number(toml).filter(|percent| (5.0..=100.0).contains(percent))?;
            Some(format!("{percent} percent are {}", percent / 100.0))
        }
        (Shape::StatusCodes, Toml::List(codes)) => {
            let is_class =
                |code: &Item<'_>| code.value.as_str().is_some_and(|code| code.to_lowercase().ends_with("xx"));
            let help = "a class is written code by code, such as [500, 502, 503, 504]";
            codes.iter().any(is_class).then(|| help.to_owned())
        }
        (Shape::Quantile, Toml::Integer { .. }) => {
            let percent = whole(toml).filter(|percent| (50..100).contains(percent))?;
            Some(format!("write the share of attempts that are faster: 0.{percent}"))
        }
        // One percentile is as near to a misspelt one as another.
        (Shape::Quantile | Shape::AfterOrQuantile, Toml::String(_)) => None,
        (Shape::Address, Toml::String(text)) => {
            let meant = address(text)?;
            Some(format!(
                "write \"{}\"{}",
                meant.0,
                if meant.1 { "; the port is `prometheus_port`" } else { "" }
            ))
        }
        (Shape::Switch, Toml::String(text)) if matches!(&**text, "true" | "false") => {
            Some(format!("write {text} without quotes"))
        }
        (_, Toml::String(text)) => {
            let near = nearest(text, words(shape))?;
            Some(format!("did you mean \"{near}\"?"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
