//! Quotes a name from outside for messages. In: a name from outside, of any length. Out: how messages quote it. They come from
//! outside, and may be of any length.

use crate::printable::printable;

/// The name as TOML needs it in a header; cut, where it is so long that nobody reads it.
pub fn quoted(name: &str) -> String {
    let bare = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if bare { clipped(name) } else { format!("{:?}", cut(name)) }
}

/// A name as messages show it: whole, unless it is absurdly long, and printable.
pub fn clipped(name: &str) -> String {
    printable(cut(name))
}

fn cut(name: &str) -> String {
    const SHOWN: usize = 100;
    match name.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", name.get(..end).unwrap_or_default()),
        None => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shown_as_a_header_has_them_and_cut_where_they_are_absurd() {
        for (name, expected) in
            [("a_b-1", "a_b-1"), ("a b", "\"a b\""), ("", "\"\""), ("a\u{1b}", "\"a\\u{1b}\"")]
        {
            assert_eq!(quoted(name), expected);
        }
        assert_eq!(clipped("a\u{1b}[2J\n"), "a\\u{1b}[2J\\n");
        assert_eq!(clipped(&"ü".repeat(100)), "ü".repeat(100));
        assert_eq!(clipped(&"ü".repeat(101)), format!("{}…", "ü".repeat(100)));
    }
}
