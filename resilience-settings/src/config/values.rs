//! Data: the values of one table. In: keys of one table as they are read. Out: the value and the place of a key. Most tables have a
//! handful, and there may be a million tables: a list in the order of [`Key::ALL`] takes the space of what is in it.

use std::ops::Range;

use crate::policy::{Key, Value};

/// A value with its place.
#[derive(Clone, Debug)]
pub struct Written {
    pub value: Value,
    pub line: u32,
    start: u32,
    end: u32,
    pub key: Key,
    /// Whether it stands under the second name of its key.
    pub is_alias: bool,
    /// Whether it is a number, without a unit.
    pub is_bare: bool,
}

impl Written {
    pub fn new(key: Key, value: Value, span: &Range<usize>, line: u32, is_alias: bool) -> Self {
        Self { value, line, start: narrow(span.start), end: narrow(span.end), key, is_alias, is_bare: false }
    }

    /// Where the value stands.
    pub fn span(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Keys with values.
#[derive(Clone, Debug, Default)]
pub struct Values(Vec<Written>);

impl Values {
    pub fn get(&self, key: Key) -> Option<&Written> {
        let place = self.0.binary_search_by_key(&key, |written| written.key).ok()?;
        self.0.get(place)
    }

    /// The values, in the order of [`Key::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = &Written> + Clone {
        self.0.iter()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds the value of a key that there is not yet.
    pub fn insert(&mut self, written: Written) {
        // Growing as vectors do would triple what a table of one key takes.
        if self.0.len() < 4 {
            self.0.reserve_exact(1);
        }
        let place = self.0.partition_point(|other| other.key < written.key);
        self.0.insert(place, written);
    }
}

/// Offsets fit: a text is [bounded](crate::config::limits::MAX_SIZE).
pub fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_and_told_in_their_order() {
        let mut values = Values::default();
        for (count, &key) in Key::ALL.iter().enumerate().rev() {
            values.insert(Written::new(key, Value::Count(count as u64), &(count..count + 1), 1, false));
            assert_eq!(values.get(key).map(Written::span), Some(count..count + 1));
        }
        let keys: Vec<Key> = values.iter().map(|written| written.key).collect();
        assert_eq!(keys, Key::ALL);
    }

    #[test]
    fn what_a_key_takes_is_little() {
        assert!(size_of::<Written>() <= 40, "{}", size_of::<Written>());
    }
}
