//! Converts the values of an attribute into those of the settings, so that the rules are those of files: each key with its value
//! and the place where it is written.

use resilience_settings::policy::{Key, Ratio, Value, Window};
use resilience_settings::rules::accepted::word;

use crate::ast::{Ast, Setting, Written};
use crate::keys::word::Takes;

/// The keys of an attribute with their values.
pub(in crate::validate) struct Values<'a>(Vec<(Key, Value, &'a Written)>);

impl<'a> Values<'a> {
    /// What is written and could be read; of a key that is written twice the first.
    pub(in crate::validate) fn of(ast: &'a Ast) -> Self {
        let mut values: Vec<(Key, Value, &Written)> = Vec::new();
        for written in ast.written() {
            if let Some(key) = written.word.key
                && values.iter().all(|(other, ..)| *other != key)
                && let Some(value) = value(written)
            {
                values.push((key, value, written));
            }
        }
        Self(values)
    }

    /// The value of a key.
    pub(in crate::validate) fn get(&self, key: Key) -> Option<&Value> {
        self.0.iter().find(|(other, ..)| *other == key).map(|(_, value, _)| value)
    }

    /// Where a key is written, with its value.
    pub(in crate::validate) fn written(&self, key: Key) -> Option<(&'a Written, &Value)> {
        self.0.iter().find(|(other, ..)| *other == key).map(|(_, value, written)| (*written, value))
    }

    /// Every key, in the order of the attributes.
    pub(in crate::validate) fn all(&self) -> impl Iterator<Item = (Key, &'a Written)> + Clone {
        self.0.iter().map(|(key, _, written)| (*key, *written))
    }
}

/// The value as the settings have it. A number of calls beyond what there can be is out of range as well when it is the
/// largest that there can be.
pub(in crate::validate) fn value(written: &Written) -> Option<Value> {
    let key = written.word.key?;
    Some(match &written.setting {
        Setting::Off => Value::Off,
        Setting::Adaptive => Value::Adaptive,
        Setting::Clause(_) if written.word.takes == Takes::Timeout => Value::Adaptive,
        Setting::Clause(_) => Value::Switch(true),
        Setting::Switch(on) => Value::Switch(*on),
        Setting::Count(count) => Value::Count(*count),
        Setting::Unlimited => Value::Unlimited,
        Setting::Number(number) => Value::Number(*number),
        Setting::Duration(time) => Value::Duration(*time),
        Setting::Quantile(share) => Value::Quantile(Ratio::saturating(*share)),
        Setting::Calls(calls) => Value::Window(Window::Calls(u32::try_from(*calls).unwrap_or(u32::MAX))),
        Setting::Time(time) => Value::Window(Window::Time(*time)),
        Setting::Codes(codes) => Value::StatusCodes(codes.clone().into()),
        Setting::Choice(variant) => word(key.info().shape, variant)?,
        _ => return None,
    })
}
