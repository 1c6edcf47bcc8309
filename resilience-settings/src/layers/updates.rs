//! Keeps the run-time updates, one for each service, which stands above all its layers but overrides. In: updates. Out: what is in
//! force of them, and when it last changed.

use std::time::SystemTime;

use crate::policy::Patch;

/// What run-time updates have changed.
#[derive(Clone, Debug, Default)]
pub struct Updates {
    /// In the order of names. A tree would compile to more code than all else that is done with updates.
    services: Vec<Update>,
}

#[derive(Clone, Debug)]
struct Update {
    service: String,
    /// `None` once it is taken back.
    patch: Option<Patch>,
    changed_at: SystemTime,
}

impl Updates {
    /// The update of a service, if it has one.
    pub fn get(&self, service: &str) -> Option<&Patch> {
        self.services[self.place(service).ok()?].patch.as_ref()
    }

    /// When the update of a service last changed, or was taken back.
    pub fn changed_at(&self, service: &str) -> Option<SystemTime> {
        Some(self.services[self.place(service).ok()?].changed_at)
    }

    /// The services that have an update, in the order of their names.
    pub fn services(&self) -> impl Iterator<Item = &str> {
        self.services.iter().filter(|update| update.patch.is_some()).map(|update| &*update.service)
    }

    /// Puts another update in the place of that of a service, if it has one.
    pub fn set(&mut self, service: &str, patch: Patch) {
        let update =
            Update { service: service.to_owned(), patch: Some(patch), changed_at: SystemTime::now() };
        match self.place(service) {
            Ok(place) => self.services[place] = update,
            Err(place) => self.services.insert(place, update),
        }
    }

    /// Takes the update of a service back; says whether there was one.
    pub fn clear(&mut self, service: &str) -> bool {
        let Ok(place) = self.place(service) else { return false };
        let update = &mut self.services[place];
        let had = update.patch.take().is_some();
        if had {
            update.changed_at = SystemTime::now();
        }
        had
    }

    /// Where a service stands, or where it would.
    fn place(&self, service: &str) -> Result<usize, usize> {
        self.services.binary_search_by(|update| (*update.service).cmp(service))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_service_has_one_update_until_it_is_taken_back() {
        let mut updates = Updates::default();
        for (service, attempts) in [("b", 2), ("c", 3), ("a", 4), ("b", 5)] {
            updates.set(service, Patch::new().max_attempts(attempts));
        }
        assert_eq!(updates.services().collect::<Vec<_>>(), ["a", "b", "c"]);
        assert_eq!(updates.get("b"), Some(&Patch::new().max_attempts(5)));
        let set_at = updates.changed_at("b");
        assert!(updates.clear("b") && !updates.clear("b") && !updates.clear("d"));
        assert_eq!(updates.services().collect::<Vec<_>>(), ["a", "c"]);
        assert_eq!((updates.get("b"), updates.get("d"), updates.changed_at("d")), (None, None, None));
        assert!(updates.changed_at("b") >= set_at && set_at.is_some());
    }
}
