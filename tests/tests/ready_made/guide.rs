//! What a program can say of itself goes in: names of metrics and the values of their labels. The guide has to name each of
//! them, and nothing else. Reasons of health are private to the runtime, whose own tests hold them against the guide.

use std::collections::BTreeSet;

use resilience_runtime::policy::Key;

use crate::metrics::metrics;
use crate::{GUIDE, after, file};

/// The sections, as links name them.
pub(crate) fn sections(guide: &str) -> BTreeSet<String> {
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    after(guide, "# ")
        .map(|title| title.to_lowercase().chars().filter(kept).collect::<String>().replace(' ', "-"))
        .collect()
}

/// What stands between back quotes.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[test]
fn every_metric_and_every_value_of_a_label_is_in_the_guide() {
    let guide = file(GUIDE);
    let words: BTreeSet<_> = guide.lines().flat_map(code).collect();
    let series: BTreeSet<_> = words.iter().map(|word| word.split('{').next().unwrap_or(word)).collect();
    let missing: Vec<_> = metrics().names().filter(|name| !series.contains(name)).collect();
    assert!(missing.is_empty(), "metrics without a way to their cause: {missing:?}");
    for (label, values) in metrics().words() {
        let missing: Vec<_> = values.iter().filter(|value| !words.contains(*value)).collect();
        assert!(missing.is_empty(), "{label}: {missing:?} without a way to a cause");
    }
}

#[test]
fn what_the_guide_says_of_a_label_is_of_values_that_it_has() {
    let guide = file(GUIDE);
    let words = metrics().words();
    let mut tables = 0;
    for table in guide.split("\n\n").filter(|part| part.starts_with('|')) {
        let mut first =
            table.lines().map(|row| row.trim_start_matches('|').split('|').next().unwrap_or_default());
        let Some(values) = words.get(first.next().unwrap_or_default().trim()) else { continue };
        tables += 1;
        let any: BTreeSet<_> = words.values().flatten().collect();
        for cell in first {
            // What a row is about stands first; it may speak of values of other labels too.
            let mut named = code(cell);
            assert!(named.next().is_none_or(|word| values.contains(word)), "{cell}");
            assert!(named.all(|word| any.contains(&word)), "{cell}");
        }
    }
    assert!(tables >= 4, "{tables} tables of values");
}

#[test]
fn links_lead_to_sections_and_keys_are_keys() {
    let guide = file(GUIDE);
    let sections = sections(&guide);
    for link in guide.split("](#").skip(1).filter_map(|rest| rest.split(')').next()) {
        assert!(sections.contains(link), "{link}");
    }
    let keys: BTreeSet<String> = Key::ALL.iter().map(|key| key.path()).collect();
    let is_path = |word: &&str| {
        let of_key = |part: &str| part.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        word.split_once('.').is_some_and(|(clause, key)| of_key(clause) && of_key(key) && key != "yml")
    };
    for word in guide.lines().flat_map(code) {
        let word = word.split(" = ").next().unwrap_or(word);
        assert!(!is_path(&word) || keys.contains(word), "{word}");
    }
}
