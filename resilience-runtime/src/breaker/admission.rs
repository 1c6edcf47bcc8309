//! In: the time. Out: ticket to run an attempt, or the rest of the break. The half of the machine that every
//! attempt passes before its body.

use std::time::Duration;

use super::breaker::{Admitted, Breaker, Refused};
use super::locked_state::trial_lifetime;
use super::state_word::StateWord;
use crate::breaker_state::BreakerState;
use crate::clock::Tick;
use crate::policy::BreakerSettings;
use crate::sync::atomic::Ordering;

/// A refusal that time alone does not end.
const NO_KNOWN_END: Refused = Refused { retry_after: None };

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
        if word.is_closed() {
            Ok(admitted(word))
        } else {
            self.admit_unless_open(word, now, settings, timeout)
        }
    }

    #[cold]
    fn admit_unless_open(
        &self,
        word: StateWord,
        now: Tick,
        settings: &BreakerSettings,
        timeout: Option<Duration>,
    ) -> Result<Admitted, Refused> {
        match word.state() {
            BreakerState::Closed | BreakerState::ForcedClosed => Ok(admitted(word)),
            BreakerState::ForcedOpen => Err(NO_KNOWN_END),
            BreakerState::Open => match self.remaining_break(now) {
                Some(rest) => Err(Refused { retry_after: Some(rest) }),
                None => self.admit_trial(now, settings, timeout),
            },
            BreakerState::HalfOpen => self.admit_trial(now, settings, timeout),
        }
    }

    /// The ticket of a breaker that is closed.
    #[inline]
    pub(crate) fn admitted_while_closed(&self) -> Option<Admitted> {
        let word = self.word();
        word.is_closed().then(|| admitted(word))
    }

    fn admit_trial(
        &self,
        now: Tick,
        settings: &BreakerSettings,
        timeout: Option<Duration>,
    ) -> Result<Admitted, Refused> {
        let mut locked = self.locked();
        // The state may have changed while this thread waited for the lock.
        let transition = match self.word().state() {
            BreakerState::Closed | BreakerState::ForcedClosed => return Ok(admitted(self.word())),
            BreakerState::ForcedOpen => return Err(NO_KNOWN_END),
            BreakerState::Open => {
                if let Some(rest) = self.remaining_break(now) {
                    return Err(Refused { retry_after: Some(rest) });
                }
                locked.start_half_open();
                Some(self.enter(&mut locked, BreakerState::HalfOpen, now))
            }
            // The threshold was lowered to what has already gone well. With no trial left to come, nothing
            // else would ever close it.
            BreakerState::HalfOpen if locked.has_recovered(settings) => {
                let transition = Some(self.close(&mut locked, now));
                return Ok(Admitted { word: self.word(), transition });
            }
            BreakerState::HalfOpen => None,
        };
        let until = now.plus(trial_lifetime(timeout, settings));
        let number = locked.start_trial(settings, now, until).ok_or(NO_KNOWN_END)?;
        Ok(Admitted { word: self.word().of_trial(number), transition })
    }

    /// While no attempt is let in, the rest of the break in nanoseconds; the largest number when only an operator ends
    /// it.
    #[inline]
    pub(crate) fn remaining_while_open(&self, now: Tick) -> Option<u64> {
        let word = self.word();
        let until = Tick(self.until.load(Ordering::Relaxed));
        match word.state() {
            BreakerState::Open if now < until => Some(until.nanos_since(now)),
            BreakerState::ForcedOpen => Some(u64::MAX),
            _ => None,
        }
    }

    #[inline]
    pub(super) fn remaining_break(&self, now: Tick) -> Option<Duration> {
        let until = Tick(self.until.load(Ordering::Relaxed));
        (now < until).then(|| until.since(now))
    }
}

#[inline]
fn admitted(word: StateWord) -> Admitted {
    Admitted { word, transition: None }
}
