//! Gets what a hedged copy needs that is due, without a wait; whether and when one is, `timing` decides. In: a slow attempt. Out:
//! the permit of a further copy of it, where all that is free.

use super::acquisition::{Acquired, Acquisition};
use super::call::FullCall;
use crate::call::engine::permit::owned::OwnedPermit;
use crate::clock::Tick;
use crate::monitor::AttemptNumber;

impl FullCall {
    /// A further copy of a slow attempt: it takes what is free and never waits, since a copy that has to queue
    /// comes too late to help.
    pub(in crate::call) fn admit_copy(&self, now: Tick) -> Option<OwnedPermit> {
        let mut acquisition = Acquisition::new(self.attempt_target(), now);
        let (attempt, rules) = (acquisition.attempt, acquisition.rules);
        let receipt = match &rules.budget {
            Some(budget) if attempt.rules().retry_budget_enabled => {
                Some(attempt.target.state().withdraw(rules, budget, false, now).ok()?)
            }
            _ => None,
        };
        let acquired = self.acquire(&mut acquisition, now);
        let Acquisition { mut permit, slot, .. } = acquisition;
        if !matches!(acquired, Ok(Acquired::All)) {
            permit.close(attempt);
            if let Some(receipt) = receipt {
                attempt.target.state().budget.give_back(receipt, now);
            }
            return None;
        }
        let mut permit = permit.tell(attempt);
        if let Some(slot) = slot {
            slot.consume();
        }
        permit.begin(now);
        permit.number = AttemptNumber::nth(self.attempts).copied();
        Some(OwnedPermit::new(permit, attempt))
    }
}
