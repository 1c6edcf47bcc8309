//! Reads the delay in the details of a gRPC status. In: its binary details. Out: the delay of a `google.rpc.RetryInfo` among them.
//!
//! It reads protobuf fields itself, because generated types would add the dependencies `prost` and `tonic-types` for
//! one number. It knows only as much of the format as these messages need, and gives up on anything unexpected.
//!
//! ```text
//! google.rpc.Status         { int32 code = 1; string message = 2; repeated Any details = 3; }
//! google.protobuf.Any       { string type_url = 1; bytes value = 2; }
//! google.rpc.RetryInfo      { Duration retry_delay = 1; }
//! google.protobuf.Duration  { int64 seconds = 1; int32 nanos = 2; }
//! ```

use std::time::Duration;

/// The delay that the details ask for; a negative one is zero.
pub(super) fn delay(details: &[u8]) -> Option<Duration> {
    let info =
        fields(details).filter(|(number, _)| *number == 3).find_map(|(_, detail)| unpack(detail.bytes()?))?;
    let delay = fields(info).find(|(number, _)| *number == 1)?.1.bytes()?;
    let part = |wanted| {
        fields(delay).find(|(number, _)| *number == wanted).map_or(Some(0), |(_, value)| value.number())
    };
    // Both are two's complement: a value that does not fit a signed number is negative.
    let seconds = u64::try_from(part(1)?.cast_signed()).unwrap_or(0);
    let nanos = u64::try_from(part(2)?.cast_signed()).unwrap_or(0);
    Some(Duration::from_secs(seconds).saturating_add(Duration::from_nanos(nanos)))
}

/// The value of an `Any`, if it is a `RetryInfo`.
fn unpack(any: &[u8]) -> Option<&[u8]> {
    let field = |wanted| fields(any).find(|(number, _)| *number == wanted)?.1.bytes();
    field(1)?.ends_with(b"/google.rpc.RetryInfo").then(|| field(2).unwrap_or_default())
}

#[derive(Clone, Copy)]
enum Field<'b> {
    Number(u64),
    Bytes(&'b [u8]),
    Other,
}

impl<'b> Field<'b> {
    fn bytes(self) -> Option<&'b [u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            Self::Number(_) | Self::Other => None,
        }
    }

    fn number(self) -> Option<u64> {
        match self {
            Self::Number(number) => Some(number),
            Self::Bytes(_) | Self::Other => None,
        }
    }
}

/// The fields of a message with their numbers, up to the first that cannot be read.
fn fields(mut message: &[u8]) -> impl Iterator<Item = (u64, Field<'_>)> {
    std::iter::from_fn(move || {
        let tag = varint(&mut message)?;
        let field = match tag & 7 {
            0 => Field::Number(varint(&mut message)?),
            1 => message.split_off(..8).map(|_| Field::Other)?,
            2 => {
                let length = usize::try_from(varint(&mut message)?).ok()?;
                Field::Bytes(message.split_off(..length)?)
            }
            5 => message.split_off(..4).map(|_| Field::Other)?,
            _ => return None,
        };
        Some((tag >> 3, field))
    })
}

/// A varint: seven bits per byte, least significant first, at most ten bytes.
fn varint(message: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = *message.split_off_first()?;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    fn put(number: u8, bytes: &[u8]) -> Vec<u8> {
        let length = u8::try_from(bytes.len()).expect("a short message");
        assert!(length < 0x80, "lengths of one byte are enough here");
        [&[number << 3 | 2, length], bytes].concat()
    }

    fn put_number(number: u8, mut value: u64) -> Vec<u8> {
        let mut message = vec![number << 3];
        while value >= 0x80 {
            message.push(u8::try_from(value & 0x7f).expect("seven bits") | 0x80);
            value >>= 7;
        }
        message.push(u8::try_from(value).expect("seven bits"));
        message
    }

    fn any(name: &str, value: &[u8]) -> Vec<u8> {
        put(3, &[put(1, format!("type.googleapis.com/{name}").as_bytes()), put(2, value)].concat())
    }

    /// The details of a status that asks to wait.
    pub(in super::super) fn details(seconds: u64, nanos: u64) -> Vec<u8> {
        let delay = [put_number(1, seconds), put_number(2, nanos)].concat();
        [
            put_number(1, 14),
            put(2, b"busy"),
            any("google.rpc.DebugInfo", b"\x0a\x01x"),
            any("google.rpc.RetryInfo", &put(1, &delay)),
        ]
        .concat()
    }

    #[test]
    fn the_delay_is_found_among_other_details() {
        assert_eq!(delay(&details(2, 500_000_000)), Some(Duration::from_millis(2500)));
        assert_eq!(delay(&details(0, 0)), Some(Duration::ZERO));
        assert_eq!(delay(&details(u64::MAX, 0)), Some(Duration::ZERO), "minus one second");
        let only_seconds = any("google.rpc.RetryInfo", &put(1, &put_number(1, 301)));
        assert_eq!(delay(&only_seconds), Some(Duration::from_secs(301)));
    }

    #[test]
    fn details_without_a_delay_are_no_hint() {
        assert_eq!(delay(&[]), None);
        assert_eq!(delay(&any("google.rpc.DebugInfo", b"")), None);
        assert_eq!(delay(&any("google.rpc.RetryInfo", b"")), None);
        assert_eq!(delay(b"no protobuf at all"), None);
    }

    proptest! {
        #[test]
        fn bytes_of_any_kind_are_survived(bytes: Vec<u8>) {
            let _ = delay(&bytes);
        }

        #[test]
        fn a_delay_comes_back_as_it_was_written(seconds in 0..u64::MAX / 2, nanos in 0..1_000_000_000_u64) {
            let expected = Duration::from_secs(seconds) + Duration::from_nanos(nanos);
            prop_assert_eq!(delay(&details(seconds, nanos)), Some(expected));
        }

        #[test]
        fn details_that_are_cut_off_are_survived(keep in 0..80_usize) {
            let whole = details(2, 5);
            let part = &whole[..keep.min(whole.len() - 1)];
            prop_assert!(delay(part).is_none_or(|wait| wait <= Duration::new(2, 5)));
        }
    }
}
