//! How a result is kept. In: a value of the function's own type. Out: what a store keeps, and the value again.

use std::any::Any;
use std::sync::Arc;

#[cfg(feature = "json")]
use crate::idempotency::MOST_BYTES;
use crate::registry::SharedValue;

/// What a store keeps of a result.
#[derive(Debug)]
pub(super) enum Kept {
    /// As it is, in memory.
    Value(SharedValue),
    /// As JSON.
    Bytes(Vec<u8>),
}

/// The two ways through for one type, so that all else is compiled once.
pub(super) struct Codec<T> {
    /// `None` if it cannot be kept.
    pub(super) keep: fn(&T) -> Option<Kept>,
    /// `None` if it is of another type by now.
    pub(super) restore: fn(&Kept) -> Option<T>,
}

impl<T> Clone for Codec<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Codec<T> {}

impl<T: Clone + Send + Sync + 'static> Codec<T> {
    /// Values as they are.
    pub(super) const fn value() -> Self {
        Self {
            keep: |value| {
                let value: Arc<dyn Any + Send + Sync> = Arc::new(value.clone());
                Some(Kept::Value(value))
            },
            restore: |kept| match kept {
                Kept::Value(value) => value.downcast_ref().cloned(),
                Kept::Bytes(_) => None,
            },
        }
    }
}

#[cfg(feature = "json")]
impl<T: serde::Serialize + serde::de::DeserializeOwned> Codec<T> {
    /// Values as JSON.
    pub(super) const fn json() -> Self {
        Self {
            keep: |value| {
                let bytes = serde_json::to_vec(value).ok()?;
                (bytes.len() <= MOST_BYTES).then_some(Kept::Bytes(bytes))
            },
            restore: |kept| match kept {
                Kept::Bytes(bytes) => serde_json::from_slice(bytes).ok(),
                Kept::Value(_) => None,
            },
        }
    }
}
