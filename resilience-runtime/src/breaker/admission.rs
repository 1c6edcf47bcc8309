//! In: the time. Out: leave to run an attempt, or the rest of the break. The half of the machine that every
//! attempt passes before its body.

use std::time::Duration;

use super::control::hold_of_trial;
use super::machine::{Admitted, Breaker, Refused};
use super::state::Word;
use crate::breaker_state::BreakerState;
use crate::clock::Tick;
use crate::policy::BreakerSettings;
use crate::sync::atomic::Ordering;

/// A refusal that time alone does not end.
const WAIT_FOR_NEWS: Refused = Refused { retry_after: None };

impl Breaker {
    /// Asks whether an attempt may run now, which may take as long as `timeout` says. One load while closed, two while open.
    #[inline]
    pub(crate) fn admit(
        &self,
        now: Tick,
        settings: &BreakerSettings,
        timeout: Option<Duration>,
    ) -> Result<Admitted, Refused> {
        let word = self.word();
        if word.is_closed() { Ok(plain(word)) } else { self.admit_unless_open(word, now, settings, timeout) }
    }

    #[cold]
    fn admit_unless_open(
        &self,
        word: Word,
        now: Tick,
        settings: &BreakerSettings,
        timeout: Option<Duration>,
    ) -> Result<Admitted, Refused> {
        match word.state() {
            BreakerState::Closed | BreakerState::ForcedClosed => Ok(plain(word)),
            BreakerState::ForcedOpen => Err(WAIT_FOR_NEWS),
            BreakerState::Open => match self.rest_of_break(now) {
                Some(rest) => Err(Refused { retry_after: Some(rest) }),
                None => self.admit_trial(now, settings, timeout),
            },
            BreakerState::HalfOpen => self.admit_trial(now, settings, timeout),
        }
    }

    /// The leave of a breaker that is closed.
    #[inline]
    pub(crate) fn admitted_while_closed(&self) -> Option<Admitted> {
        let word = self.word();
        word.is_closed().then(|| plain(word))
    }

    fn admit_trial(
        &self,
        now: Tick,
        settings: &BreakerSettings,
        timeout: Option<Duration>,
    ) -> Result<Admitted, Refused> {
        let mut control = self.control();
        // The state may have changed while this thread waited for the lock.
        let transition = match self.word().state() {
            BreakerState::Closed | BreakerState::ForcedClosed => return Ok(plain(self.word())),
            BreakerState::ForcedOpen => return Err(WAIT_FOR_NEWS),
            BreakerState::Open => {
                if let Some(rest) = self.rest_of_break(now) {
                    return Err(Refused { retry_after: Some(rest) });
                }
                control.begin_trials();
                Some(self.enter(&mut control, BreakerState::HalfOpen, now))
            }
            // The threshold was lowered to what has already gone well. With no trial left to come, nothing
            // else would ever close it.
            BreakerState::HalfOpen if control.is_proven(settings) => {
                let transition = Some(self.close(&mut control, now));
                return Ok(Admitted { word: self.word(), transition });
            }
            BreakerState::HalfOpen => None,
        };
        let until = now.plus(hold_of_trial(timeout, settings));
        let number = control.place_trial(settings, now, until).ok_or(WAIT_FOR_NEWS)?;
        Ok(Admitted { word: self.word().of_trial(number), transition })
    }

    /// While no attempt is let in, the rest of the break in nanoseconds; the largest number when only an operator ends
    /// it.
    #[inline]
    pub(crate) fn rest_while_open(&self, now: Tick) -> Option<u64> {
        let word = self.word();
        let until = Tick(self.until.load(Ordering::Relaxed));
        match word.state() {
            BreakerState::Open if now < until => Some(until.nanos_since(now)),
            BreakerState::ForcedOpen => Some(u64::MAX),
            _ => None,
        }
    }

    #[inline]
    pub(super) fn rest_of_break(&self, now: Tick) -> Option<Duration> {
        let until = Tick(self.until.load(Ordering::Relaxed));
        (now < until).then(|| until.since(now))
    }
}

#[inline]
fn plain(word: Word) -> Admitted {
    Admitted { word, transition: None }
}
