//! Breaks a line between words, to the width of a terminal.

/// A text with colours and spaces as it has them, broken between words where it is wider than that; its further lines are set
/// in. A terminal would break it within words.
pub(crate) fn folded(text: &str, columns: usize, indent: usize) -> String {
    let mut lines = String::with_capacity(text.len());
    let mut at = 0;
    for (number, word) in text.split(' ').enumerate() {
        let width = shown_width(word);
        if number == 0 {
            at = width;
        } else if at > indent && at + 1 + width > columns {
            lines.push('\n');
            lines.extend(std::iter::repeat_n(' ', indent));
            at = indent + width;
        } else {
            lines.push(' ');
            at += 1 + width;
        }
        lines.push_str(word);
    }
    lines
}

/// The same, set in as far as what the line begins with: the word in front of a colon, or spaces.
pub(crate) fn folded_below(line: &str, columns: usize) -> String {
    let plain: String = shown(line).collect();
    let text = plain.trim_start_matches(' ');
    let spaces = plain.len() - text.len();
    let label = text.split(' ').next().filter(|word| word.ends_with(':'));
    folded(line, columns, spaces + label.map_or(0, |label| shown_width(label) + 1))
}

/// How many columns a text takes.
fn shown_width(text: &str) -> usize {
    shown(text).count()
}

/// Whether a line of a picture of faults says something in words: the others have the columns of the text that they show.
pub(crate) fn is_sentence(line: &str) -> bool {
    shown(line).skip_while(|sign| *sign == ' ').take(2).eq("= ".chars())
}

/// A text without the commands that colour it.
fn shown(text: &str) -> impl Iterator<Item = char> {
    let mut is_command = false;
    text.chars().filter(move |sign| {
        let is_shown = !is_command && *sign != '\u{1b}';
        is_command = (is_command || *sign == '\u{1b}') && *sign != 'm';
        is_shown
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_take_no_room_and_spaces_stay() {
        let text = "\u{1b}[1merror\u{1b}[0m: one two  three";
        assert_eq!(folded(text, 80, 7), text);
        assert_eq!(folded(text, 14, 7), "\u{1b}[1merror\u{1b}[0m: one two\n        three");
        assert_eq!(folded("  = help: incomprehensible", 12, 8), "  = help:\n        incomprehensible");
    }

    #[test]
    fn lines_are_set_in_below_what_they_begin_with() {
        assert_eq!(
            folded_below("\u{1b}[1merror:\u{1b}[0m one two", 12),
            "\u{1b}[1merror:\u{1b}[0m one\n       two"
        );
        assert_eq!(folded_below("  tip: one two", 12), "  tip: one\n       two");
        assert_eq!(folded_below("  [possible values: one, two]", 24), "  [possible values: one,\n  two]");
        assert_eq!(folded_below("", 12), "");
    }

    #[test]
    fn remarks_are_told_from_columns_of_a_text() {
        assert!(is_sentence("  \u{1b}[1m= help\u{1b}[0m: did you mean `deadline`?"));
        assert!(!is_sentence("2 | a = b") && !is_sentence("  |  = 3") && !is_sentence(""));
    }
}
