//! Writes the table of keys in the rustdoc, from `keys`; set `BLESS` to rewrite it.

use resilience_settings::policy::{Clause, Key, Percentile};

use crate::keys::attribute::ATTRIBUTES;
use crate::keys::choice::snake;
use crate::keys::table::WORDS;
use crate::keys::word::{Takes, Word};

fn table() -> String {
    let mut text = String::new();
    for clause in Clause::ALL.iter().map(|clause| clause.name()) {
        let heading = match clause {
            "" => "# Keys\n".to_owned(),
            "attempt_timeout" => "# In `attempt_timeout = adaptive(…)`\n".to_owned(),
            clause => format!("# In `{clause}(…)`\n"),
        };
        text.push_str(&heading);
        text.push_str("\n| key | value | unless written | meaning |\n| --- | --- | --- | --- |\n");
        for word in WORDS.iter().filter(|word| word.clause == clause) {
            let alias = word.alias.map(|alias| format!(", `{alias}`")).unwrap_or_default();
            let row =
                format!("| `{}`{alias} | {} | {} | {} |\n", word.name, value(word), word.default, word.help);
            text.push_str(&row);
        }
        text.push('\n');
    }
    text.push_str("Durations are `\"2s\"`, `\"500ms\"`, `\"1m 30s\"`, or a number of seconds. Names are accepted in `CamelCase` and `snake_case`.\n");
    text
}

fn value(word: &Word) -> String {
    match word.takes {
        Takes::Text => "string".to_owned(),
        Takes::Switch => "`true`, `false`".to_owned(),
        Takes::Count { min, or_off, .. } => format!("whole number from {min}{}", off(or_off)),
        Takes::Attempts => "whole number from 1, `Unlimited`".to_owned(),
        Takes::Number { min, max } if max > 1.0 => format!("number from {min}"),
        Takes::Number { min, max } if min > 0.0 => format!("number above 0, up to {max}"),
        Takes::Number { min, max } => format!("number from {min} to {max}"),
        Takes::Timeout => "duration, `off`, `Adaptive`, `adaptive(…)`".to_owned(),
        Takes::Quantile => format!("{}, or number from 0.5 to below 1", quantiles()),
        Takes::AfterOrQuantile => format!("duration, {}", quantiles()),
        Takes::Code => "expression".to_owned(),
        Takes::Duration { or_off, .. } => format!("duration{}", off(or_off)),
        Takes::Window => "whole number or duration".to_owned(),
        Takes::Codes => "list".to_owned(),
        Takes::Choice(choice) => {
            choice.variants.iter().map(|variant| format!("`{variant}`")).collect::<Vec<_>>().join(" ")
        }
        Takes::Clause => "`(…)` or `off`".to_owned(),
        Takes::Patterns => "`(PATTERN)`".to_owned(),
        Takes::Names => "`(argument, …)`".to_owned(),
        Takes::Function | Takes::Crate => "path".to_owned(),
        Takes::FunctionOrClosure => "path or closure".to_owned(),
    }
}

fn quantiles() -> String {
    let names: Vec<String> = Percentile::VARIANTS.iter().map(|name| format!("`{name}`")).collect();
    names.join(" ")
}

fn off(allowed: bool) -> &'static str {
    if allowed { ", `off`" } else { "" }
}

#[test]
fn every_word_is_in_a_clause_and_explained() {
    for word in WORDS.iter() {
        assert!(Clause::ALL.iter().any(|clause| clause.name() == word.clause), "{word:?}");
        assert!(!word.help.is_empty() && !word.default.is_empty(), "{word:?}");
    }
    for key in Key::ALL {
        assert_eq!(WORDS.iter().filter(|word| word.key == Some(*key)).count(), 1, "{key:?}");
    }
}

#[test]
fn the_documented_keys_are_the_keys() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/keys.md");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, table()).expect("the table can be written");
    }
    let documented = std::fs::read_to_string(path).expect("the table is there");
    assert_eq!(documented, table(), "run this test with BLESS=1 and commit docs/keys.md");
}

#[test]
fn every_attribute_is_exported_and_of_a_kind_that_exists() {
    let lib = include_str!("lib.rs");
    let Takes::Choice(kinds) = Word::find("", "kind").expect("kind is a key").takes else {
        panic!("kind is a choice");
    };
    for attribute in ATTRIBUTES {
        assert!(lib.contains(attribute.name), "{}", attribute.name);
        assert!(attribute.kind.is_none_or(|kind| kinds.variants.contains(&kind)), "{attribute:?}");
    }
}

#[test]
fn names_are_found_in_both_spellings() {
    for word in WORDS.iter() {
        let Takes::Choice(choice) = word.takes else {
            continue;
        };
        for variant in choice.variants {
            assert_eq!(choice.find(variant), Some(*variant));
            assert_eq!(choice.find(&snake(variant)), Some(*variant));
        }
        assert_eq!(choice.find("nonsense"), None);
    }
}
