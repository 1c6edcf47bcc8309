//! The words of the attributes and the keys of the runtime are the same: names, places, values, ranges.

#[expect(dead_code, reason = "the macro crate uses the rest")]
#[path = "../../resilience-macros/src/keys/mod.rs"]
mod keys;

use keys::choice::{QUANTILES, snake};
use keys::table::WORDS;
use keys::word::{Takes, Word};
use resilience_runtime::Priority;
use resilience_runtime::policy::{
    BudgetKind, CacheMode, Clause, Deposit, Key, NestedRetries, Percentile, Ratio, ServiceKind, Shape,
    Strategy,
};

/// A word that is a key of the runtime, by its name and clause.
fn word(key: Key) -> &'static Word {
    let info = key.info();
    WORDS
        .iter()
        .find(|word| word.name == info.name && word.clause == info.clause.name())
        .unwrap_or_else(|| panic!("no attribute can write `{}`", key.path()))
}

#[test]
fn every_key_of_the_runtime_can_be_written() {
    for &key in Key::ALL {
        let word = word(key);
        assert_eq!(word.key, Some(format!("{key:?}").as_str()), "{}", key.path());
        assert_eq!(word.alias, key.info().alias, "{}", key.path());
    }
}

#[test]
fn every_word_is_a_key_or_code() {
    for word in WORDS {
        let clause = Clause::ALL.iter().find(|clause| clause.name() == word.clause);
        let key = clause.and_then(|clause| Key::find(*clause, word.name));
        let code = matches!(
            word.takes,
            Takes::Text
                | Takes::Function
                | Takes::FunctionOrClosure
                | Takes::Code
                | Takes::Patterns
                | Takes::Names
                | Takes::Crate
        );
        assert_eq!(key.is_none(), code, "{}.{}", word.clause, word.name);
        assert!(!word.help.is_empty() && !word.default.is_empty(), "{}", word.name);
    }
}

#[test]
fn values_and_ranges_are_the_same() {
    for &key in Key::ALL {
        assert_eq!(word(key).takes, expected(key.info().shape, word(key).takes), "{}", key.path());
    }
}

/// What a word must take for a shape; choices are compared by their variants elsewhere.
fn expected(shape: Shape, written: Takes) -> Takes {
    match shape {
        Shape::Switch => Takes::Switch,
        Shape::Table => Takes::Clause,
        Shape::Count { min, max, or_off } => Takes::Count { min, max, or_off },
        Shape::Attempts => Takes::Attempts,
        Shape::Number { min, max } => Takes::Number { min, max },
        Shape::Duration { least, or_off } => Takes::Duration { least, or_off },
        Shape::Timeout => Takes::Timeout,
        Shape::Quantile => Takes::Quantile,
        Shape::AfterOrQuantile => Takes::AfterOrQuantile,
        Shape::Window => Takes::Window,
        Shape::StatusCodes => Takes::Codes,
        _ => match written {
            Takes::Choice(_) => written,
            _ => panic!("{shape:?} is a choice"),
        },
    }
}

fn all<T: std::fmt::Debug>(variants: &[T]) -> Vec<String> {
    variants.iter().map(|variant| format!("{variant:?}")).collect()
}

#[test]
fn choices_are_the_variants_of_the_runtime() {
    let variants = |key: Key| match word(key).takes {
        Takes::Choice(choice) => choice.variants.to_vec(),
        other => panic!("{other:?} is no choice"),
    };
    let mut priorities = all(Priority::ALL);
    priorities.reverse();
    assert_eq!(variants(Key::Priority), priorities);
    assert_eq!(variants(Key::Kind), all(ServiceKind::ALL));
    assert_eq!(variants(Key::Strategy), all(Strategy::ALL));
    assert_eq!(variants(Key::BudgetKind), all(BudgetKind::ALL));
    assert_eq!(variants(Key::BudgetDeposit), all(Deposit::ALL));
    assert_eq!(variants(Key::NestedRetries), all(NestedRetries::ALL));
    assert_eq!(variants(Key::CacheMode), all(CacheMode::ALL));
    let names: Vec<_> = QUANTILES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(names, all(Percentile::ALL));
    for (percentile, (_, share)) in Percentile::ALL.iter().zip(QUANTILES) {
        assert_eq!(Some(percentile.ratio()), Ratio::new(*share));
    }
    for kind in ServiceKind::ALL {
        let camel = format!("{kind:?}");
        assert_eq!(snake(&camel), kind.name());
    }
}
