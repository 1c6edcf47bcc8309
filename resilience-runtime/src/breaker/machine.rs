//! In: admitted attempts and how they ended. Out: when to open, and when to close again.
//!
//! One word says state and generation; whoever admits or settles compares words, so results of an earlier
//! generation cannot vote. The closed path and the rejections of an open breaker take no lock; transitions and
//! the book of trials happen under `control`, which is cold.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crossbeam_utils::CachePadded;

use super::control::{Control, break_length};
use super::patience::{Patience, shortfall};
use super::ring::Ring;
use super::state::{BreakerState, Transition, Word};
use super::streak::Streak;
use super::vote::Vote;
use super::window::TimeWindow;
use crate::clock::{Tick, nanos};
use crate::policy::{BreakerSettings, Window};
use crate::shard::Slot;
use crate::slices::Slices;

/// The circuit breaker of one service.
#[derive(Debug, Default)]
pub(crate) struct Breaker {
    pub(super) word: AtomicU64,
    /// When the break ends. Written before the word that opens, so that no reader sees an open breaker with the
    /// end of an earlier break.
    pub(super) until: AtomicU64,
    pub(super) control: Mutex<Control>,
    pub(super) window: TimeWindow,
    /// These on lines of their own: failures write them, while every admission reads the word.
    pub(super) ring: CachePadded<Mutex<Ring>>,
    pub(super) streak: CachePadded<Streak>,
    pub(super) patience: CachePadded<Patience>,
}

/// Leave to run one attempt, to be settled exactly once, also when it was dropped or never ran (`Vote::None`).
///
/// A trial holds its slot until then: one that hangs without a timeout keeps a half-open breaker waiting.
#[derive(Clone, Copy, Debug)]
#[must_use = "an attempt that is never settled holds its trial for ever"]
pub(crate) struct Admitted {
    pub(super) word: Word,
    pub(super) transition: Option<Transition>,
}

impl Admitted {
    /// Whether the attempt is a trial of a half-open breaker.
    #[cfg(test)]
    pub(crate) fn is_trial(self) -> bool {
        self.word.state() == BreakerState::HalfOpen
    }

    /// The change of state that this admission made, if it did.
    pub(crate) fn transition(self) -> Option<Transition> {
        self.transition
    }
}

/// No leave to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    /// The rest of the break; `None` when only the trials under way, or an operator, can tell.
    pub(crate) retry_after: Option<Duration>,
}

/// The window in which failures are counted while the breaker is off or counts calls.
const PLAIN_WINDOW: Duration = Duration::from_secs(10);

/// The slices that the settings ask for.
#[inline]
pub(super) fn slices(settings: Option<&BreakerSettings>) -> Slices {
    match settings.map(|settings| settings.window) {
        Some(Window::Time(time)) => Slices::of(time),
        _ => Slices::of(PLAIN_WINDOW),
    }
}

impl Breaker {
    /// A closed breaker that has seen nothing.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Tells how an attempt ended. `draw` gives a number in `[0, 1)`, asked for only to open.
    #[inline]
    pub(crate) fn settle(
        &self,
        admitted: Admitted,
        vote: Vote,
        now: Tick,
        slot: Slot,
        settings: &BreakerSettings,
        draw: impl FnOnce() -> f64,
    ) -> Option<Transition> {
        let word = admitted.word;
        if self.word() != word {
            return None;
        }
        if word.state() == BreakerState::HalfOpen {
            return self.settle_trial(word, vote, now, settings, draw);
        }
        if vote == Vote::None {
            return None;
        }
        let generation = word.generation();
        let mark = self.window.record(vote, generation, slices(Some(settings)), now, slot);
        if vote == Vote::Success && !matches!(settings.window, Window::Calls(_)) {
            if settings.consecutive_failures.is_some() {
                self.streak.succeed(generation);
            }
            return None;
        }
        let is_due = self.count(vote, generation, mark, now, settings);
        if is_due && word.state() == BreakerState::Closed {
            return self.open(word, now, settings, draw);
        }
        None
    }

    /// Counts a result of a service whose breaker is off, so that its failure rate is known all the same.
    #[inline]
    pub(crate) fn record(&self, vote: Vote, now: Tick, slot: Slot) {
        self.window.record(vote, self.word().generation(), slices(None), now, slot);
    }

    /// Counts what is not a plain success; whether a threshold is reached. A success alone never says so.
    fn count(&self, vote: Vote, generation: u32, mark: u32, now: Tick, settings: &BreakerSettings) -> bool {
        let ring = match settings.window {
            Window::Calls(size) => {
                let mut ring = self.ring();
                ring.push(vote, generation, size);
                Some(ring.counts(generation))
            }
            Window::Time(_) => None,
        };
        let in_a_row = settings.consecutive_failures.is_some_and(|limit| {
            if vote.is_failure() {
                self.streak.fail(generation) >= limit.max(1)
            } else {
                self.streak.succeed(generation);
                false
            }
        });
        if in_a_row || vote == Vote::Success {
            return in_a_row;
        }
        match ring {
            Some(counts) => shortfall(counts, settings) == 0,
            None => self
                .patience
                .try_with(mark, settings, || self.window.counts(generation, slices(Some(settings)), now)),
        }
    }

    #[cold]
    fn open(
        &self,
        seen: Word,
        now: Tick,
        settings: &BreakerSettings,
        draw: impl FnOnce() -> f64,
    ) -> Option<Transition> {
        let control = self.control();
        // Another thread may have opened it while this one waited for the lock.
        (self.word() == seen).then(|| self.start_break(&control, now, settings, draw()))
    }

    #[cold]
    fn settle_trial(
        &self,
        seen: Word,
        vote: Vote,
        now: Tick,
        settings: &BreakerSettings,
        draw: impl FnOnce() -> f64,
    ) -> Option<Transition> {
        let mut control = self.control();
        if self.word() != seen {
            return None;
        }
        control.trials = control.trials.saturating_sub(1);
        if vote == Vote::None {
            return None;
        }
        if vote.is_failure() || vote.is_slow() && settings.slow_call.is_some() {
            control.reopens = control.reopens.saturating_add(1);
            return Some(self.start_break(&control, now, settings, draw()));
        }
        control.successes = control.successes.saturating_add(1);
        control.is_proven(settings).then(|| self.close(&mut control))
    }

    fn start_break(&self, control: &Control, now: Tick, settings: &BreakerSettings, draw: f64) -> Transition {
        let until = now.0.saturating_add(nanos(break_length(settings, control.reopens, draw)));
        self.until.store(until, Ordering::Relaxed);
        self.enter(BreakerState::Open)
    }

    /// Closes, with breaks of the first length again. The window is empty without being cleared: nothing in it is of the new generation.
    pub(super) fn close(&self, control: &mut Control) -> Transition {
        *control = Control::default();
        self.enter(BreakerState::Closed)
    }

    /// Starts the next generation. Only under the lock of `control`.
    pub(super) fn enter(&self, to: BreakerState) -> Transition {
        let word = self.word();
        self.word.store(word.next(to).0, Ordering::Release);
        Transition { from: word.state(), to }
    }

    #[inline]
    pub(super) fn word(&self) -> Word {
        Word(self.word.load(Ordering::Acquire))
    }

    /// A panic elsewhere leaves the numbers whole, so a poisoned lock is as good as any.
    pub(super) fn control(&self) -> MutexGuard<'_, Control> {
        self.control.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn ring(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
