//! Decides what to write instead of a value that a key does not take, where it gives away what was meant. For files and attributes
//! alike, each in its own notation.

mod address;
mod clause;
mod codes;
mod numbers;
mod shown;

use self::address::of_address;
use self::numbers::{as_number, as_whole, without_unit};
use crate::duration::{meant, reason};
use crate::policy::{Percentile, Shape, Value};
use crate::rules::accepted::{admits, words};
use crate::rules::literal::{Literal, value};
use crate::suggest::nearest;
use crate::synonyms::plain;

/// How values are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// As in a TOML file.
    File,
    /// As in an attribute.
    Attribute,
}

/// What was to be set.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'n> {
    /// The name of the key.
    pub name: &'n str,
    /// What it takes.
    pub shape: Shape,
    /// How the remedy is written.
    pub notation: Notation,
}

/// A longer text is not meant as a number or a word.
const SHORT: usize = 40;

impl Wanted<'_> {
    /// What to write instead of the literal, if that gives it away.
    pub fn remedy(self, literal: &Literal<'_>) -> Option<String> {
        match (self.shape, literal) {
            (_, Literal::Text(text)) if text.len() > SHORT => None,
            (Shape::Table, _) => self.of_clause(literal),
            (Shape::StatusCodes, _) => self.of_codes(literal),
            (_, Literal::List(items)) => match items.as_slice() {
                [item] => Some(format!("write {} without brackets", self.shown(&value(self.shape, item)?))),
                _ => None,
            },
            (Shape::Address, Literal::Text(text)) => of_address(text),
            (_, Literal::Text(text)) => self.of_text(text),
            (_, Literal::Switch(on)) => self.of_switch(*on),
            (Shape::Attempts, Literal::Beyond { is_negative: true }) => {
                Some(format!("write {} for as many as fit into the deadline", self.shown(&Value::Unlimited)))
            }
            (_, Literal::Whole(_) | Literal::Fraction(_)) => self.of_number(literal),
            _ => None,
        }
    }

    fn of_number(self, literal: &Literal<'_>) -> Option<String> {
        let number = literal.number()?;
        match self.shape {
            Shape::Window => {
                let Literal::Fraction(seconds) = literal else { return None };
                Some(format!("write \"{seconds}s\" for a length of time, or a whole number for calls"))
            }
            Shape::Number { max, .. } if max <= 1.0 => {
                let percent = Some(number).filter(|percent| (5.0..=100.0).contains(percent))?;
                Some(format!("{percent} percent are {}", percent / 100.0))
            }
            Shape::Quantile => {
                let share = self.share(number)?;
                Some(format!("write the share of attempts that are faster: {share}"))
            }
            Shape::Switch => {
                let on = as_whole(number).filter(|number| *number <= 1)?;
                Some(format!("write {}", on == 1))
            }
            Shape::Count { .. } | Shape::Attempts => {
                let whole = value(self.shape, &Literal::Whole(as_whole(number)?))?;
                Some(format!("write {} without a fraction", self.shown(&whole)))
            }
            _ => None,
        }
    }

    fn of_text(self, text: &str) -> Option<String> {
        let text = text.trim();
        if let Some(word) = self.off_or_switch(text) {
            return Some(word);
        }
        let is_time = matches!(
            self.shape,
            Shape::Duration { .. } | Shape::Timeout | Shape::AfterOrQuantile | Shape::Window
        );
        if let Some(meant) = meant(text).filter(|_| is_time) {
            return Some(if text.parse::<f64>().is_ok() {
                format!("a text needs a unit: write \"{meant}\", or the number without quotes")
            } else {
                format!("write \"{meant}\"{}", reason(text))
            });
        }
        if let Some(number) = as_number(text) {
            let number = match (&number, as_whole(number.number()?)) {
                (Literal::Fraction(_), Some(whole)) if value(self.shape, &number).is_none() => {
                    Literal::Whole(whole)
                }
                _ => number,
            };
            return Some(match value(self.shape, &number)? {
                Value::Quantile(share) => format!("write {} without quotes", share.get()),
                number => format!("write {} without quotes", self.shown(&number)),
            });
        }
        if let Some(percent) = text.strip_suffix('%').or_else(|| text.strip_suffix("percent")) {
            let percent = as_number(percent.trim())?.number()?;
            return Some(match self.share(percent)? {
                share if self.shape == Shape::AfterOrQuantile => format!("write {share}"),
                share => format!("write {share}: {percent} percent as a share"),
            });
        }
        if let Some(number) = without_unit(self.shape, text) {
            return Some(format!("write {}", self.shown(&value(self.shape, &number)?)));
        }
        if self.shape == Shape::Attempts
            && ["infinite", "infinity", "inf", "forever", "unbounded", "endless", "nolimit", "always"]
                .contains(&&*plain(text))
        {
            return Some(format!("write {}", self.shown(&Value::Unlimited)));
        }
        // One percentile is as near to a misspelt one as another.
        if matches!(self.shape, Shape::Quantile | Shape::AfterOrQuantile) {
            let word = Percentile::ALL.iter().find(|word| plain(word.name()) == plain(text))?;
            return Some(format!("write {}", self.shown(&Value::Quantile(word.ratio()))));
        }
        let near = nearest(text, words(self.shape))?;
        let near = value(self.shape, &Literal::Text(near.into()))?;
        Some(format!("did you mean {}?", self.shown(&near)))
    }

    /// The share that a percentage is, as this key takes it.
    fn share(self, percent: f64) -> Option<String> {
        let share = percent / 100.0;
        let literal = match self.shape {
            Shape::Number { max, .. } if max <= 1.0 => Literal::Fraction(share),
            Shape::Quantile => Literal::Fraction(share),
            Shape::AfterOrQuantile => {
                let word = Percentile::ALL.iter().find(|word| (word.ratio().get() - share).abs() < 1e-9)?;
                Literal::Text(word.name().into())
            }
            _ => return None,
        };
        let value = value(self.shape, &literal)?;
        Some(match value {
            Value::Quantile(ratio) if self.shape == Shape::Quantile => ratio.get().to_string(),
            value => self.shown(&value),
        })
    }

    /// Words of others for `true`, `false` and `off`.
    fn off_or_switch(self, text: &str) -> Option<String> {
        let on = match &*plain(text) {
            "true" | "yes" | "on" | "enabled" | "enable" => true,
            "false" | "no" | "off" | "disabled" | "disable" | "none" | "never" | "null" => false,
            _ => return None,
        };
        match self.shape {
            Shape::Switch if matches!(text, "true" | "false") => Some(format!("write {text} without quotes")),
            Shape::Switch => Some(format!("write {on}")),
            Shape::Table if on => Some("write true".to_owned()),
            _ if !on && admits(self.shape, &Value::Off) => Some(format!("write {}", self.shown(&Value::Off))),
            _ => self.of_switch(on),
        }
    }

    /// `true` or `false` for what is no switch.
    fn of_switch(self, on: bool) -> Option<String> {
        let zero = value(self.shape, &Literal::Whole(0));
        match self.shape {
            _ if !on && zero.is_some() => Some("write 0 for none".to_owned()),
            Shape::Number { min, max } if max <= 1.0 && min == 0.0 => {
                Some(format!("write a share from {min} to {max}, such as 0.5"))
            }
            Shape::Number { max, .. } if max <= 1.0 => {
                Some(format!("write a share above 0, up to {max}, such as 0.5"))
            }
            Shape::Attempts if !on => Some("write 1 for no retry".to_owned()),
            Shape::Attempts => Some("write how many, such as 3".to_owned()),
            Shape::Count { min, max, .. } => Some(format!("write how many, such as {}", 10.clamp(min, max))),
            Shape::Number { min, .. } => Some(format!("write a number, such as {}", min.max(2.0))),
            // What an attribute says of these has an example.
            _ if self.notation == Notation::Attribute => None,
            Shape::Duration { .. } => Some("write a length of time, such as \"2s\"".to_owned()),
            Shape::Timeout => Some("write a length of time, such as \"2s\", or \"adaptive\"".to_owned()),
            Shape::Window => Some("write a length of time, such as \"10s\", or a number of calls".to_owned()),
            Shape::Quantile => Some("write a quantile, such as \"p99\"".to_owned()),
            Shape::AfterOrQuantile => {
                Some("write a quantile, such as \"p95\", or a length of time".to_owned())
            }
            _ => None,
        }
    }
}
