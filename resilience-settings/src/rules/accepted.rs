//! Decides whether a value is in the range of its key, and says which are. In: a shape and a value. Who refuses one asks here: the
//! reader of files, run-time patches, attributes and messages agree by it.

use std::time::Duration;

use crate::Priority;
use crate::duration;
use crate::policy::{
    BudgetKind, CacheMode, Deposit, Key, Mode, NestedRetries, OnUnavailable, Percentile, Ratio, ServiceKind,
    Shape, Strategy, Value, Window,
};
use crate::suggest::listed;

/// A ring of a million results is 8 MB at most; beyond it a time window says the same for less.
pub const MOST_WINDOW_CALLS: u32 = 1_000_000;

/// A tenth of a shorter window would be below the resolution of timers.
pub const LEAST_WINDOW: Duration = Duration::from_millis(100);

/// Tokens and shares are counted in millionths: less would be rounded to nothing, and a retry that costs nothing is not
/// what somebody means who gives it a price.
pub const RESOLUTION: f64 = 0.000_001;

/// Below the median most attempts would count as slow; no attempt is slower than the slowest.
pub const QUANTILES: std::ops::Range<f64> = 0.5..1.0;

/// Whether the key takes the value.
pub fn admits(shape: Shape, value: &Value) -> bool {
    match (shape, value) {
        (Shape::Switch | Shape::Table, Value::Switch(_))
        | (Shape::Table | Shape::Timeout, Value::Off)
        | (Shape::Timeout, Value::Adaptive)
        | (Shape::Attempts, Value::Unlimited)
        | (Shape::CacheMode, Value::CacheMode(_))
        | (Shape::OnUnavailable, Value::OnUnavailable(_))
        | (Shape::Strategy, Value::Strategy(_))
        | (Shape::BudgetKind, Value::BudgetKind(_))
        | (Shape::Deposit, Value::Deposit(_))
        | (Shape::NestedRetries, Value::NestedRetries(_))
        | (Shape::Mode, Value::Mode(_))
        | (Shape::Priority, Value::Priority(_))
        | (Shape::Kind, Value::Kind(_))
        | (Shape::Address, Value::Address(_)) => true,
        (Shape::Count { or_off, .. } | Shape::Duration { or_off, .. }, Value::Off) => or_off,
        (Shape::Count { min, max, .. }, Value::Count(count)) => (min..=max).contains(count),
        (Shape::Number { min, max }, Value::Number(number)) => {
            (min..=max).contains(number) && (*number == 0.0 || *number >= RESOLUTION)
        }
        (Shape::Attempts, Value::Count(count)) => (1..=u64::from(u32::MAX)).contains(count),
        (Shape::Duration { least, .. }, Value::Duration(time)) => *time >= least,
        (Shape::Timeout | Shape::AfterOrQuantile, Value::Duration(time)) => !time.is_zero(),
        (Shape::Quantile, Value::Quantile(ratio)) => QUANTILES.contains(&Ratio::get(*ratio)),
        // A file cannot say more: a number is a length of time there.
        (Shape::AfterOrQuantile, Value::Quantile(ratio)) => Percentile::of(*ratio).is_some(),
        (Shape::Window, Value::Window(Window::Calls(calls))) => (1..=MOST_WINDOW_CALLS).contains(calls),
        (Shape::Window, Value::Window(Window::Time(time))) => *time >= LEAST_WINDOW,
        (Shape::StatusCodes, Value::StatusCodes(codes)) => {
            !codes.is_empty() && codes.iter().all(|code| (100..=599).contains(code))
        }
        _ => false,
    }
}

