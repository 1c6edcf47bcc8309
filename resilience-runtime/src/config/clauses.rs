//! Which key switches a clause, and which value says that it is on. One rule for all readers of clauses: a
//! clause of which anything is written is on.

use crate::policy::{Clause, Key, Value};

/// The clause of this name.
pub(super) fn named(name: &str) -> Option<Clause> {
    Clause::ALL.iter().copied().find(|clause| *clause != Clause::Top && clause.name() == name)
}

/// The key that switches a clause on and off, with the value for on.
pub(super) fn switch_of(clause: Clause) -> Option<(Key, Value)> {
    let key = Key::find(Clause::Top, clause.name())?;
    // The clause of `attempt_timeout` is one of two ways to have a timeout, so it says which.
    let on = match clause {
        Clause::AttemptTimeout => Value::Adaptive,
        _ => Value::Switch(true),
    };
    Some((key, on))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::accepted::admits;

    #[test]
    fn every_clause_has_a_switch_that_takes_its_value() {
        assert_eq!((named(""), switch_of(Clause::Top)), (None, None));
        for &clause in Clause::ALL.iter().skip(1) {
            assert_eq!(named(clause.name()), Some(clause));
            let (key, on) = switch_of(clause).expect("a switch");
            assert!(admits(key.info().shape, &on) && admits(key.info().shape, &Value::Off), "{}", key.path());
            assert!(
                Key::ALL
                    .iter()
                    .filter(|inner| inner.info().clause == clause)
                    .all(|inner| inner.info().sort == key.info().sort),
                "the keys of a clause climb the layers with its switch"
            );
        }
    }
}
