//! Reads the label that `service_type` gives a service. Any name will do; those of the kinds are written in `snake_case`, and those
//! of vendors that the documentation names are known by them.
//!
//! It becomes a label of metrics: there are as many as the file has services, so what it says has to be short and
//! plain.

use std::sync::Arc;

use crate::policy::ServiceKind;

/// What a label may be, to stand behind "must be".
pub(crate) const ACCEPTED: &str = "a name of at most 64 letters, digits, `_`, `-`, `.`, `:` or `/`";

pub(crate) const LONGEST: usize = 64;

/// The label of this name.
pub(crate) fn read(word: &str) -> Option<Arc<str>> {
    if let Some(kind) = ServiceKind::parse(word) {
        return Some(kind.name().into());
    }
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '/');
    let is_label = !word.is_empty() && word.chars().count() <= LONGEST && word.chars().all(is_plain);
    is_label.then(|| word.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_plain_name_is_a_label() {
        for (word, label) in [
            ("ai_claude", "ai_claude"),
            ("HttpApi", "http_api"),
            ("acme-billing/v2", "acme-billing/v2"),
            ("größe", "größe"),
        ] {
            assert_eq!(read(word).as_deref(), Some(label));
        }
        for word in ["", " ", "a b", "a\nb", "a\u{1b}[2J", "a\u{202e}b", &"x".repeat(65)] {
            assert_eq!(read(word), None, "{word:?}");
        }
    }
}
