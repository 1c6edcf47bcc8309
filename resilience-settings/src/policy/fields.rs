//! Values of keys go in, fields of settings come out: each field names its key, and by its type how the value is read. So a
//! key has one line in the settings that it belongs to, and its built-in value none.

use std::time::Duration;

use super::numbers::{Multiplier, Ratio, Tokens};
use super::status_codes::StatusCodes;
use crate::Priority;
use crate::keys::key::Key;
use crate::keys::value::{
    BudgetKind, CacheMode, Deposit, NestedRetries, OnUnavailable, Strategy, Value, Window,
};
use crate::policy::kind::ServiceKind;

/// The type of a field that holds the value of a key.
pub(crate) trait Field: Sized {
    /// The value as the field has it; `None` if it is of another type.
    fn read(value: &Value) -> Option<Self>;

    /// What the field holds where nothing is set and nothing is built in.
    fn unset() -> Self;

    /// The field of a key. The layers check values by their type, and the built-in value serves where none has any.
    fn of(key: Key, value: Option<&Value>) -> Self {
        let built_in = || Self::read(&key.built_in()?);
        value.and_then(Self::read).or_else(built_in).unwrap_or_else(Self::unset)
    }
}

/// Declares settings whose fields are the values of keys. Behind `=>` stands what a field holds that is more than that, until
/// whoever reads the layers sets it.
macro_rules! settings {
    ($(#[$meta:meta])* pub struct $name:ident {
        $($(#[$of_field:meta])* pub $field:ident: $type:ty $(= $key:ident)? $(=> $other:expr)?,)+
    }) => {
        $(#[$meta])*
        pub struct $name { $($(#[$of_field])* pub $field: $type),+ }

        impl $name {
            /// What the keys say.
            #[doc(hidden)]
            #[must_use]
            pub fn of<'v>(value: impl Fn(crate::keys::key::Key) -> Option<&'v crate::keys::value::Value>) -> Self {
                Self { $($field: settings!(@ value, $($key)? $(=> $other)?)),+ }
            }
        }
    };
    (@ $value:ident, $key:ident) => {{
        let key = crate::keys::key::Key::$key;
        crate::policy::fields::Field::of(key, $value(key))
    }};
    (@ $value:ident, => $other:expr) => { $other };
}
pub(super) use settings;

macro_rules! fields {
    ($($type:ty: $unset:expr, $($pattern:pat => $read:expr),+;)+) => {
        $(impl Field for $type {
            fn read(value: &Value) -> Option<Self> {
                match value {
                    $($pattern => $read,)+
                    _ => None,
                }
            }

            fn unset() -> Self {
                $unset
            }
        })+
    };
}

fields! {
    bool: false, Value::Switch(on) => Some(*on);
    u32: 0, Value::Count(count) => Some(u32::try_from(*count).unwrap_or(u32::MAX)), Value::Unlimited => Some(u32::MAX);
    Duration: Duration::ZERO, Value::Duration(time) => Some(*time);
    Ratio: Self::ZERO,
        Value::Number(share) => Some(Self::saturating(*share)), Value::Quantile(share) => Some(*share);
    Multiplier: Self::TWO, Value::Number(factor) => Self::new(*factor);
    Tokens: Self::default(),
        Value::Number(tokens) => Some(Self::from_number(*tokens)), Value::Count(tokens) => Some(Self::whole(*tokens));
    StatusCodes: Self::default(), Value::StatusCodes(codes) => Some(Self::new(codes));
    Window: Self::Time(Duration::ZERO), Value::Window(window) => Some(*window);
    Strategy: Self::default(), Value::Strategy(word) => Some(*word);
    BudgetKind: Self::default(), Value::BudgetKind(word) => Some(*word);
    Deposit: Self::default(), Value::Deposit(word) => Some(*word);
    NestedRetries: Self::default(), Value::NestedRetries(word) => Some(*word);
    CacheMode: Self::default(), Value::CacheMode(word) => Some(*word);
    OnUnavailable: Self::default(), Value::OnUnavailable(word) => Some(*word);
    Priority: Self::default(), Value::Priority(word) => Some(*word);
    ServiceKind: Self::default(), Value::Kind(word) => Some(*word);
}

/// What may be switched off, or be left unset.
impl<T: Field> Field for Option<T> {
    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Off => Some(None),
            value => T::read(value).map(Some),
        }
    }

    fn unset() -> Self {
        None
    }
}
