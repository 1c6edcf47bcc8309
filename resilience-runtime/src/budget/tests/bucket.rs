//! Token buckets, plain and adaptive.

use resilience_settings::policy::{BucketSettings, BudgetSettings, Ratio, Tokens};

use super::account::Account;
use super::{S, bucket, deposits, drain, take, without_flow};
use crate::clock::Tick;

#[test]
fn by_default_ten_retries_and_then_one_in_ten_calls_and_one_a_second() {
    let (budget, settings) = (Account::new(Tick(0)), BudgetSettings::default());
    assert_eq!(drain(&budget, &settings, 0), 10);
    deposits(&budget, 39);
    assert_eq!(drain(&budget, &settings, 0), 3);
    deposits(&budget, 1);
    assert_eq!(drain(&budget, &settings, 0), 1);
    assert_eq!(drain(&budget, &settings, 7 * S - 1), 6);
    assert_eq!(drain(&budget, &settings, 7 * S), 1);
    assert_eq!(drain(&budget, &settings, 1000 * S), 10, "no more than it holds");
}

#[test]
fn small_ratios_are_not_cut_down_to_nothing() {
    let settings = bucket(|settings| {
        without_flow(settings);
        settings.ratio = Ratio::saturating(0.001);
    });
    let budget = Account::new(Tick(0));
    drain(&budget, &settings, 0);
    deposits(&budget, 999);
    assert_eq!(drain(&budget, &settings, 0), 0);
    deposits(&budget, 1);
    assert_eq!(drain(&budget, &settings, 0), 1);
}

#[test]
fn a_throttled_retry_costs_what_the_settings_say() {
    let settings = bucket(|settings| {
        without_flow(settings);
        settings.throttled_cost = Tokens::whole(4);
    });
    let budget = Account::new(Tick(0));
    let throttled = || budget.withdraw(&settings, true, Tick(0), None);
    assert!(throttled().is_some() && throttled().is_some() && throttled().is_none());
    assert_eq!(drain(&budget, &settings, 0), 2, "what is left pays for plain ones");
}

#[test]
fn an_adaptive_budget_pays_in_less_while_calls_fail() {
    let settings = BudgetSettings::Adaptive(
        settings!(BucketSettings { min_per_second: Tokens::default(), ..BucketSettings::default() }),
        Ratio::saturating(0.8),
    );
    for (success_rate, retries) in [(None, 8), (Some(0.9), 8), (Some(0.6), 4), (Some(0.3), 0)] {
        let budget = Account::new(Tick(0));
        drain(&budget, &settings, 0);
        deposits(&budget, 80);
        let again = || budget.withdraw(&settings, false, Tick(0), success_rate);
        assert_eq!((0..99).take_while(|_| again().is_some()).count(), retries, "{success_rate:?}");
    }
}

#[test]
fn a_retry_that_never_starts_returns_what_it_took_and_no_more() {
    let settings = bucket(without_flow);
    let budget = Account::new(Tick(0));
    let first = take(&budget, &settings, 0).expect("full");
    assert_eq!(
        take(&budget, &settings, 7).map(|receipt| receipt.at()),
        Some(Tick(7)),
        "it says when it was paid"
    );
    deposits(&budget, 1_000);
    assert!((budget.tokens(Tick(0), &settings, None) - 10.0).abs() < 1e-9);
    budget.give_back(first, Tick(0));
    assert!((budget.tokens(Tick(0), &settings, None) - 10.0).abs() < 1e-9);
    assert_eq!(drain(&budget, &settings, 0), 10);
}

#[test]
fn looking_at_the_tokens_changes_nothing() {
    let settings = BudgetSettings::Adaptive(BucketSettings::default(), Ratio::saturating(0.8));
    let budget = Account::new(Tick(0));
    drain(&budget, &settings, 0);
    deposits(&budget, 50);
    assert!(budget.tokens(Tick(0), &settings, Some(0.1)).abs() < 1e-9);
    assert!((budget.tokens(Tick(0), &settings, None) - 5.0).abs() < 1e-9);
    assert_eq!(drain(&budget, &settings, 0), 5);
}
