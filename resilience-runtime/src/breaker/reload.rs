//! What happens to a breaker's state when its settings change. Thresholds, breaks and trial numbers are read at
//! each use and need nothing; a break under way keeps its length. A window of another kind or length starts
//! from the newest part of what the old one held.

use super::evidence::ring::Ring;
use super::evidence::window::Votes;
use super::machine::Breaker;
use super::rules::slices;
use crate::clock::Tick;
use crate::counting::shard::Parts;
use crate::policy::{BreakerSettings, Window};

impl Breaker {
    /// Carries the state over, when settings are swapped; `None` is a breaker that is off.
    pub(crate) fn reshape(
        &self,
        all: &impl Parts<Votes>,
        old: Option<&BreakerSettings>,
        new: Option<&BreakerSettings>,
        now: Tick,
    ) {
        // Held so that no transition comes in between: the counts belong to one generation.
        let _control = self.control();
        let generation = self.word().generation();
        let mut ring = self.ring();
        match (size(old), size(new)) {
            (Some(_), Some(size)) => ring.shrink(size),
            (None, Some(size)) => {
                ring.refill(self.window.newest_first(all, generation, slices(old), now), generation, size);
            }
            (_, None) => *ring = Ring::default(),
        }
        self.window.reshape(all, generation, slices(old), slices(new), now);
        let counts_rows = |settings: Option<&BreakerSettings>| {
            settings.is_some_and(|settings| settings.consecutive_failures.is_some())
        };
        if counts_rows(new) && !counts_rows(old) {
            // Successes did not end this row while nobody was counting.
            self.failures.streak.forget();
        }
        self.failures.patience.forget();
        self.failures.quiet.forget_busy();
    }
}

fn size(settings: Option<&BreakerSettings>) -> Option<u32> {
    match settings?.window {
        Window::Calls(size) => Some(size),
        _ => None,
    }
}
