//! Says which types may be an idempotency key or a fingerprint. In: a text, bytes, or a number. Out: its bytes.

/// A text, bytes, or a number: the `key` or the `fingerprint` of a request.
///
/// A type of your own gives one of these, such as its text.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no idempotency key or fingerprint",
    label = "expected a text, bytes or a number",
    note = "write a text made of it, such as `key = id.to_string()`"
)]
pub trait KeyPart {
    /// Gives its bytes to a function.
    fn with_bytes<R>(&self, with: impl FnOnce(&[u8]) -> R) -> R;
}

/// The `key` of a request: a [`KeyPart`], or an `Option` of one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no idempotency key",
    label = "expected a text, bytes, a number, or an `Option` of one",
    note = "write a text made of it, such as `key = id.to_string()`"
)]
pub trait IdempotencyKey {
    /// Gives its bytes to a function; `None` if the request has no key.
    fn with_key<R>(&self, with: impl FnOnce(&[u8]) -> R) -> Option<R>;
}

macro_rules! bytes {
    ($($name:ty: $bytes:expr),+ $(,)?) => {$(
        impl KeyPart for $name {
            fn with_bytes<R>(&self, with: impl FnOnce(&[u8]) -> R) -> R {
                let bytes: fn(&$name) -> &[u8] = $bytes;
                with(bytes(self))
            }
        }

        impl IdempotencyKey for $name {
            fn with_key<R>(&self, with: impl FnOnce(&[u8]) -> R) -> Option<R> {
                Some(self.with_bytes(with))
            }
        }
    )+};
}
bytes!(str: str::as_bytes, String: |text| text.as_bytes(), [u8]: |bytes| bytes, Vec<u8>: |bytes| bytes);

/// In decimal digits, so that a key does not change when its type is widened or made a text.
macro_rules! numbers {
    ($($name:ty),+) => {$(
        impl KeyPart for $name {
            fn with_bytes<R>(&self, with: impl FnOnce(&[u8]) -> R) -> R {
                with(self.to_string().as_bytes())
            }
        }

        impl IdempotencyKey for $name {
            fn with_key<R>(&self, with: impl FnOnce(&[u8]) -> R) -> Option<R> {
                Some(self.with_bytes(with))
            }
        }
    )+};
}
numbers!(u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize);

impl<const N: usize> KeyPart for [u8; N] {
    fn with_bytes<R>(&self, with: impl FnOnce(&[u8]) -> R) -> R {
        with(self)
    }
}

impl<const N: usize> IdempotencyKey for [u8; N] {
    fn with_key<R>(&self, with: impl FnOnce(&[u8]) -> R) -> Option<R> {
        Some(with(self))
    }
}

impl<P: KeyPart + ?Sized> KeyPart for &P {
    fn with_bytes<R>(&self, with: impl FnOnce(&[u8]) -> R) -> R {
        (**self).with_bytes(with)
    }
}

impl<P: IdempotencyKey + ?Sized> IdempotencyKey for &P {
    fn with_key<R>(&self, with: impl FnOnce(&[u8]) -> R) -> Option<R> {
        (**self).with_key(with)
    }
}

impl<P: IdempotencyKey> IdempotencyKey for Option<P> {
    fn with_key<R>(&self, with: impl FnOnce(&[u8]) -> R) -> Option<R> {
        self.as_ref()?.with_key(with)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(key: impl IdempotencyKey) -> Option<Vec<u8>> {
        key.with_key(<[u8]>::to_vec)
    }

    #[test]
    fn a_key_is_its_bytes_and_none_is_no_key() {
        let text = || Some(b"17".to_vec());
        assert_eq!(bytes("17"), text());
        assert_eq!(bytes(String::from("17")), text());
        let owned = String::from("17");
        assert_eq!(bytes(&owned), text());
        assert_eq!(bytes(17_u8), text());
        assert_eq!(bytes(17_i128), text());
        assert_eq!(bytes(*b"17"), text());
        assert_eq!(bytes(&b"17"[..]), text());
        assert_eq!(bytes(Some("17")), text());
        assert_eq!(bytes(Some(Some(&17_u64))), text());
        assert_eq!(bytes(None::<String>), None);
        assert_eq!(bytes(Some(None::<u8>)), None);
        assert_eq!(bytes(""), Some(Vec::new()), "empty is a mistake, which is not for this to say");
        assert_eq!(u8::MAX.with_bytes(<[u8]>::to_vec), b"255");
    }
}
