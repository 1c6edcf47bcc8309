//! A budget together with the deposit counters that a service keeps for it.

use resilience_settings::policy::BudgetSettings;

use super::super::{Budget, Deposits, Receipt};
use crate::clock::Tick;
use crate::counting::shard::{Sharded, Slot};

pub(in super::super) struct Account {
    budget: Budget,
    deposits: Sharded<Deposits>,
}

impl Account {
    pub(in super::super) fn new(now: Tick) -> Self {
        Self { budget: Budget::new(now), deposits: Sharded::new() }
    }

    pub(in super::super) fn deposit(&self) {
        let slot = Slot::current();
        self.deposits.part(slot).pay_in(slot);
    }

    pub(in super::super) fn withdraw(
        &self,
        settings: &BudgetSettings,
        throttled: bool,
        now: Tick,
        success_rate: Option<f64>,
    ) -> Option<Receipt> {
        self.budget.withdraw(&self.deposits, settings, throttled, now, success_rate)
    }

    pub(super) fn give_back(&self, receipt: Receipt, now: Tick) {
        self.budget.give_back(receipt, now);
    }

    pub(super) fn tokens(&self, now: Tick, settings: &BudgetSettings, success_rate: Option<f64>) -> f64 {
        self.budget.tokens(&self.deposits, now, settings, success_rate)
    }

    /// What is read of it while somebody has it.
    pub(super) fn tokens_while_held(&self, settings: &BudgetSettings) -> f64 {
        let held = self.budget.ledger();
        let tokens = std::thread::scope(|scope| {
            scope.spawn(|| self.tokens(Tick::MAX, settings, None)).join().expect("it does not panic")
        });
        drop(held);
        tokens
    }

    pub(super) fn forget(&self, now: Tick) {
        self.budget.forget(now);
    }

    pub(super) fn reshape(
        &self,
        old: Option<&BudgetSettings>,
        new: Option<&BudgetSettings>,
        now: Tick,
        success_rate: Option<f64>,
    ) {
        self.budget.reshape(&self.deposits, old, new, now, success_rate);
    }
}
