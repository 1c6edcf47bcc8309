//! Finds the numbers that texts are meant as.

use crate::policy::Shape;
use crate::rules::literal::Literal;

/// A number in a text.
pub(super) fn as_number(text: &str) -> Option<Literal<'static>> {
    let digits = text.replace('_', "");
    let is_number = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.');
    let whole = digits.parse().ok().map(Literal::Whole);
    whole.or_else(|| digits.parse().ok().map(Literal::Fraction)).filter(|_| is_number)
}

/// A whole number that is written with a fraction.
pub(super) fn as_whole(number: f64) -> Option<u64> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is whole and in range")]
    (number.fract() == 0.0 && (0.0..1e15).contains(&number)).then_some(number as u64)
}

/// The number of a text with a unit that goes without saying: `100 calls`, `50/s`.
pub(super) fn without_unit(shape: Shape, text: &str) -> Option<Literal<'static>> {
    let units: &[&str] = match shape {
        Shape::Window => &["calls", "call", "requests"],
        Shape::Attempts => &["attempts", "times", "tries", "x"],
        Shape::Number { max, .. } if max > 1.0 => &["/s", "/sec", "rps", "per second", "x", "tokens"],
        Shape::Count { .. } => &["calls", "requests", "tokens", "retries", "partitions"],
        _ => &[],
    };
    units.iter().find_map(|unit| as_number(text.strip_suffix(unit)?.trim()))
}
