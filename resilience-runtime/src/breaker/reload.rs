//! Carries the window of a breaker over to changed settings. In: old and new settings. Out: a window of the new kind and length
//! that starts with the newest results of the old one. Thresholds, break lengths and trial counts need nothing here, as they are
//! read at each use; a break under way keeps its length.

use resilience_settings::policy::{BreakerSettings, Window};

use super::breaker::Breaker;
use super::evidence::count_window::CountWindow;
use super::evidence::vote_sink::Votes;
use super::rules::slices;
use crate::clock::Tick;
use crate::counting::shard::Parts;

impl Breaker {
    /// Carries the state over when settings are swapped; `None` means that the breaker is off.
    pub(crate) fn reshape(
        &self,
        all: &impl Parts<Votes>,
        old: Option<&BreakerSettings>,
        new: Option<&BreakerSettings>,
        now: Tick,
    ) {
        // Held so that no transition happens meanwhile: the counts belong to one generation.
        let _locked = self.locked();
        let key = self.word().key(slices(old));
        let mut count_window = self.count_window();
        match (size(old), size(new)) {
            (Some(_), Some(size)) => count_window.shrink(size),
            (None, Some(size)) => {
                count_window.refill(self.window.newest_first(all, key, now), key.generation, size);
            }
            (_, None) => *count_window = CountWindow::default(),
        }
        self.window.reshape(all, key, slices(new), now);
        let counts_streaks = |settings: Option<&BreakerSettings>| {
            settings.is_some_and(|settings| settings.consecutive_failures.is_some())
        };
        if counts_streaks(new) && !counts_streaks(old) {
            // While nobody counted, no success could end the streak.
            self.failures.streak.forget();
        }
        self.failures.next_evaluation.forget();
        self.failures.quiet.forget_busy();
    }
}

fn size(settings: Option<&BreakerSettings>) -> Option<u32> {
    match settings?.window {
        Window::Calls(size) => Some(size),
        _ => None,
    }
}
