//! Converts a value as a file or an attribute writes it into the value that it means for a key. What both can write is read here
//! once; what only one of them can, such as the bare words of an attribute, its own reader knows.

use std::borrow::Cow;
use std::time::Duration;

use crate::duration::parse;
use crate::policy::{Percentile, Ratio, Shape, Value, Window};
use crate::rules::accepted::{admits, word};

/// A value as it is written.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal<'t> {
    /// A string, or a bare word.
    Text(Cow<'t, str>),
    /// `true` or `false`.
    Switch(bool),
    /// A whole number.
    Whole(u64),
    /// A whole number that is negative, or longer than numbers can be.
    Beyond {
        /// Whether it is below zero.
        is_negative: bool,
    },
    /// A number with a point or an exponent.
    Fraction(f64),
    /// A list.
    List(Vec<Literal<'t>>),
    /// What no key takes.
    Other,
}

/// The value that a key of the shape takes it for, if it takes it.
pub fn value(shape: Shape, literal: &Literal<'_>) -> Option<Value> {
    convert(shape, literal).filter(|value| admits(shape, value))
}

fn convert(shape: Shape, literal: &Literal<'_>) -> Option<Value> {
    if is_off(literal) && admits(shape, &Value::Off) {
        return Some(Value::Off);
    }
    match shape {
        Shape::Switch => match literal {
            Literal::Switch(on) => Some(Value::Switch(*on)),
            _ => None,
        },
        Shape::Table => {
            (*literal == Literal::Switch(true) || literal.text() == Some("on")).then_some(Value::Switch(true))
        }
        Shape::Attempts if matches!(literal.text(), Some("unlimited" | "Unlimited")) => {
            Some(Value::Unlimited)
        }
        Shape::Count { .. } | Shape::Attempts => literal.whole().map(Value::Count),
        Shape::Number { .. } => literal.number().map(Value::Number),
        Shape::Timeout if matches!(literal.text(), Some("adaptive" | "Adaptive")) => Some(Value::Adaptive),
        Shape::Duration { .. } | Shape::Timeout => duration(literal).map(Value::Duration),
        Shape::Quantile => percentile(literal).or_else(|| Ratio::new(literal.number()?)).map(Value::Quantile),
        // A bare number is seconds here, as in every length of time, so only words are quantiles.
        Shape::AfterOrQuantile => {
            percentile(literal).map(Value::Quantile).or_else(|| duration(literal).map(Value::Duration))
        }
        // A fraction could mean calls as well as seconds.
        Shape::Window => match literal {
            Literal::Whole(calls) => u32::try_from(*calls).ok().map(Window::Calls),
            Literal::Text(text) => parse(text).map(Window::Time),
            _ => None,
        }
        .map(Value::Window),
        Shape::StatusCodes => {
            let Literal::List(codes) = literal else { return None };
            let codes = codes.iter().map(|code| u16::try_from(code.whole()?).ok());
            codes.collect::<Option<Vec<_>>>().map(|codes| Value::StatusCodes(codes.into()))
        }
        Shape::Address => literal.text()?.parse().ok().map(|address| Value::Address(Box::new(address))),
        _ => word(shape, literal.text()?),
    }
}

/// `false` is accepted beside `"off"`, because TOML has no bare words and people write what they mean.
fn is_off(literal: &Literal<'_>) -> bool {
    literal.text() == Some("off") || *literal == Literal::Switch(false)
}

fn percentile(literal: &Literal<'_>) -> Option<Ratio> {
    Percentile::parse(literal.text()?).map(Percentile::ratio)
}

fn duration(literal: &Literal<'_>) -> Option<Duration> {
    match literal {
        Literal::Text(text) => parse(text),
        Literal::Whole(seconds) => Some(Duration::from_secs(*seconds)),
        Literal::Fraction(seconds) => Duration::try_from_secs_f64(*seconds).ok(),
        _ => None,
    }
}

impl Literal<'_> {
    /// The text of a string or a word.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn whole(&self) -> Option<u64> {
        match self {
            Self::Whole(number) => Some(*number),
            _ => None,
        }
    }

    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "ranges end far below 2^52")]
            Self::Whole(number) => Some(*number as f64),
            Self::Fraction(number) => Some(*number),
            _ => None,
        }
    }
}
