//! Asks what limits the retries of a service: `budget/account` decides on payment, `budget/retry_cap` on the cap. In: a retry. Out:
//! the receipt, a place under the cap of the process, and the factor by which an adaptive delay is longer.

use std::sync::atomic::Ordering;

use resilience_settings::policy::{Backoff, BudgetSettings, ServicePolicy, Strategy};

use super::targets::Target;
use crate::budget::Receipt;
use crate::clock::Tick;
use crate::ending::Ending;
use crate::registry::service::ServiceState;
use crate::registry::shared::Shared;
use resilience_settings::delay as retry;

impl ServiceState {
    /// Takes the cost of a retry.
    pub(crate) fn withdraw(
        &self,
        policy: &ServicePolicy,
        settings: &BudgetSettings,
        throttled: bool,
        now: Tick,
    ) -> Result<Receipt, Ending> {
        // It adds up the shards of all threads, so only where it is asked for.
        let is_adaptive = matches!(settings, BudgetSettings::Adaptive(..));
        let success_rate = if is_adaptive { self.success_rate(policy, now) } else { None };
        let receipt = self.budget.withdraw(&self.shards, settings, throttled, now, success_rate);
        receipt.ok_or(Ending::BudgetExhausted)
    }
}

impl Shared {
    /// Takes a place under the cap on retries in flight.
    pub(crate) fn acquire_retry(&self) -> bool {
        self.retry_cap.acquire(self.max_concurrent_retries.load(Ordering::Relaxed))
    }

    pub(crate) fn release_retry(&self) {
        self.retry_cap.release();
    }
}

impl Target {
    /// The factor of the `Adaptive` strategy, 1 for the others.
    pub(crate) fn stress(self, backoff: &Backoff, now: Tick) -> f64 {
        if backoff.strategy != Strategy::Adaptive {
            return 1.0;
        }
        let failure_rate = self.state().failure_rate(self.service().policy(), now).unwrap_or(0.0);
        retry::stress(failure_rate, self.service().shared().pressure.share())
    }
}
