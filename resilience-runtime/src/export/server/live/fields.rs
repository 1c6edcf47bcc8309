//! Finds the fields of a row that have changed. In: its value, once a tick. Out: the text of those fields that changed after a
//! given tick: a client that has the others merges it into them.

use serde_json::{Map, Value};

/// A field with the tick that it last changed with, which for an object is that of the newest within.
///
/// An object has the same keys whenever it is one: nothing tells a client to forget a key.
#[derive(Debug)]
pub(super) enum Field {
    Leaf { json: Box<str>, changed: u64 },
    Object { fields: Vec<(Box<str>, Self)>, changed: u64 },
}

impl Field {
    /// The field with its value at this tick.
    pub(super) fn new(value: Value, old: Option<&Self>, tick: u64) -> Self {
        match value {
            Value::Object(map) => Self::object(map, old, tick),
            leaf => {
                let json = leaf.to_string().into_boxed_str();
                let changed = match old {
                    Some(Self::Leaf { json: old, changed }) if *old == json => *changed,
                    _ => tick,
                };
                Self::Leaf { json, changed }
            }
        }
    }

    fn object(map: Map<String, Value>, old: Option<&Self>, tick: u64) -> Self {
        let (known, was_changed) = match old {
            Some(Self::Object { fields, changed }) => (fields.as_slice(), Some(*changed)),
            _ => (&[][..], None),
        };
        // In the same order each time: the map is sorted.
        let mut known = known.iter().peekable();
        let mut fields = Vec::with_capacity(map.len());
        for (key, value) in map {
            while known.next_if(|(old, _)| **old < *key).is_some() {}
            let old = known.next_if(|(old, _)| **old == *key).map(|(_, field)| field);
            fields.push((key.into_boxed_str(), Self::new(value, old, tick)));
        }
        let newest = fields.iter().map(|(_, field)| field.changed()).max();
        // One that has become an object is news even where nothing is in it.
        let changed = newest.max(was_changed).unwrap_or(tick);
        Self::Object { fields, changed }
    }

    /// The tick that it last changed with.
    pub(super) fn changed(&self) -> u64 {
        match self {
            Self::Leaf { changed, .. } | Self::Object { changed, .. } => *changed,
        }
    }

    /// Writes what changed after a tick; `kept` is a key that is written in any case.
    pub(super) fn write_after(&self, tick: u64, kept: &str, text: &mut String) {
        match self {
            Self::Leaf { json, .. } => text.push_str(json),
            Self::Object { fields, .. } => {
                text.push('{');
                let mut is_first = true;
                for (key, field) in fields {
                    if field.changed() <= tick && **key != *kept {
                        continue;
                    }
                    text.push_str(if std::mem::take(&mut is_first) { "\"" } else { ",\"" });
                    // Keys are names of fields and labels of ours.
                    text.push_str(key);
                    text.push_str("\":");
                    field.write_after(tick, "", text);
                }
                text.push('}');
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn after(field: &Field, tick: u64) -> Value {
        let mut text = String::new();
        field.write_after(tick, "name", &mut text);
        serde_json::from_str(&text).expect("JSON")
    }

    /// What a client does.
    fn merge(old: &mut Value, new: Value) {
        match (old, new) {
            (Value::Object(old), Value::Object(new)) => {
                for (key, value) in new {
                    merge(old.entry(key).or_insert(Value::Null), value);
                }
            }
            (old, new) => *old = new,
        }
    }

    #[test]
    fn only_what_changed_is_written_and_merges_into_what_is_known() {
        let states = [
            json!({"name": "a", "calls": {"success": 1, "failure": 0}, "curve": [1, 2], "budget": null}),
            json!({"name": "a", "calls": {"success": 2, "failure": 0}, "curve": [1, 2], "budget": null}),
            json!({"name": "a", "calls": {"success": 2, "failure": 0}, "curve": [1, 2],
                   "budget": {"tokens": 1.5, "capacity": 10.0}}),
            json!({"name": "a", "calls": {"success": 2, "failure": 1}, "curve": [2, 3], "budget": null}),
            json!({"name": "a", "calls": {"success": 2, "failure": 1}, "curve": [2, 3],
                   "budget": {"tokens": 1.5, "capacity": 9.0}}),
            json!({"name": "a", "calls": {"success": 2, "failure": 1}, "curve": [2, 3],
                   "budget": {"tokens": 1.5, "capacity": 9.0}}),
        ];
        let mut field = Field::new(states[0].clone(), None, 1);
        let mut seen = vec![states[0].clone()];
        for (tick, state) in (2..).zip(&states[1..]) {
            field = Field::new(state.clone(), Some(&field), tick);
            for (known, since) in seen.iter().zip(1..) {
                let mut known = known.clone();
                merge(&mut known, after(&field, since));
                assert_eq!(&known, state, "after {since}, at {tick}");
            }
            seen.push(state.clone());
        }
        assert_eq!(after(&field, 1)["calls"], json!({"success": 2, "failure": 1}));
        assert_eq!(after(&field, 3)["calls"], json!({"failure": 1}));
        assert_eq!(after(&field, 5), json!({"name": "a"}), "nothing is new");
        assert_eq!(field.changed(), 5);
        assert_eq!(after(&field, 0), states[5]);
    }
}
