//! Decides which word a misspelt one was meant as ("did you mean"), if any is near. One floor for keys, words, templates and
//! services, so that all messages guess alike.

use crate::shown::clipped;
use crate::synonyms::{by_meaning, hint_behind, plain};

/// Below this similarity (Jaro-Winkler) a guess misleads more often than it helps; `strategy` and `jitter`
/// score 0.5, one wrong or swapped letter in a key scores above 0.9.
pub const FLOOR: f64 = 0.82;

/// A longer word is no slip of a shorter one, and comparing letters takes the product of the lengths.
pub const LONGEST: usize = 100;

/// The candidate that is most like the word, unless none is like it.
pub fn nearest<'c>(word: &str, candidates: &[&'c str]) -> Option<&'c str> {
    if word.len() > LONGEST {
        return None;
    }
    if let Some(meant) = by_meaning(word, candidates) {
        return Some(meant);
    }
    let word = plain(word);
    let (mut best, mut found) = (FLOOR, None);
    for candidate in candidates {
        let likeness = strsim::jaro_winkler(&word, &plain(candidate));
        // Among equals the last.
        if likeness >= best {
            (best, found) = (likeness, Some(*candidate));
        }
    }
    found
}

/// A question that names the nearest candidate, or else the list of all.
pub fn did_you_mean(word: &str, candidates: &[&str], what: &str) -> String {
    match nearest(word, candidates) {
        Some(near) => format!("did you mean `{near}`{}?", hint_behind(word, near)),
        None => format!("{what}: {}", listed(candidates)),
    }
}

/// The words in backticks, with commas.
pub fn listed(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// The first of so many names, and how many more there are.
pub fn some(names: &mut dyn Iterator<Item = &str>, count: usize) -> String {
    const SHOWN: usize = 20;
    let names: Vec<String> = names.take(SHOWN).map(clipped).collect();
    let shown = listed(&names.iter().map(String::as_str).collect::<Vec<_>>());
    match count.saturating_sub(SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_another_word_is_not() {
        let keys = ["max_attempts", "max_delay", "base_delay", "jitter"];
        assert_eq!(nearest("max_atempts", &keys), Some("max_attempts"));
        assert_eq!(nearest("MaxDelay", &keys), Some("max_delay"));
        assert_eq!(nearest("max_retries", &keys), Some("max_attempts"));
        assert_eq!(nearest("timeout", &keys), None, "only what may stand here");
        assert_eq!(nearest("colour", &keys), None);
        assert_eq!(did_you_mean("colour", &["red", "blue"], "known"), "known: `red`, `blue`");
    }
}
