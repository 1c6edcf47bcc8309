//! What a budget promises, whatever the order of events, the threads and the reloads.

pub(super) mod account;
mod bucket;
mod invariants;
mod reload;
mod windows;

use resilience_settings::policy::{BucketSettings, BudgetSettings, QuotaSettings, Tokens};

use super::Receipt;
use crate::clock::Tick;
use account::Account;

const S: u64 = 1_000_000_000;

fn take(budget: &Account, settings: &BudgetSettings, now: u64) -> Option<Receipt> {
    budget.withdraw(settings, false, Tick(now), None)
}

/// How many retries the budget grants at that time.
fn drain(budget: &Account, settings: &BudgetSettings, now: u64) -> usize {
    (0..100_000).take_while(|_| take(budget, settings, now).is_some()).count()
}

fn deposits(budget: &Account, count: usize) {
    for _ in 0..count {
        budget.deposit();
    }
}

fn bucket(change: impl FnOnce(&mut BucketSettings)) -> BudgetSettings {
    let mut settings = BucketSettings::default();
    change(&mut settings);
    BudgetSettings::TokenBucket(settings)
}

fn without_flow(settings: &mut BucketSettings) {
    settings.min_per_second = Tokens::default();
}

fn quota(burst: u32, minute: u32, hour: u32) -> QuotaSettings {
    settings!(QuotaSettings {
        max_retries_per_minute: minute,
        max_retries_per_hour: hour,
        burst_capacity: burst
    })
}
