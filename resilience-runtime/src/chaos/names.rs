//! Makes the labels that rules of chaos are counted under. In: their names and numbers. Out: static texts, which series and events
//! hold; of one registry at most so many.
//!
//! A label is only what is counted under. Rules are replaced and disarmed by the names that were asked for, of which there
//! may be any number.

use std::collections::HashSet;

/// So many names are told apart in a registry, and as many numbers of rules without one: labels are kept for ever, and names
/// come from outside too.
const MOST: usize = 1_024;

/// The label of all others.
const OTHER: &str = "other";

/// The labels of one registry.
#[derive(Debug, Default)]
pub(super) struct Labels {
    of_names: HashSet<&'static str>,
    of_numbers: usize,
}

impl Labels {
    /// The label of a rule that has a name.
    pub(super) fn of_name(&mut self, name: &str) -> &'static str {
        if let Some(known) = self.of_names.get(name) {
            return known;
        }
        if self.of_names.len() >= MOST {
            return OTHER;
        }
        let label: &'static str = Box::leak(name.into());
        self.of_names.insert(label);
        label
    }

    /// The label of a rule without one, which uses up no name. `text` is of a number that no other rule has.
    pub(super) fn of_number(&mut self, text: &str) -> &'static str {
        if self.of_numbers >= MOST {
            return OTHER;
        }
        self.of_numbers += 1;
        Box::leak(text.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_bounded_and_numbers_use_up_no_names() {
        let mut labels = Labels::default();
        for number in 0..=MOST {
            let text = format!("rule-{number}");
            let expected = if number < MOST { text.as_str() } else { OTHER };
            assert_eq!(labels.of_number(&text), expected);
        }
        for number in 0..MOST {
            let name = format!("name {number}");
            assert_eq!((labels.of_name(&name), labels.of_name(&name)), (name.as_str(), name.as_str()));
        }
        assert_eq!((labels.of_name("late"), labels.of_name("name 7")), (OTHER, "name 7"));
        assert_eq!(Labels::default().of_name("late"), "late", "each registry has its own");
    }
}
