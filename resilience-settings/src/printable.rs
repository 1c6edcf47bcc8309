//! Escapes a text from outside, such as a name out of a file, for logs and terminals: a line break would forge a line of the log,
//! an escape sequence would command the terminal, and a mark of direction would show the rest of the line backwards.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

/// Shows a text with whatever is not printable escaped, as in `\u{202e}`.
#[derive(Clone, Copy, Debug)]
pub struct Printable<'a>(pub &'a str);

impl fmt::Display for Printable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.chars().all(is_printable) {
            // With the width that was asked for.
            return f.pad(self.0);
        }
        for c in self.0.chars() {
            if is_printable(c) {
                f.write_char(c)?;
            } else {
                c.escape_debug().try_for_each(|c| f.write_char(c))?;
            }
        }
        Ok(())
    }
}

/// The text, which is copied only where something in it is not printable.
pub fn shown(text: &str) -> Cow<'_, str> {
    if text.chars().all(is_printable) { Cow::Borrowed(text) } else { Cow::Owned(Printable(text).to_string()) }
}

/// The text as an own one.
pub fn printable(text: String) -> String {
    if text.chars().all(is_printable) { text } else { Printable(&text).to_string() }
}

/// Whether a character can be shown as it is.
pub fn is_printable(c: char) -> bool {
    c.is_ascii_graphic() || c == ' ' || (!c.is_ascii() && c.escape_debug().len() == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_is_escaped_and_text_stays() {
        for plain in ["claude_api", "größe/日本 'x' \"y\" \\z", ""] {
            assert_eq!(Printable(plain).to_string(), plain);
        }
        let hostile = "a\nERROR\r\tb\u{1b}[2Jc\u{202e}d\u{200b}e\u{0}\u{85}\u{feff}\u{2028}";
        let shown = Printable(hostile).to_string();
        assert_eq!(shown, "a\\nERROR\\r\\tb\\u{1b}[2Jc\\u{202e}d\\u{200b}e\\0\\u{85}\\u{feff}\\u{2028}");
        assert_eq!(printable(hostile.to_owned()), shown);
        assert_eq!(super::shown(hostile), shown);
        assert!(matches!(super::shown("claude_api"), Cow::Borrowed("claude_api")));
        assert_eq!(format!("[{:4}]", Printable("ab")), "[ab  ]");
    }
}
