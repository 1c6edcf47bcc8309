//! Escapes names for labels. In: a name from the program or a file. Out: a text for a label, without control characters or text
//! direction marks. Different names give different texts: two equal series would make the whole page invalid.

use std::borrow::Cow;

use resilience_settings::printable::is_printable;

/// Escapes all that is not printable, as in `\u{202e}`, and the backslash itself: otherwise an escape and a name that
/// is spelt like one would be equal.
pub(crate) fn normalised(name: &str) -> Cow<'_, str> {
    let stays = |c: char| c != '\\' && is_printable(c);
    if name.chars().all(stays) {
        return Cow::Borrowed(name);
    }
    let mut text = String::with_capacity(name.len() + 16);
    for c in name.chars() {
        if stays(c) {
            text.push(c);
        } else {
            text.extend(c.escape_debug());
        }
    }
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_that_can_be_shown_stays_and_others_are_escaped() {
        for plain in ["claude_api", "größe/日本 'x' \"y\"", "<script>alert(1)</script>", ""] {
            assert_eq!(normalised(plain), plain);
        }
        assert_eq!(normalised("a\nb\u{1b}[2Jc\u{202e}d\\e"), "a\\nb\\u{1b}[2Jc\\u{202e}d\\\\e");
    }

    /// Reverses the escapes.
    fn restored(text: &str) -> String {
        let mut chars = text.chars();
        let mut name = String::new();
        while let Some(c) = chars.next() {
            if c != '\\' {
                name.push(c);
                continue;
            }
            name.push(match chars.next().expect("an escape has a letter") {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                '0' => '\0',
                'u' => {
                    let digits: String = chars.by_ref().skip(1).take_while(|c| *c != '}').collect();
                    u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32).expect("a character")
                }
                escaped => escaped,
            });
        }
        name
    }

    proptest! {
        /// A mapping that can be reversed is one to one.
        #[test]
        fn each_name_has_a_text_of_its_own(name in "(.|\\\\|[nu{}\u{202e}\u{1b}\r\n\t\0])*") {
            let text = normalised(&name).into_owned();
            prop_assert!(text.chars().all(is_printable));
            prop_assert_eq!(restored(&text), name);
        }
    }
}
