//! A budget token that was taken for a retry which has not started yet.

use crate::budget::Receipt;
use crate::clock::Tick;
use crate::ending::Ending;
use crate::registry::Target;

/// Goes back into the budget unless the retry starts.
#[derive(Debug)]
#[must_use]
pub(crate) struct Reservation {
    target: Target,
    /// `None` when the budget is off, or the token is spent.
    receipt: Option<Receipt>,
}

impl Reservation {
    /// Takes what a retry costs now.
    pub(crate) fn take(target: Target, throttled: bool, now: Tick) -> Result<Self, Ending> {
        let receipt = target.withdraw(throttled, now)?;
        Ok(Self { target, receipt })
    }

    /// The retry starts.
    pub(crate) fn spend(mut self) {
        self.receipt = None;
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        if let Some(receipt) = self.receipt.take() {
            self.target.give_back(receipt);
        }
    }
}
