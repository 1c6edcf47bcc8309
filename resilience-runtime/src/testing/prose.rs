//! How reports for people say numbers and break lines. In: a number with its noun, a text and a width. Out: a few words, lines.

use std::fmt::Display;

/// So many of them, in words: `1 call`, `2 calls`.
pub(super) fn counted<N: Copy + Display + PartialEq + From<u8>>(count: N, noun: &str) -> String {
    let ending = if count == N::from(1) { "" } else { "s" };
    format!("{count} {noun}{ending}")
}

/// The lines of a text, broken between words where it is wider than so many columns; each is set in as far as the text is. A word
/// that is longer than a line stands alone.
pub(super) fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let words = text.trim_start_matches(' ');
    let indent = text.len() - words.len();
    let mut lines = vec![" ".repeat(indent)];
    let mut at = indent;
    for word in words.split(' ').filter(|word| !word.is_empty()) {
        let width = word.chars().count();
        if at > indent && at + 1 + width > columns {
            lines.push(" ".repeat(indent));
            at = indent;
        }
        if let Some(line) = lines.last_mut() {
            let gap = usize::from(at > indent);
            line.push_str(&" "[..gap]);
            line.push_str(word);
            at += gap + width;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_them_is_one() {
        assert_eq!(
            [counted(0_u64, "call"), counted(1_usize, "call"), counted(2_u32, "call")],
            ["0 calls", "1 call", "2 calls"]
        );
    }

    #[test]
    fn lines_break_between_words_and_stay_set_in() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("  = help: one", 9), ["  = help:", "  one"]);
        assert_eq!(wrapped("incomprehensible at all", 5), ["incomprehensible", "at", "all"]);
        assert_eq!(wrapped("", 5), [""]);
    }
}
