//! Reads one TOML value by the shape of its key, and words the refusal; whether it is in range, `rules/accepted` decides. Knows
//! shapes only, never keys: a new key needs no line here.

use crate::policy::{Shape, Value};
use crate::reader::toml::{Item, Toml};
use crate::rules::accepted::accepted;
use crate::rules::literal::{Literal, value};
use crate::rules::remedy::{Notation, Wanted};

/// Why a value was refused; put into words only when it is asked.
#[derive(Debug)]
pub(crate) struct Refusal<'v> {
    shape: Shape,
    value: Literal<'v>,
}

impl Refusal<'_> {
    /// What would be right, to stand behind "must be".
    pub(crate) fn accepted(&self) -> String {
        accepted(self.shape)
    }

    /// What to write instead, if the value gives it away.
    pub(crate) fn help(&self, name: &str) -> Option<String> {
        Wanted { name, shape: self.shape, notation: Notation::File }.remedy(&self.value)
    }
}

/// Reads a value of the shape.
pub(crate) fn read<'v>(shape: Shape, toml: &'v Toml<'_>) -> Result<Value, Refusal<'v>> {
    let literal = literal(toml);
    value(shape, &literal).ok_or(Refusal { shape, value: literal })
}

/// The items of a list that it is refused for, each by itself; none where the list as a whole is no value.
pub(crate) fn refused_items<'v, 't>(shape: Shape, toml: &'v Toml<'t>) -> Vec<&'v Item<'t>> {
    match toml {
        Toml::List(items) if shape == Shape::StatusCodes => {
            let alone = |item: &Item<'t>| value(shape, &Literal::List(vec![literal(&item.value)]));
            items.iter().filter(|item| alone(item).is_none()).collect()
        }
        _ => Vec::new(),
    }
}

fn literal<'v>(toml: &'v Toml<'_>) -> Literal<'v> {
    match toml {
        Toml::String(text) => Literal::Text((&**text).into()),
        Toml::Boolean(on) => Literal::Switch(*on),
        Toml::Integer { digits, radix } => match u64::from_str_radix(digits, *radix) {
            Ok(number) => Literal::Whole(number),
            Err(_) => Literal::Beyond { is_negative: digits.starts_with('-') },
        },
        Toml::Float(digits) => digits.parse().map_or(Literal::Other, Literal::Fraction),
        Toml::List(items) => Literal::List(items.iter().map(|item| literal(&item.value)).collect()),
        Toml::Datetime | Toml::Table(_) => Literal::Other,
    }
}

#[cfg(test)]
mod tests;
