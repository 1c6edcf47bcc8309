//! Writes and reads the result of a call as a store keeps it: as JSON, or as the value itself. In: a value of the function's own
//! type. Out: what a store keeps, and the value again.

use std::any::Any;
#[cfg(feature = "json")]
use std::io;
use std::sync::Arc;

#[cfg(feature = "json")]
use crate::idempotency::MOST_BYTES;
use crate::store::SharedValue;

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
                let mut bytes = AtMost(Vec::new());
                serde_json::to_writer(&mut bytes, value).ok()?;
                Some(Kept::Bytes(bytes.0))
            },
            restore: |kept| match kept {
                Kept::Bytes(bytes) => serde_json::from_slice(bytes).ok(),
                Kept::Value(_) => None,
            },
        }
    }
}

/// Bytes that end with an error where they become more than a store takes, so that nothing larger is ever made.
#[cfg(feature = "json")]
struct AtMost(Vec<u8>);

#[cfg(feature = "json")]
impl io::Write for AtMost {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > MOST_BYTES {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(all(test, feature = "json"))]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn kept<T: serde::Serialize + serde::de::DeserializeOwned>(value: &T) -> Option<Vec<u8>> {
        match (Codec::json().keep)(value)? {
            Kept::Bytes(bytes) => Some(bytes),
            Kept::Value(_) => None,
        }
    }

    #[test]
    fn a_value_is_kept_up_to_the_limit_and_not_a_byte_more() {
        // With its quotes.
        let text = |bytes: usize| "x".repeat(bytes - 2);
        assert_eq!(kept(&text(MOST_BYTES)).map(|bytes| bytes.len()), Some(MOST_BYTES));
        assert_eq!(kept(&text(MOST_BYTES + 1)), None);
    }

    #[test]
    fn what_json_has_no_form_for_is_not_kept() {
        assert_eq!(kept(&BTreeMap::from([((1, 2), 3)])), None, "keys of JSON are texts");
    }
}