/// What the shape takes, to stand behind "must be".
pub fn accepted(shape: Shape) -> String {
    let or_off = |or_off: bool| if or_off { ", or \"off\"" } else { "" };
    match shape {
        Shape::Switch => "`true` or `false`".to_owned(),
        Shape::Table => "a table, `true` or \"off\"".to_owned(),
        Shape::Count { min, max, or_off: off } => {
            format!("a whole number from {min} to {max}{}", or_off(off))
        }
        Shape::Attempts => format!("a whole number from 1 to {}, or \"unlimited\"", u32::MAX),
        Shape::Number { min: 0.0, max } => format!("0, or a number from {RESOLUTION} to {max}"),
        Shape::Number { min, max } => format!("a number from {min} to {max}"),
        Shape::Duration { least, or_off: off } => format!("{}{}", time_from(least), or_off(off)),
        Shape::Timeout => format!(
            "{}, \"adaptive\", a table with its bounds, or \"off\"",
            time_from(Duration::from_nanos(1))
        ),
        Shape::Quantile => format!(
            "a number from {} to below {}, or one of {}",
            QUANTILES.start,
            QUANTILES.end,
            listed(words(shape))
        ),
        Shape::AfterOrQuantile => {
            format!("{}, or one of {}", time_from(Duration::from_nanos(1)), listed(words(shape)))
        }
        Shape::Window => format!(
            "a whole number of calls from 1 to {MOST_WINDOW_CALLS}, or a length of time with a unit from \"100ms\" on"
        ),
        Shape::StatusCodes => "a list of HTTP status codes from 100 to 599".to_owned(),
        Shape::Address => {
            "an IP address of this machine, such as \"127.0.0.1\" for itself alone or \"0.0.0.0\" for all that it has".to_owned()
        }
        words => format!("one of {}", listed(self::words(words))),
    }
}

fn time_from(least: Duration) -> String {
    let from = match least {
        Duration::ZERO => String::new(),
        least if least < Duration::from_millis(1) => " above zero".to_owned(),
        least => format!(" from \"{}\" on", duration::text(least)),
    };
    format!("a length of time{from}, such as \"2s\", \"500ms\" or a number of seconds")
}

/// The words of a shape that takes words.
pub fn words(shape: Shape) -> &'static [&'static str] {
    match shape {
        Shape::Strategy => Strategy::NAMES,
        Shape::BudgetKind => BudgetKind::NAMES,
        Shape::Deposit => Deposit::NAMES,
        Shape::NestedRetries => NestedRetries::NAMES,
        Shape::CacheMode => CacheMode::NAMES,
        Shape::OnUnavailable => OnUnavailable::NAMES,
        Shape::Quantile | Shape::AfterOrQuantile => Percentile::NAMES,
        Shape::Timeout => &["adaptive"],
        Shape::Attempts => &["unlimited"],
        Shape::Mode => Mode::NAMES,
        Shape::Priority => Priority::NAMES,
        Shape::Kind => ServiceKind::NAMES,
        _ => &[],
    }
}

/// The words of a shape in all of their spellings: those that files use, then those of attributes, which files take too.
pub fn spellings(shape: Shape) -> Vec<&'static str> {
    let camel = match shape {
        Shape::Strategy => Strategy::VARIANTS,
        Shape::BudgetKind => BudgetKind::VARIANTS,
        Shape::Deposit => Deposit::VARIANTS,
        Shape::NestedRetries => NestedRetries::VARIANTS,
        Shape::CacheMode => CacheMode::VARIANTS,
        Shape::OnUnavailable => OnUnavailable::VARIANTS,
        Shape::Quantile | Shape::AfterOrQuantile => Percentile::VARIANTS,
        Shape::Timeout => &["Adaptive"],
        Shape::Attempts => &["Unlimited"],
        Shape::Mode => Mode::VARIANTS,
        Shape::Priority => Priority::VARIANTS,
        Shape::Kind => ServiceKind::VARIANTS,
        _ => &[],
    };
    let mut spellings = words(shape).to_vec();
    spellings.extend(camel.iter().filter(|word| !word.is_empty()));
    spellings
}

/// The value that a word stands for, in either spelling, where the shape takes words of one sort only.
pub fn word(shape: Shape, word: &str) -> Option<Value> {
    match shape {
        Shape::Strategy => Strategy::parse(word).map(Value::Strategy),
        Shape::BudgetKind => BudgetKind::parse(word).map(Value::BudgetKind),
        Shape::Deposit => Deposit::parse(word).map(Value::Deposit),
        Shape::NestedRetries => NestedRetries::parse(word).map(Value::NestedRetries),
        Shape::CacheMode => CacheMode::parse(word).map(Value::CacheMode),
        Shape::OnUnavailable => OnUnavailable::parse(word).map(Value::OnUnavailable),
        Shape::Mode => Mode::parse(word).map(Value::Mode),
        Shape::Priority => Priority::parse(word).map(Value::Priority),
        Shape::Kind => ServiceKind::parse(word).map(Value::Kind),
        _ => None,
    }
}

/// Why the key does not take the value, if it does not.
pub fn misfit(key: Key, value: &Value) -> Option<String> {
    let shape = key.info().shape;
    (!admits(shape, value)).then(|| format!("`{}` must be {}, not `{value}`", key.path(), accepted(shape)))
}
