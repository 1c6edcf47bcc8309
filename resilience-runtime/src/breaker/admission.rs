//! Decides whether the breaker lets an attempt through, by its state; how many trials may run, `locked_state` decides. In: the time
//! and the settings. Out: a ticket to run one attempt, or how much of the break is left. [`settlement`](super::settlement) is the
//! other half.

use std::time::Duration;

use resilience_settings::policy::BreakerSettings;

use super::breaker::{Admitted, Breaker, Refused};
use super::locked_state::trial_lifetime;
use super::state_word::StateWord;
use crate::breaker_state::BreakerState;
use crate::clock::Tick;
use crate::sync::atomic::Ordering;

/// A refusal that has no known end: trials under way or an operator decide.
const NO_KNOWN_END: Refused = Refused { retry_after: None };

impl Breaker {
    /// Asks to run one attempt now. `timeout` is how long the attempt may take, which bounds how long a trial is
    /// counted. One load while closed, two while open.
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

    /// The admission of a closed breaker; `None` in every other state.
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
            // The threshold was lowered to the successes that are already there. With no trial left to come, nothing
            // else would ever close the breaker.
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

    /// How long no attempt is admitted from now on, in nanoseconds; `u64::MAX` while an operator holds the breaker
    /// open. `None` if attempts may be admitted.
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
