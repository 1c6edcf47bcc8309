//! Finds the name that a misspelt one is nearest to, out of very many: a file and a program may have ten thousand services each,
//! and hardly one in common.
//!
//! The answers are those of [`nearest`](crate::suggest::nearest), for less work: a word is compared only with the
//! names that have enough letters in common with it.

use std::cell::Cell;
use std::collections::HashMap;

use crate::suggest::{FLOOR, LONGEST};
use crate::synonyms::plain;

/// What all guesses of one set of names may cost together, as a multiple of [`GLANCE`]: a hundredth of a second
/// or two. It is enough for the hundred that are shown among ten thousand names. Beyond it only names that differ in case
/// and separators are found; who has more than that to guess has not misspelt a name.
const PATIENCE: u32 = 1_000_000;

/// So many names are guessed from, each for a few hundred bytes: the first ones.
const MOST: usize = 100_000;

/// The cost of seeing that two words are too different.
const GLANCE: u32 = 1;
/// The cost of their likeness.
const COMPARISON: u32 = 40;

/// Below the floor the rounding of a bound decides nothing.
const SLACK: f64 = 1e-9;

/// Names to guess from.
#[derive(Debug)]
pub struct Names<'c> {
    candidates: Vec<Candidate<'c>>,
    /// The last candidate of each plain spelling.
    spelt: HashMap<String, &'c str>,
    patience: Cell<u32>,
}

#[derive(Debug)]
struct Candidate<'c> {
    name: &'c str,
    word: Word,
}

/// A word in its plain spelling, with what tells most words from it.
#[derive(Debug)]
struct Word {
    /// How often each letter occurs; letters share the places, which makes words more alike, never less.
    letters: [u16; 32],
    length: u32,
    plain: String,
}

impl<'c> Names<'c> {
    pub fn new(names: &mut dyn Iterator<Item = &'c str>) -> Self {
        let short = names.filter(|name| name.len() <= LONGEST).take(MOST);
        let candidates: Vec<_> = short.map(|name| Candidate { name, word: Word::new(name) }).collect();
        let spelt = candidates.iter().map(|one| (one.word.plain.clone(), one.name)).collect();
        Self { candidates, spelt, patience: Cell::new(PATIENCE) }
    }

    /// The name that is most like the word, unless none is like it.
    pub fn nearest(&self, word: &str) -> Option<&'c str> {
        if self.candidates.is_empty() || word.len() > LONGEST {
            return None;
        }
        let word = Word::new(word);
        if let Some(same) = self.spelt.get(&word.plain) {
            return Some(same);
        }
        let (mut best, mut found) = (FLOOR, None);
        for Candidate { name, word: other } in &self.candidates {
            let is_close = word.likeness_at_most(other) + SLACK >= best;
            let cost = if is_close { COMPARISON } else { GLANCE };
            let Some(left) = self.patience.get().checked_sub(cost) else { break };
            self.patience.set(left);
            if is_close {
                let likeness = strsim::jaro_winkler(&word.plain, &other.plain);
                // Among equals the last, as there.
                if likeness >= best {
                    (best, found) = (likeness, Some(*name));
                }
            }
        }
        found
    }
}

impl Word {
    fn new(word: &str) -> Self {
        let plain = plain(word);
        let (mut letters, mut length) = ([0_u16; 32], 0);
        for letter in plain.chars() {
            let count = &mut letters[letter as usize % 32];
            *count = count.saturating_add(1);
            length += 1;
        }
        Self { letters, length, plain }
    }

    /// What the Jaro-Winkler likeness cannot exceed: all letters that both words have would have to be in place, and
    /// the first four to be the same.
    fn likeness_at_most(&self, other: &Self) -> f64 {
        let pairs = self.letters.iter().zip(&other.letters);
        let common: u32 = pairs.map(|(a, b)| u32::from(*a.min(b))).sum();
        let common = f64::from(common);
        let jaro = (common / f64::from(self.length) + common / f64::from(other.length) + 1.0) / 3.0;
        jaro + 0.4 * (1.0 - jaro)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::suggest::nearest;

    #[test]
    fn a_thousand_names_that_are_alike_are_given_up_on_but_for_their_spelling() {
        let names: Vec<String> = (0..1_000).map(|number| format!("service_{number:05}")).collect();
        let known = Names::new(&mut names.iter().map(String::as_str));
        known.patience.set(200 * 1_000 * GLANCE);
        let guessed = names.iter().filter(|name| known.nearest(&format!("{name}x")).is_some()).count();
        assert!((20..300).contains(&guessed), "{guessed}");
        assert_eq!(known.nearest("Service00999"), Some("service_00999"));
    }

    #[test]
    fn words_without_letters_are_like_nothing() {
        let names = Names::new(&mut ["a", "-", "é-b"].into_iter());
        assert_eq!((names.nearest("_"), names.nearest("xyz")), (Some("-"), None));
        assert_eq!(Names::new(&mut ["a"].into_iter()).nearest("_"), None);
        // The unit behind the name of a key is none behind other names.
        assert_eq!((Names::new(&mut [""].into_iter()).nearest("__d"), nearest("__d", &[""])), (None, None));
    }

    proptest! {
        #[test]
        fn the_guess_is_that_of_a_comparison_with_each(
            names in prop::collection::vec("[a-eé_-]{0,8}", 0..12),
            words in prop::collection::vec("[a-eE_]{0,8}", 1..6),
        ) {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let known = Names::new(&mut names.iter().copied());
            for word in &words {
                prop_assert_eq!(known.nearest(word), nearest(word, &names));
            }
        }

        #[test]
        fn no_two_words_are_more_alike_than_the_bound(one in "[a-dA-D]{0,20}", other in "[a-d]{0,20}") {
            let (one, other) = (Word::new(&one), Word::new(&other));
            let likeness = strsim::jaro_winkler(&one.plain, &other.plain);
            prop_assert!(one.length == 0 || other.length == 0 || one.likeness_at_most(&other) + SLACK >= likeness);
        }
    }
}
