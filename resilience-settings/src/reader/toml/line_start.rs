//! Decides whether a statement begins behind a line where a bracket is open: somebody has forgotten to close it, and what follows
//! is not a part of the list.

/// A bracket that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Open {
    /// Of a list.
    Square,
    /// Of an inline table, whose keys look like statements. `wants_comma` where one would have to stand before the next.
    Curly { wants_comma: bool },
}

/// Whether the line begins with `key =` or is a header, within the bracket. Looks at the key only: lines of lists may be long.
pub(crate) fn begins_statement(rest: &str, open: Open) -> bool {
    let line = rest.trim_start_matches([' ', '\t']);
    // A list within a list has no words, but for these.
    if let Some(inner) = line.strip_prefix('[') {
        let (key, behind) = bare_key(inner.trim_start_matches('['));
        let closed = behind.strip_prefix(']').map(|behind| behind.trim_start_matches(']'));
        let ends = closed.map(|behind| behind.trim_start_matches([' ', '\t']));
        return key.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && !matches!(key, "true" | "false" | "inf" | "nan")
            && ends.is_some_and(|ends| ends.is_empty() || ends.starts_with(['\n', '\r', '#']));
    }
    let (key, behind) = bare_key(line);
    let is_pair = !key.is_empty() && behind.trim_start_matches([' ', '\t']).starts_with('=');
    is_pair && open != Open::Curly { wants_comma: false }
}

/// Names without quotes, with dots between them, and what stands behind.
fn bare_key(text: &str) -> (&str, &str) {
    let is_of_key = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.');
    let end = text.find(|letter| !is_of_key(letter)).unwrap_or(text.len());
    text.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_or_a_header_is_no_part_of_a_list() {
        for line in ["max_attempts = 3\n", "  a.b=3", "[services.db]\n", "[[services.db]] # x", "[global]"] {
            assert!(begins_statement(line, Open::Square), "{line}");
        }
        for line in [
            "429, 503]\n",
            "\"a\" ]",
            "",
            "\n",
            "[1, 2],",
            "[true]",
            "[[1], [2]]",
            "# a = 1",
            "{ a = 1 }",
            "[a, b]",
        ] {
            assert!(!begins_statement(line, Open::Square), "{line}");
        }
    }

    #[test]
    fn a_key_is_a_part_of_an_inline_table_behind_a_comma() {
        assert!(!begins_statement("b = 2 }", Open::Curly { wants_comma: false }));
        assert!(begins_statement("b = 2 }", Open::Curly { wants_comma: true }));
        assert!(begins_statement("[services.db]\n", Open::Curly { wants_comma: false }));
    }
}
