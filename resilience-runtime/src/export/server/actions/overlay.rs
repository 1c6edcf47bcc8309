//! Lays the patch of an operator over the run-time update of a service, and takes it off again. In: the update and the patch. Out:
//! the patched update, and, when the patch is removed, the update without it.

use resilience_settings::policy::{Key, Patch};

/// A patch on top of the run-time update of a service.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Overlay {
    patch: Patch,
    /// The values that the program itself had set for the same keys.
    hidden: Patch,
}

impl Overlay {
    /// Sets a patch on top of an update; also returns the new update.
    pub(super) fn over(update: &Patch, patch: Patch) -> (Patch, Self) {
        let hidden = only(update, |key| patch.get(key).is_some());
        let mut new = update.clone();
        new.extend(&patch);
        (new, Self { patch, hidden })
    }

    /// The update without the patch. Values that the program has set since stay.
    pub(super) fn taken_from(&self, update: &Patch) -> Patch {
        let is_ours = |key| self.patch.get(key).is_some_and(|value| update.get(key) == Some(value));
        let mut without = only(update, |key| !is_ours(key));
        without.extend(&only(&self.hidden, is_ours));
        without
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = Key> {
        self.patch.iter().map(|(key, _)| key)
    }
}

fn only(patch: &Patch, keep: impl Fn(Key) -> bool) -> Patch {
    patch.iter().filter(|(key, _)| keep(*key)).map(|(key, value)| (key, value.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_away_uncovers_what_the_program_had_set() {
        let program = Patch::new().max_attempts(5).jitter(0.5);
        let (update, overlay) = Overlay::over(&program, Patch::new().max_attempts(2).multiplier(3.0));
        assert_eq!(update, Patch::new().max_attempts(2).jitter(0.5).multiplier(3.0));
        assert_eq!(overlay.taken_from(&update), program);
        // The program has changed the value meanwhile.
        let mut later = update.clone();
        later.extend(&Patch::new().max_attempts(7));
        assert_eq!(overlay.taken_from(&later), Patch::new().max_attempts(7).jitter(0.5));
        assert_eq!(overlay.taken_from(&Patch::new()), Patch::new());
    }
}
