//! In: transitions. Out: the state, and where everything lies that leads to the next one. What attempts do to it stands
//! in `admission` and `settlement`.
//!
//! One word says state and generation; whoever admits or settles compares words, so results of an earlier
//! generation cannot vote. The closed path and the rejections of an open breaker take no lock; transitions and
//! the book of trials happen under `locked`, which is cold.

use std::sync::PoisonError;
use std::time::Duration;

use crossbeam_utils::CachePadded;

use super::evidence::count_window::CountWindow;
use super::evidence::next_evaluation::NextEvaluation;
use super::evidence::quiet_failures::QuietFailures;
use super::evidence::streak::Streak;
use super::evidence::time_window::TimeWindow;
use super::locked_state::{LockedState, break_length};
use super::state_word::StateWord;
use super::transition::StateChange;
use crate::breaker_state::BreakerState;
use crate::clock::{Tick, nanos};
use crate::policy::BreakerSettings;
use crate::sync::atomic::{AtomicU64, Ordering};
use crate::sync::{Mutex, MutexGuard};

/// The circuit breaker of one service.
///
/// What every attempt reads stands first and on one line: the word, the end of the break, and the era of the window
/// behind them. It is written by transitions and reloads alone, and so is the rest of its lines. What failures write
/// has a line of its own, and what successes write is not here at all: it is the part of their thread.
#[derive(Debug, Default)]
#[repr(C)]
pub(crate) struct Breaker {
    pub(super) word: AtomicU64,
    /// When the break ends. Written before the word that opens, so that no reader sees an open breaker with the
    /// end of an earlier break.
    pub(super) until: AtomicU64,
    pub(super) window: TimeWindow,
    pub(super) locked: Mutex<LockedState>,
    pub(super) failures: CachePadded<Failures>,
}

/// What is written when something goes wrong; the count_window also by successes, where the window counts calls.
#[derive(Debug, Default)]
pub(super) struct Failures {
    pub(super) streak: Streak,
    pub(super) next_evaluation: NextEvaluation,
    pub(super) quiet_failures: QuietFailures,
    pub(super) count_window: Mutex<CountWindow>,
}

/// BreakerTicket to run one attempt, to be settled exactly once, also when it was dropped or never ran (`Vote::None`).
///
/// A trial holds its place until then, but no longer than it may take: see [`trial_lifetime`](super::locked_state::trial_lifetime).
#[derive(Clone, Copy, Debug)]
#[must_use = "an attempt that is never settled holds its trial for ever"]
pub(crate) struct Admitted {
    pub(super) word: StateWord,
    pub(super) transition: Option<StateChange>,
}

/// What an attempt keeps of its admission.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct BreakerTicket(StateWord);

impl BreakerTicket {
    #[inline]
    pub(super) fn word(self) -> StateWord {
        self.0
    }

    /// The admission that it is of.
    #[inline]
    pub(crate) fn admitted(self) -> Admitted {
        Admitted { word: self.0, transition: None }
    }
}

impl Admitted {
    /// What the attempt keeps of it.
    #[inline]
    pub(crate) fn ticket(self) -> BreakerTicket {
        BreakerTicket(self.word)
    }

    /// Whether the attempt is a trial of a half-open breaker.
    #[cfg(test)]
    pub(crate) fn is_trial(self) -> bool {
        self.word.state() == BreakerState::HalfOpen
    }

    /// The change of state that this admission made, if it did.
    pub(crate) fn transition(self) -> Option<StateChange> {
        self.transition
    }
}

/// No ticket to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    /// The rest of the break; `None` when only the trials under way, or an operator, can tell.
    pub(crate) retry_after: Option<Duration>,
}

impl Breaker {
    /// A closed breaker that has seen nothing.
    pub(crate) fn new(now: Tick) -> Self {
        Self { locked: Mutex::new(LockedState::new(now)), ..Self::default() }
    }

    pub(super) fn start_break(
        &self,
        locked: &mut LockedState,
        now: Tick,
        settings: &BreakerSettings,
        draw: f64,
    ) -> StateChange {
        let until = now.0.saturating_add(nanos(break_length(settings, locked.reopens, draw)));
        self.until.store(until, Ordering::Relaxed);
        self.enter(locked, BreakerState::Open, now)
    }

    /// Closes, with breaks of the first length again. The window is empty without being cleared: nothing in it is of the new generation.
    pub(super) fn close(&self, locked: &mut LockedState, now: Tick) -> StateChange {
        locked.reset();
        self.enter(locked, BreakerState::Closed, now)
    }

    /// Starts the next generation, of that state.
    pub(super) fn enter(&self, locked: &mut LockedState, to: BreakerState, now: Tick) -> StateChange {
        let change = StateChange { from: self.start_generation(to), to };
        locked.timeline.enter(change, now);
        change
    }

    /// Only under the lock of `locked`. Gives back the state before.
    pub(super) fn start_generation(&self, state: BreakerState) -> BreakerState {
        let word = self.word();
        self.word.store(word.next(state).0, Ordering::Release);
        word.state()
    }

    #[inline]
    #[cfg_attr(resilience_loom, track_caller)]
    pub(super) fn word(&self) -> StateWord {
        StateWord(self.word.load(Ordering::Acquire))
    }

    /// A panic elsewhere leaves the numbers whole, so a poisoned lock is as good as any.
    pub(super) fn locked(&self) -> MutexGuard<'_, LockedState> {
        self.locked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn count_window(&self) -> MutexGuard<'_, CountWindow> {
        self.failures.count_window.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
