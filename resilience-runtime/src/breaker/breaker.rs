//! Holds the state of one circuit breaker, and changes it when told to; it decides nothing. In: transitions. Out: the state word,
//! the end of the break, the window and the locked state behind them. What attempts do to them is in `admission` and `settlement`.
//!
//! One word holds the state and its generation. Admission hands the word out and settlement compares it, so a result
//! of an earlier generation cannot vote. Admission while closed and rejection while open take no lock; transitions
//! and the trials of a half-open breaker are under the lock of [`LockedState`], off the hot path.

use std::time::Duration;

use resilience_settings::policy::BreakerSettings;

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
use crate::sync::atomic::{AtomicU64, Ordering};
use crate::sync::{Mutex, MutexGuard, lock};

/// The circuit breaker of one service.
///
/// The fields that every attempt reads come first and share a cache line: the word, the end of the break, and the era
/// of the window. Only transitions and reloads write that line. What failures write has a cache line of its own. What
/// successes write is not here at all but in the counters of each thread
/// ([`Votes`](super::evidence::vote_sink::Votes)).
#[derive(Debug, Default)]
#[repr(C)]
pub(crate) struct Breaker {
    pub(super) word: AtomicU64,
    /// When the break ends. Written before the word that opens the breaker, so that no reader sees an open breaker
    /// with the end of an earlier break.
    pub(super) until: AtomicU64,
    pub(super) window: TimeWindow,
    pub(super) locked: Mutex<LockedState>,
    pub(super) failures: CachePadded<Failures>,
}

/// What failures and slow results write. Successes write here too if the window counts calls.
#[derive(Debug, Default)]
pub(super) struct Failures {
    pub(super) streak: Streak,
    pub(super) next_evaluation: NextEvaluation,
    pub(super) quiet: QuietFailures,
    pub(super) count_window: Mutex<CountWindow>,
}

/// The admission of one attempt, to be settled exactly once, also if the attempt was dropped or never ran (then with
/// [`Vote::None`](super::Vote::None)).
///
/// A trial occupies one of the half-open permits until it is settled, but no longer than
/// [`trial_lifetime`](super::locked_state::trial_lifetime).
#[derive(Clone, Copy, Debug)]
#[must_use = "an attempt that is never settled holds its trial for ever"]
pub(crate) struct Admitted {
    pub(super) word: StateWord,
    pub(super) transition: Option<StateChange>,
}

/// The part of an admission that the attempt keeps until it is settled.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct BreakerTicket(StateWord);

impl BreakerTicket {
    #[inline]
    pub(super) fn word(self) -> StateWord {
        self.0
    }

    /// The admission that this ticket belongs to.
    #[inline]
    pub(crate) fn admitted(self) -> Admitted {
        Admitted { word: self.0, transition: None }
    }
}

impl Admitted {
    /// The ticket that the attempt keeps.
    #[inline]
    pub(crate) fn ticket(self) -> BreakerTicket {
        BreakerTicket(self.word)
    }

    /// Whether the attempt is a trial of a half-open breaker.
    #[cfg(test)]
    pub(crate) fn is_trial(self) -> bool {
        self.word.state() == BreakerState::HalfOpen
    }

    /// The state change that this admission caused, if any: an open breaker became half-open, or a half-open one
    /// closed.
    pub(crate) fn transition(self) -> Option<StateChange> {
        self.transition
    }
}

/// The attempt may not run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    /// The rest of the break; `None` if time alone does not end the refusal (half-open with all trials under way, or
    /// forced open).
    pub(crate) retry_after: Option<Duration>,
}

impl Breaker {
    /// A closed breaker without results.
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

    /// Closes the breaker and resets the length of its breaks. The window is empty without being cleared: none of its
    /// counts belong to the new generation.
    pub(super) fn close(&self, locked: &mut LockedState, now: Tick) -> StateChange {
        locked.reset();
        self.enter(locked, BreakerState::Closed, now)
    }

    /// Starts the next generation, in the state `to`.
    pub(super) fn enter(&self, locked: &mut LockedState, to: BreakerState, now: Tick) -> StateChange {
        let change = StateChange { from: self.start_generation(to), to };
        locked.timeline.enter(change, now);
        change
    }

    /// Only to be called under the lock of [`LockedState`]. Returns the state before.
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

    /// The numbers are consistent even after a panic elsewhere, so a poisoned lock is used like any other.
    pub(super) fn locked(&self) -> MutexGuard<'_, LockedState> {
        lock(&self.locked)
    }

    pub(super) fn count_window(&self) -> MutexGuard<'_, CountWindow> {
        lock(&self.failures.count_window)
    }
}
