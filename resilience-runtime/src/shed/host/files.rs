//! Reads the small text files that the kernel provides. In: a path, below a root that tests choose. Out: text or numbers.

use std::fs;
use std::path::{Path, PathBuf};

#[derive(Debug)]
pub(super) struct Files {
    root: PathBuf,
}

impl Files {
    pub(super) fn of_the_system() -> Self {
        Self::below("/")
    }

    pub(super) fn below(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The text of a file given by its absolute path; `None` if there is no such file, as on other systems.
    pub(super) fn read(&self, path: impl AsRef<Path>) -> Option<String> {
        let path = path.as_ref();
        fs::read_to_string(self.root.join(path.strip_prefix("/").unwrap_or(path))).ok()
    }

    /// The number in a file that consists of one; `None` for words such as `max`.
    pub(super) fn number(&self, path: impl AsRef<Path>) -> Option<f64> {
        number(self.read(path)?.trim())
    }
}

/// A number as the kernel writes it.
pub(super) fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// The number after a key in a list of lines such as `usage_usec 4711` or `MemTotal:  4711 kB`.
pub(super) fn entry(text: &str, key: &str) -> Option<f64> {
    text.lines().find_map(|line| {
        let mut words = line.split_whitespace();
        (words.next() == Some(key)).then(|| words.next().and_then(number))?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_found_by_its_whole_key() {
        let text = "usage_usec 4711\nuser_usec 12\nMemTotal:    24684084 kB\nempty\n";
        for (key, value) in [
            ("usage_usec", Some(4711.0)),
            ("user_usec", Some(12.0)),
            ("MemTotal:", Some(24_684_084.0)),
            ("usec", None),
            ("usage", None),
            ("empty", None),
            ("", None),
        ] {
            assert_eq!(entry(text, key), value, "{key}");
        }
    }

    #[test]
    fn words_are_no_numbers() {
        assert_eq!(number("-1"), Some(-1.0));
        for word in ["max", "", "inf", "NaN"] {
            assert_eq!(number(word), None, "{word}");
        }
    }
}
