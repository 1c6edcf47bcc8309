//! What a retry takes of its target: the cost out of the budget, a step under the global cap, and the factor of its delay.

use std::sync::atomic::Ordering;

use super::target::Target;
use crate::budget::Receipt;
use crate::clock::Tick;
use crate::ending::Ending;
use crate::policy::{Backoff, BudgetSettings, ServicePolicy, Strategy};
use resilience_settings::delay as retry;

impl Target {
    /// Takes the cost of a retry.
    pub(crate) fn withdraw(
        self,
        policy: &ServicePolicy,
        settings: &BudgetSettings,
        throttled: bool,
        now: Tick,
    ) -> Result<Receipt, Ending> {
        // It adds up the shards of all threads, so only where it is asked for.
        let is_adaptive = matches!(settings, BudgetSettings::Adaptive(..));
        let success_rate = if is_adaptive { self.state.success_rate(policy, now) } else { None };
        self.state
            .budget
            .withdraw(&self.state.shards, settings, throttled, now, success_rate)
            .ok_or(Ending::BudgetExhausted)
    }

    pub(crate) fn give_back(self, receipt: Receipt) {
        self.state.budget.give_back(receipt, self.service.now());
    }

    /// One step under the global cap on retries in flight.
    pub(crate) fn acquire_retry(self) -> bool {
        let shared = self.service.shared();
        shared.retry_cap.acquire(shared.max_concurrent_retries.load(Ordering::Relaxed))
    }

    pub(crate) fn release_retry(self) {
        self.service.shared().retry_cap.release();
    }

    /// The factor of the `Adaptive` strategy, 1 for the others.
    pub(crate) fn stress(self, backoff: &Backoff, now: Tick) -> f64 {
        if backoff.strategy != Strategy::Adaptive {
            return 1.0;
        }
        let failure_rate = self.state.failure_rate(self.service.policy(), now).unwrap_or(0.0);
        retry::stress(failure_rate, self.service.shared().pressure.share())
    }
}
