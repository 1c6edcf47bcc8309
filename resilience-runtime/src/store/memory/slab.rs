//! Keeps entries under numbers. In: entries. Out: a number for each, which stays the same while the entry is in and is used again
//! afterwards.

/// A list with gaps that are filled again.
#[derive(Debug)]
pub(super) struct Slab<T> {
    places: Vec<Option<T>>,
    free: Vec<u32>,
}

impl<T> Slab<T> {
    pub(super) const fn new() -> Self {
        Self { places: Vec::new(), free: Vec::new() }
    }

    /// The number of places, with or without an entry.
    pub(super) fn places(&self) -> u32 {
        u32::try_from(self.places.len()).unwrap_or(u32::MAX)
    }

    pub(super) fn insert(&mut self, entry: T) -> u32 {
        if let Some(place) = self.free.pop() {
            self.places[place as usize] = Some(entry);
            return place;
        }
        let place = u32::try_from(self.places.len()).expect("fewer calls under way than 2^32");
        self.places.push(Some(entry));
        place
    }

    pub(super) fn get(&self, place: u32) -> Option<&T> {
        self.places.get(place as usize)?.as_ref()
    }

    pub(super) fn get_mut(&mut self, place: u32) -> Option<&mut T> {
        self.places.get_mut(place as usize)?.as_mut()
    }

    pub(super) fn remove(&mut self, place: u32) -> Option<T> {
        let entry = self.places.get_mut(place as usize)?.take()?;
        self.free.push(place);
        Some(entry)
    }
}
