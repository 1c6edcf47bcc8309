//! Invariants that hold for any order of events and any number of threads.

use std::sync::atomic::{AtomicU64, Ordering};

use resilience_settings::policy::{BucketSettings, BudgetSettings, Ratio, Tokens};

use proptest::prelude::*;

use super::super::Receipt;
use super::account::Account;
use super::{S, bucket, deposits, drain, take, without_flow};
use crate::clock::Tick;

#[derive(Clone, Debug)]
enum Step {
    Deposit(usize),
    Withdraw,
    GiveBack(prop::sample::Index),
    Pass(u64),
    Reload(u32, u64, u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..40_usize).prop_map(Step::Deposit),
        10 => Just(Step::Withdraw),
        2 => any::<prop::sample::Index>().prop_map(Step::GiveBack),
        3 => (0..3 * S).prop_map(Step::Pass),
        1 => (0..1_000_000_u32, 0..3_000_000_u64, 0..20_u64)
            .prop_map(|(ratio, flow, capacity)| Step::Reload(ratio, flow, capacity)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    /// Exact, in millionths: no more is spent than was deposited.
    #[test]
    fn retries_never_exceed_the_share_of_calls_the_burst_and_the_flow(steps in prop::collection::vec(step(), 1..300)) {
        let mut settings = BucketSettings::default();
        let budget = Account::new(Tick(0));
        let (mut now, mut spent, mut flow) = (0, 0_u128, 0_u128);
        let mut income = u128::from(settings.burst_capacity.millionths());
        let mut receipts: Vec<Receipt> = Vec::new();
        for step in steps {
            let current = BudgetSettings::TokenBucket(settings.clone());
            match step {
                Step::Deposit(count) => {
                    deposits(&budget, count);
                    income += count as u128 * u128::from(settings.ratio.millionths());
                }
                Step::Withdraw => if let Some(receipt) = take(&budget, &current, now) {
                    spent += 1_000_000;
                    receipts.push(receipt);
                },
                Step::GiveBack(_) if receipts.is_empty() => {}
                Step::GiveBack(which) => {
                    budget.give_back(receipts.swap_remove(which.index(receipts.len())), Tick(now));
                    spent -= 1_000_000;
                    let tokens = budget.tokens(Tick(now), &current, None);
                    prop_assert!(tokens <= settings.burst_capacity.get());
                }
                Step::Pass(nanos) => {
                    now += nanos;
                    flow += u128::from(nanos) * u128::from(settings.min_per_second.millionths());
                }
                Step::Reload(ratio, per_second, capacity) => {
                    settings.ratio = Ratio::saturating(f64::from(ratio) / 1e6);
                    settings.min_per_second = Tokens::from_millionths(per_second);
                    settings.burst_capacity = Tokens::whole(capacity);
                    let new = BudgetSettings::TokenBucket(settings.clone());
                    budget.reshape(Some(&current), Some(&new), Tick(now), None);
                }
            }
            prop_assert!(spent * u128::from(S) <= income * u128::from(S) + flow);
        }
    }

    /// Nothing that fits is withheld: a bucket too large to overflow spends all deposits.
    #[test]
    fn all_that_came_in_can_be_spent(batches in prop::collection::vec((0..50_usize, 0..S), 1..50), flow in 0..5_000_000_u64) {
        let settings = bucket(|settings| {
            settings.min_per_second = Tokens::from_millionths(flow);
            settings.burst_capacity = Tokens::whole(1_000);
        });
        let budget = Account::new(Tick(0));
        let mut spent = drain(&budget, &settings, 0);
        prop_assert_eq!(spent, 1_000);
        let (mut now, mut calls) = (0, 0);
        for (count, nanos) in batches {
            now += nanos;
            calls += count;
            deposits(&budget, count);
            spent += drain(&budget, &settings, now);
        }
        let income = calls as u128 * 100_000 + u128::from(flow) * u128::from(now) / u128::from(S);
        prop_assert_eq!((spent - 1_000) as u128, income / 1_000_000);
    }
}

#[test]
fn eight_threads_never_overdraw_and_lose_no_deposit() {
    let settings = BudgetSettings::default();
    let budget = Account::new(Tick(0));
    let (clock, granted, returned) = (AtomicU64::new(0), AtomicU64::new(0), AtomicU64::new(0));
    let calls = 8 * 10_000_u64;
    // Emptied, so that no deposit overflows.
    assert_eq!(drain(&budget, &settings, 0), 10);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for round in 0..10_000 {
                    budget.deposit();
                    // Two retries requested after every call, 0.1 ms apart.
                    let now = clock.fetch_add(S / 10_000, Ordering::Relaxed);
                    for _ in 0..2 {
                        if let Some(receipt) = take(&budget, &settings, now) {
                            if round % 5 == 0 {
                                budget.give_back(receipt, Tick(now));
                                returned.fetch_add(1, Ordering::Relaxed);
                            } else {
                                granted.fetch_add(1, Ordering::Relaxed);
                            }
                        }
                    }
                }
            });
        }
    });
    let end = clock.load(Ordering::Relaxed);
    let granted = granted.load(Ordering::Relaxed) + drain(&budget, &settings, end) as u64;
    assert!(returned.load(Ordering::Relaxed) > 0);
    // A tenth per call, one for each of the 8 seconds.
    assert_eq!(granted, calls / 10 + end / S);
}

#[test]
fn eight_threads_on_the_last_token_get_it_once() {
    let settings = bucket(|settings| {
        without_flow(settings);
        settings.burst_capacity = Tokens::whole(1);
    });
    for _ in 0..200 {
        let budget = Account::new(Tick(0));
        let granted = AtomicU64::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    granted.fetch_add(u64::from(take(&budget, &settings, 0).is_some()), Ordering::Relaxed);
                });
            }
        });
        assert_eq!(granted.load(Ordering::Relaxed), 1);
    }
}

#[test]
fn a_reader_waits_for_nobody_and_is_given_what_was_read_last() {
    let settings = bucket(|bucket| {
        (bucket.burst_capacity, bucket.min_per_second) = (Tokens::whole(10), Tokens::default());
    });
    let budget = Account::new(Tick(0));
    let is = |tokens: f64, expected: f64| (tokens - expected).abs() < 1e-9;
    assert!(is(budget.tokens_while_held(&settings), 10.0), "full, before any reading");
    assert_eq!(drain(&budget, &settings, 0), 10);
    assert!(is(budget.tokens(Tick(0), &settings, None), 0.0));
    deposits(&budget, 50);
    assert!(is(budget.tokens_while_held(&settings), 0.0), "the last reading");
    assert!(budget.tokens(Tick(0), &settings, None) > 0.0);
    let smaller = bucket(|bucket| bucket.burst_capacity = Tokens::whole(2));
    assert!(budget.tokens_while_held(&smaller) <= 2.0, "no more than there can be");
}
