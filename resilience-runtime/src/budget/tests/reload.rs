//! Settings that change under a live budget.

use resilience_settings::policy::{BudgetSettings, Ratio, Tokens};

use super::account::Account;
use super::{S, bucket, deposits, drain, quota, without_flow};
use crate::clock::Tick;

#[test]
fn a_raised_capacity_brings_no_tokens_and_a_lowered_one_takes_some() {
    let of = |capacity| {
        bucket(|settings| {
            without_flow(settings);
            settings.burst_capacity = Tokens::whole(capacity);
        })
    };
    let budget = Account::new(Tick(0));
    deposits(&budget, 50_000);
    budget.reshape(Some(&of(10)), Some(&of(1_000)), Tick(0), None);
    assert_eq!(drain(&budget, &of(1_000), 0), 10, "deposits beyond the old capacity were already gone");
    let budget = Account::new(Tick(0));
    budget.reshape(Some(&of(10)), Some(&of(4)), Tick(0), None);
    budget.reshape(Some(&of(4)), Some(&of(10)), Tick(0), None);
    assert_eq!(drain(&budget, &of(10), 0), 4);
}

#[test]
fn deposits_before_a_reload_are_worth_the_old_ratio() {
    let of = |ratio| {
        bucket(|settings| {
            without_flow(settings);
            settings.ratio = Ratio::saturating(ratio);
        })
    };
    let budget = Account::new(Tick(0));
    drain(&budget, &of(0.1), 0);
    deposits(&budget, 20);
    budget.reshape(Some(&of(0.1)), Some(&of(1.0)), Tick(0), None);
    assert_eq!(drain(&budget, &of(1.0), 0), 2);
}

#[test]
fn a_window_kind_starts_from_the_retries_that_were_granted_before() {
    let (old, new) = (bucket(without_flow), BudgetSettings::SlidingWindow(quota(100, 12, 100)));
    let budget = Account::new(Tick(0));
    assert_eq!(drain(&budget, &old, S), 10);
    budget.reshape(Some(&old), Some(&new), Tick(2 * S), None);
    assert_eq!(drain(&budget, &new, 2 * S), 2);
    budget.reshape(Some(&new), Some(&old), Tick(3 * S), None);
    assert_eq!(drain(&budget, &old, 3 * S), 0, "the bucket is as empty as it was left");
}

#[test]
fn one_that_forgets_is_full_and_has_granted_nothing() {
    for settings in [
        bucket(without_flow),
        BudgetSettings::SlidingWindow(quota(7, 7, 7)),
        BudgetSettings::FixedWindow(quota(7, 7, 7)),
    ] {
        let budget = Account::new(Tick(0));
        let full = drain(&budget, &settings, S);
        assert!(full > 0 && drain(&budget, &settings, S) == 0);
        deposits(&budget, 50);
        budget.forget(Tick(S));
        assert_eq!(drain(&budget, &settings, S), full, "{settings:?}");
        assert_eq!(drain(&budget, &settings, S), 0, "what was paid in before fills it no second time");
    }
}
