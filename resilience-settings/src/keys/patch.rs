//! Data: one layer of settings, keys with values, whoever wrote it: a file, an attribute or a run-time change.

use std::time::Duration;

use super::key::Key;
use super::table::keys;
use super::value::{
    BudgetKind, CacheMode, Deposit, Mode, NestedRetries, OnUnavailable, Strategy, Value, Window,
};
use crate::Priority;
use crate::policy::hedge::HedgeAfter;
use crate::policy::kind::ServiceKind;
use crate::policy::numbers::Ratio;
use crate::policy::percentile::Percentile;

/// Some keys with their values, to lay over the settings of a service.
///
/// ```
/// use std::time::Duration;
/// use resilience_runtime::Patch;
/// let patch = Patch::new().max_attempts(2).base_delay(Duration::from_millis(50));
/// assert_eq!(patch.len(), 2);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Patch {
    /// Each key once, in the order of keys. A few of them are found as fast as in a tree, whose code would take longer to
    /// compile than all else of a patch.
    values: Vec<(Key, Value)>,
}

impl Patch {
    /// A patch that changes nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets one key; a later value of the same key wins.
    #[must_use]
    pub fn with(mut self, key: Key, value: Value) -> Self {
        self.set(key, value);
        self
    }

    /// As many attempts as fit into the deadline, for [`max_attempts`](Self::max_attempts).
    #[must_use]
    pub fn max_attempts_unlimited(self) -> Self {
        self.with(Key::MaxAttempts, Value::Unlimited)
    }

    /// Makes the attempt timeout follow the latencies of the service. `attempt_timeout_floor` and its neighbours do
    /// so by themselves; this is for the built-in bounds.
    #[must_use]
    pub fn attempt_timeout_adaptive(self) -> Self {
        self.with(Key::AttemptTimeout, Value::Adaptive)
    }

    /// The value of a key, if the patch has one.
    pub fn get(&self, key: Key) -> Option<&Value> {
        self.place(key).ok().map(|place| &self.values[place].1)
    }

    /// The keys and values, in the order of [`Key::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = (Key, &Value)> {
        self.values.iter().map(|(key, value)| (*key, value))
    }

    /// How many keys it sets.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether it sets nothing.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Lays another patch over this one: the other's values win.
    pub fn extend(&mut self, other: &Self) {
        for (key, value) in &other.values {
            self.set(*key, value.clone());
        }
    }

    fn set(&mut self, key: Key, value: Value) {
        match self.place(key) {
            Ok(place) => self.values[place].1 = value,
            Err(place) => self.values.insert(place, (key, value)),
        }
    }

    /// Where the key stands, or where it would.
    fn place(&self, key: Key) -> Result<usize, usize> {
        self.values.binary_search_by_key(&key, |(key, _)| *key)
    }

    /// Sets one key unless the patch has it.
    pub(crate) fn or_with(&mut self, key: Key, value: Value) {
        if let Err(place) = self.place(key) {
            self.values.insert(place, (key, value));
        }
    }

    /// The keys with their values, in the order of [`Key::ALL`].
    pub(crate) fn into_values(self) -> Vec<(Key, Value)> {
        self.values
    }
}

impl FromIterator<(Key, Value)> for Patch {
    fn from_iter<I: IntoIterator<Item = (Key, Value)>>(values: I) -> Self {
        let mut patch = Self::new();
        for (key, value) in values {
            patch.set(key, value);
        }
        patch
    }
}

macro_rules! declare_setters {
    ($($settings:ident { $(#[doc = $doc:literal] $key:ident : $clause:ident $name:ident $(or $alias:ident)? $(: $field:ty)?,
        $sort:ident, $shape:expr, $setter:ident($($arg:tt)+) = $value:expr $(=> $built_in:expr)?, $default:literal, $help:literal;)+ })+) => {
        impl Patch {
            $($(#[doc = $doc]
            #[must_use]
            pub fn $setter(self, value: $($arg)+) -> Self {
                let make: fn($($arg)+) -> Value = $value;
                self.with(Key::$key, make(value))
            })+)+
        }

        impl Key {
            /// The value of the key where no layer has one; `None` where that means something of its own.
            #[doc(hidden)]
            pub fn built_in(self) -> Option<Value> {
                #[expect(unused_mut, unused_assignments, reason = "some keys have none")]
                match self {
                    $($(Self::$key => {
                        let make: fn($($arg)+) -> Value = $value;
                        let mut built_in: Option<$($arg)+> = None;
                        $(built_in = Some($built_in);)?
                        built_in.map(make)
                    })+)+
                }
            }
        }

        /// Gives a builder with a field `settings` every setter that a [`Patch`] has. `setting!` says what each takes,
        /// and `set!` makes a setting of it.
        #[doc(hidden)]
        #[macro_export]
        macro_rules! with_setters {
            ($builder:ident) => {
                impl $builder {
                    $($(#[doc = $doc]
                    pub fn $setter(mut self, value: setting!($($arg)+)) -> Self {
                        self.settings = self.settings.$setter(set!(value: $($arg)+));
                        self
                    })+)+
                }
            };
        }
    };
}
keys!(declare_setters);

fn switch(on: bool) -> Value {
    if on { Value::Switch(true) } else { Value::Off }
}

fn count(count: u32) -> Value {
    Value::Count(count.into())
}

fn limit(time: Option<Duration>) -> Value {
    time.map_or(Value::Off, Value::Duration)
}

fn after(after: HedgeAfter) -> Value {
    match after {
        HedgeAfter::Fixed(time) => Value::Duration(time),
        HedgeAfter::Quantile(ratio) => Value::Quantile(ratio),
    }
}
