//! Decides whether a failed attempt is retried; whether the budget pays for that, `budget/account` decides. In: the failure, and
//! the attempts so far. Out: the receipt of the budget, or the reason why the call ends.

use super::failure::FailedAttempt;
use super::ledger::AttemptTarget;
use crate::budget::Receipt;
use crate::clock::Tick;
use crate::ending::Ending;
use crate::policy::ServiceRules;

impl AttemptTarget {
    /// Whether an attempt that has failed may be followed by another, as far as the rules of the site say; it is the
    /// last of so many.
    #[inline]
    pub(in crate::call) fn may_retry(
        self,
        failed: &FailedAttempt,
        attempts: u32,
        is_single: bool,
    ) -> Result<(), Ending> {
        let rules = self.rules();
        if rules.retries_plainly {
            failed.failure.is_retryable_plainly()?;
        } else {
            failed.failure.is_retryable(rules, failed.inner_outcome)?;
        }
        if is_single || !rules.retry_enabled || attempts >= rules.max_attempts {
            return Err(Ending::AttemptsExhausted);
        }
        Ok(())
    }

    /// Takes what a retry costs that is due at `wake`, unless the breaker would turn it away then.
    #[expect(
        clippy::inline_always,
        reason = "a service without breaker and budget is spared a call for nothing"
    )]
    #[inline(always)]
    pub(in crate::call) fn pay_for_retry(
        self,
        rules: &ServiceRules,
        failed: &FailedAttempt,
        wake: Tick,
        now: Tick,
    ) -> Result<Option<Receipt>, Ending> {
        if rules.breaker.is_none() && rules.budget.is_none() {
            return Ok(None);
        }
        self.pay(rules, failed, wake, now)
    }

    #[inline(never)]
    fn pay(
        self,
        rules: &ServiceRules,
        failed: &FailedAttempt,
        wake: Tick,
        now: Tick,
    ) -> Result<Option<Receipt>, Ending> {
        if rules.breaker.is_some()
            && self.rules().circuit_breaker_enabled
            && self.target.state().breaker.would_reject_at(wake)
        {
            return Err(Ending::CircuitOpen);
        }
        match &rules.budget {
            Some(budget) if self.rules().retry_budget_enabled => {
                self.target.state().withdraw(rules, budget, failed.is_throttled(), now).map(Some)
            }
            _ => Ok(None),
        }
    }
}
