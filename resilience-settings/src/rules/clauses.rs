//! Decides whether a clause is on: one of which anything is written is. In: a clause and its keys. Out: whether it is on: which key
//! switches it, and with which value. One rule for all readers of clauses: a clause of which anything is written is on.

use crate::policy::{Clause, Key, Patch, Value};

/// The clause of this name.
pub fn named(name: &str) -> Option<Clause> {
    Clause::ALL.iter().copied().find(|clause| *clause != Clause::Top && clause.name() == name)
}

/// The key that switches a clause on and off, with the value for on.
pub fn switch_of(clause: Clause) -> Option<(Key, Value)> {
    let key = match clause {
        // It is one of two ways to have a timeout, so it says which.
        Clause::AttemptTimeout => return Some((Key::AttemptTimeout, Value::Adaptive)),
        Clause::Breaker => Key::Breaker,
        Clause::Budget => Key::Budget,
        Clause::Bulkhead => Key::Bulkhead,
        Clause::RateLimit => Key::RateLimit,
        Clause::Throttle => Key::Throttle,
        Clause::Hedge => Key::Hedge,
        Clause::Cache => Key::Cache,
        Clause::Idempotency => Key::Idempotency,
        Clause::Top => return None,
    };
    Some((key, Value::Switch(true)))
}

/// The clause of the key. A load asks it for each key of each call site, and all that is known of a key is large.
pub fn clause_of(key: Key) -> Clause {
    const CLAUSES: [Clause; Key::ALL.len()] = {
        let mut clauses = [Clause::Top; Key::ALL.len()];
        let mut place = 0;
        while place < clauses.len() {
            clauses[place] = Key::ALL[place].info().clause;
            place += 1;
        }
        clauses
    };
    CLAUSES[key as usize]
}

/// The keys of one layer; a clause with a written key is on unless the same layer says otherwise.
pub fn with_clauses<'v>(layer: impl Iterator<Item = (Key, &'v Value)>) -> Vec<(Key, Value)> {
    switched_on(layer.map(|(key, value)| (key, value.clone())).collect())
}

fn switched_on(mut layer: Patch) -> Vec<(Key, Value)> {
    for clause in Clause::ALL {
        let is_written = layer.iter().any(|(key, _)| clause_of(key) == *clause);
        if let Some((switch, on)) = switch_of(*clause).filter(|_| is_written) {
            layer.or_with(switch, on);
        }
    }
    layer.into_values()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::accepted::admits;

    #[test]
    fn every_key_has_its_place() {
        for (place, &key) in Key::ALL.iter().enumerate() {
            assert_eq!((key as usize, clause_of(key)), (place, key.info().clause));
        }
    }

    #[test]
    fn every_clause_has_a_switch_that_takes_its_value() {
        assert_eq!((named(""), switch_of(Clause::Top)), (None, None));
        for &clause in Clause::ALL.iter().skip(1) {
            assert_eq!(named(clause.name()), Some(clause));
            let (key, on) = switch_of(clause).expect("a switch");
            assert_eq!(Key::find(Clause::Top, clause.name()), Some(key));
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
