//! Writes and reads the header `Idempotency-Key` of the IETF draft (draft-ietf-httpapi-idempotency-key-header-07, expired in April
//! 2026, and in wide use). In: a key. Out: the value of the header, a string of Structured Fields, with its quotes; and back.

use std::fmt::Write as _;

/// The name of the header.
pub const HEADER: &str = "Idempotency-Key";

/// The value of the header for a key: in quotes, as the draft has it. `None` if the key has other characters than printable
/// ASCII, which no such header can carry.
///
/// ```
/// use resilience_runtime::idempotency::{from_header, to_header};
///
/// assert_eq!(to_header("order-17").as_deref(), Some("\"order-17\""));
/// assert_eq!(from_header("\"order-17\"").as_deref(), Some("order-17"));
/// ```
pub fn to_header(key: &str) -> Option<String> {
    let mut value = String::with_capacity(key.len() + 2);
    value.push('"');
    for character in key.chars() {
        match character {
            '"' | '\\' => write!(value, "\\{character}").ok()?,
            ' '..='~' => value.push(character),
            _ => return None,
        }
    }
    value.push('"');
    Some(value)
}

/// The key in a value of the header: in quotes, or, as most clients send it, without. `None` if it is empty or is neither;
/// without quotes, a comma stands between two headers that somebody has joined, and a semicolon before parameters.
pub fn from_header(value: &str) -> Option<String> {
    let value = value.trim_matches([' ', '\t']);
    let key = match value.strip_prefix('"') {
        Some(quoted) => unquoted(quoted)?,
        None if value.chars().all(is_bare) => value.to_owned(),
        None => return None,
    };
    (!key.is_empty()).then_some(key)
}

/// Whether a key without quotes may have it.
fn is_bare(character: char) -> bool {
    matches!(character, '!'..='~') && !matches!(character, '"' | ',' | ';')
}

/// What stands before the closing quote. Parameters behind it say nothing about the key.
fn unquoted(quoted: &str) -> Option<String> {
    let (mut key, mut characters) = (String::with_capacity(quoted.len()), quoted.chars());
    loop {
        match characters.next()? {
            '"' => break,
            '\\' => key.push(characters.next().filter(|escaped| matches!(escaped, '"' | '\\'))?),
            character @ ' '..='~' => key.push(character),
            _ => return None,
        }
    }
    let rest = characters.as_str().trim_start_matches([' ', '\t']);
    (rest.is_empty() || rest.starts_with(';')).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read() {
        for (value, expected) in [
            ("\"8e03978e\"", Some("8e03978e")),
            ("8e03978e", Some("8e03978e")),
            ("  \"a b\" ", Some("a b")),
            ("\"a\\\"b\\\\\"", Some("a\"b\\")),
            ("\"a\";expires=5", Some("a")),
            ("a,b", None),
            ("a;expires=5", None),
            ("a\"b", None),
            ("", None),
            ("\"\"", None),
            ("\"open", None),
            ("\"a\" b", None),
            ("a b", None),
            ("a\u{e9}", None),
            ("\"a\\n\"", None),
            ("\"a\nb\"", None),
        ] {
            assert_eq!(from_header(value).as_deref(), expected, "{value:?}");
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for key in ["order-17", "with \"quotes\" and \\", " ", "~"] {
            let value = to_header(key).expect("printable");
            assert_eq!(from_header(&value).as_deref(), Some(key));
        }
        assert_eq!((to_header("a\nb"), to_header("\u{e9}")), (None, None));
    }
}
