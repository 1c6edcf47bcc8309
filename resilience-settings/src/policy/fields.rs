//! Reads the values of keys into the fields of settings: the table of keys names the field of each, and by its type how the value
//! is read. So a plain key has its row in the table, and nothing here.

use std::time::Duration;

use super::numbers::{Multiplier, Ratio, Tokens};
use super::status_codes::StatusCodes;
use crate::Priority;
use crate::keys::key::Key;
use crate::keys::value::{
    BudgetKind, CacheMode, Deposit, Mode, NestedRetries, OnUnavailable, Strategy, Value, Window,
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

/// Declares settings: what is written here, and a field for each key that the table has under them. Behind `=` stands the key
/// of a field whose key is under others; behind `=>` what a field holds that is more than the value of a key, until whoever reads
/// the layers sets it.
macro_rules! settings {
    ($(#[$meta:meta])* pub struct $name:ident { $($more:tt)* }) => {
        $crate::keys::table::keys! { choose $name [[$(#[$meta])* pub struct $name] [$($more)*]] [] }
    };
    (@declare [[$(#[$meta:meta])* pub struct $name:ident]
        [$($(#[$of_more:meta])* pub $more:ident: $type:ty $(= $of:ident)? $(=> $other:expr)?,)*]]
        [$({ $(#[doc = $doc:literal] $key:ident : $clause:ident $field:ident $(or $alias:ident)? $(: $field_type:ty)?,
            $sort:ident, $shape:expr, $setter:ident($($arg:tt)+) = $value:expr $(=> $built_in:expr)?,
            $default:literal, $help:literal;)+ })*]
    ) => {
        $(#[$meta])*
        pub struct $name {
            $($(#[$of_more])* pub $more: $type,)*
            $($($(#[doc = $doc] pub $field: $field_type,)?)+)*
        }

        impl $name {
            /// What the keys say.
            #[doc(hidden)]
            #[must_use]
            pub fn of<'v>(value: impl Fn(crate::keys::key::Key) -> Option<&'v crate::keys::value::Value>) -> Self {
                use crate::keys::key::Key;
                Self {
                    $($more: settings!(@more value $(= $of)? $(=> $other)?),)*
                    $($($($field: <$field_type as crate::policy::fields::Field>::of(Key::$key, value(Key::$key)),)?)+)*
                }
            }
        }
    };
    (@more $value:ident = $key:ident) => {{
        let key = crate::keys::key::Key::$key;
        crate::policy::fields::Field::of(key, $value(key))
    }};
    (@more $value:ident => $other:expr) => { $other };
}
pub(super) use settings;

/// Goes through the table: the keys under these settings are theirs, the others are passed over. A macro cannot compare two names
/// that it is given, so each settings have their line.
#[rustfmt::skip]
macro_rules! choose {
    (CallPolicy $given:tt $own:tt CallPolicy $keys:tt $($rest:tt)*) => { choose! { @own CallPolicy $given $own $keys $($rest)* } };
    (Backoff $given:tt $own:tt Backoff $keys:tt $($rest:tt)*) => { choose! { @own Backoff $given $own $keys $($rest)* } };
    (AdaptiveTimeout $given:tt $own:tt AdaptiveTimeout $keys:tt $($rest:tt)*) => { choose! { @own AdaptiveTimeout $given $own $keys $($rest)* } };
    (HedgeSettings $given:tt $own:tt HedgeSettings $keys:tt $($rest:tt)*) => { choose! { @own HedgeSettings $given $own $keys $($rest)* } };
    (CacheSettings $given:tt $own:tt CacheSettings $keys:tt $($rest:tt)*) => { choose! { @own CacheSettings $given $own $keys $($rest)* } };
    (IdempotencySettings $given:tt $own:tt IdempotencySettings $keys:tt $($rest:tt)*) => { choose! { @own IdempotencySettings $given $own $keys $($rest)* } };
    (ServicePolicy $given:tt $own:tt ServicePolicy $keys:tt $($rest:tt)*) => { choose! { @own ServicePolicy $given $own $keys $($rest)* } };
    (BreakerSettings $given:tt $own:tt BreakerSettings $keys:tt $($rest:tt)*) => { choose! { @own BreakerSettings $given $own $keys $($rest)* } };
    (BucketSettings $given:tt $own:tt BucketSettings $keys:tt $($rest:tt)*) => { choose! { @own BucketSettings $given $own $keys $($rest)* } };
    (QuotaSettings $given:tt $own:tt QuotaSettings $keys:tt $($rest:tt)*) => { choose! { @own QuotaSettings $given $own $keys $($rest)* } };
    (BulkheadSettings $given:tt $own:tt BulkheadSettings $keys:tt $($rest:tt)*) => { choose! { @own BulkheadSettings $given $own $keys $($rest)* } };
    (RateSettings $given:tt $own:tt RateSettings $keys:tt $($rest:tt)*) => { choose! { @own RateSettings $given $own $keys $($rest)* } };
    (ThrottleSettings $given:tt $own:tt ThrottleSettings $keys:tt $($rest:tt)*) => { choose! { @own ThrottleSettings $given $own $keys $($rest)* } };
    (@own $name:ident $given:tt [$($own:tt)*] $keys:tt $($rest:tt)*) => { choose! { $name $given [$($own)* $keys] $($rest)* } };
    ($name:ident $given:tt $own:tt $others:ident $keys:tt $($rest:tt)*) => { choose! { $name $given $own $($rest)* } };
    ($name:ident $given:tt $own:tt) => { $crate::policy::fields::settings! { @declare $given $own } };
}
pub(super) use choose;

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
    Mode: Self::default(), Value::Mode(word) => Some(*word);
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
