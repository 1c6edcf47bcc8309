//! Data: the tables of one section. In: the tables of one section as they are read. Out: a table by its name, or all in the order
//! of the text. There may be a million, most of them tiny, so each costs its own size and a few bytes.

use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

use crate::config::entry::Entry;

/// Tables of settings by their names.
#[derive(Clone, Debug, Default)]
pub struct Entries {
    #[expect(clippy::vec_box, reason = "a list of a million grows without moving them")]
    list: Vec<Box<Entry>>,
    /// Places in the list, each with what its name hashes to: else a table that grows would go through all names.
    index: HashTable<(u32, u32)>,
    // Names come from outside: with keys of its own nobody can choose such that fall on one place.
    hasher: RandomState,
}

impl Entries {
    pub fn len(&self) -> usize {
        self.list.len()
    }

    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The tables, as they stand in the text.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.list.iter().map(Box::as_ref)
    }

    pub fn get(&self, name: &str) -> Option<&Entry> {
        self.at(self.find(name)?)
    }

    /// The place of a table.
    pub fn find(&self, name: &str) -> Option<u32> {
        let hash = self.hash(name);
        let is_it = |(other, place): &(u32, u32)| {
            *other == hash && self.at(*place).is_some_and(|entry| entry.name() == name)
        };
        self.index.find(spread(hash), is_it).map(|(_, place)| *place)
    }

    pub fn at(&self, place: u32) -> Option<&Entry> {
        self.list.get(place as usize).map(Box::as_ref)
    }

    pub fn at_mut(&mut self, place: u32) -> Option<&mut Entry> {
        self.list.get_mut(place as usize).map(Box::as_mut)
    }

    /// Adds a table whose name there is not yet; says where it is.
    pub fn add(&mut self, entry: Entry) -> u32 {
        let place = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        let hash = self.hash(entry.name());
        self.list.push(Box::new(entry));
        self.index.insert_unique(spread(hash), (hash, place), |(hash, _)| spread(*hash));
        place
    }

    #[expect(clippy::cast_possible_truncation, reason = "half of a hash is a hash")]
    fn hash(&self, name: &str) -> u32 {
        self.hasher.hash_one(name) as u32
    }
}

/// The index looks at both ends.
fn spread(hash: u32) -> u64 {
    u64::from(hash) << 32 | u64::from(hash)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::section::Section;

    #[test]
    fn tables_are_found_by_their_names_and_told_in_their_order() {
        let mut entries = Entries::default();
        let names: Vec<String> = (0..5_000).map(|number| format!("table_{number}")).collect();
        for name in &names {
            assert_eq!(entries.find(name), None);
            entries.add(Entry::new(Section::Service, name, false, &(0..1), 1));
        }
        assert!(entries.iter().map(Entry::name).eq(names.iter().map(String::as_str)));
        assert!(names.iter().all(|name| entries.get(name).is_some_and(|entry| entry.name() == name)));
        assert!(entries.get("table_").is_none());
    }

    #[test]
    fn what_a_table_takes_is_little() {
        assert!(size_of::<Entry>() <= 96, "{}", size_of::<Entry>());
    }
}
