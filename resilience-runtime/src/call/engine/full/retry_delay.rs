//! Decides by how much `Retry-After` lengthens the delay before a retry, which `delay/schedule` of the settings computes. In: what
//! the server asks for, and chance. Out: how long the call waits, or that the server asks for more than is allowed.

use std::time::Duration;

use resilience_settings::delay as retry;

use super::call::FullCall;
use crate::clock::{Tick, nanos};
use crate::ending::Ending;

impl FullCall {
    /// The strategy's delay; with a hint of the server, the hint plus a share of that delay, so that the
    /// callers who got the same hint do not come back together.
    pub(in crate::call) fn delay(&mut self, hint: Option<Duration>, now: Tick) -> Result<u64, Ending> {
        // Every strategy scales its base, and needs no chance for nothing.
        let delay = if self.rules().base_delay_nanos == 0 { 0 } else { self.strategy_delay(now) };
        self.previous_delay = delay;
        match hint {
            None => Ok(delay),
            Some(hint) if hint > self.rules().max_retry_after => Err(Ending::RetryAfterTooLong),
            Some(hint) => {
                let spread = Duration::from_nanos(delay).mul_f64(self.bound.shared().chance.unit());
                Ok(nanos(hint.saturating_add(spread)))
            }
        }
    }

    fn strategy_delay(&self, now: Tick) -> u64 {
        let backoff = &self.rules().backoff;
        let stress = self.target().stress(backoff, now);
        let previous = if self.attempts == 1 { self.rules().base_delay_nanos } else { self.previous_delay };
        let previous = Duration::from_nanos(previous);
        nanos(retry::delay(backoff, self.attempts, previous, stress, self.bound.shared().chance.unit()))
    }
}
