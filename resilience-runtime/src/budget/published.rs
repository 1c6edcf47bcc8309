//! Tests: published retry budgets (gRPC, AWS, Finagle), reproduced with this one.

use resilience_settings::policy::{BucketSettings, BudgetSettings, Deposit, Ratio, Tokens};

use super::tests::account::Account;
use crate::clock::Tick;

fn bucket(capacity: u64, ratio: f64, cost: u64) -> BudgetSettings {
    BudgetSettings::TokenBucket(settings!(BucketSettings {
        ratio: Ratio::saturating(ratio),
        min_per_second: Tokens::default(),
        burst_capacity: Tokens::whole(capacity),
        deposit: Deposit::Success,
        cost: Tokens::whole(cost),
        ..BucketSettings::default()
    }))
}

fn withdraws(budget: &Account, settings: &BudgetSettings) -> bool {
    budget.withdraw(settings, false, Tick(0), None).is_some()
}

/// gRPC (proposal A6) starts at 10 tokens, takes one per failure, and retries while more than half of them remain: the
/// 5th failure in a row is the first that is not retried. What can be spent above the half is 4 whole tokens, which is
/// the capacity here. Two things differ: this budget takes a token per retry, not per failure, so failures that are not
/// retried do not deepen the debt; and the first retry after an outage needs 10 successes, where gRPC needs more than
/// 10, as its tokens must be strictly above the half.
#[test]
fn grpc_throttling_blocks_the_fifth_failure_in_a_row() {
    let settings = bucket(4, 0.1, 1);
    let budget = Account::new(Tick(0));
    let retried: Vec<bool> = (0..8).map(|_| withdraws(&budget, &settings)).collect();
    assert_eq!(retried, [true, true, true, true, false, false, false, false]);
    for success in 1..=10 {
        assert!(!withdraws(&budget, &settings), "before success {success}");
        budget.deposit();
    }
    assert!(withdraws(&budget, &settings));
}

/// AWS SDKs, standard mode: 500 tokens, and in a total outage none come back.
#[test]
fn an_aws_bucket_allows_100_50_and_35_retries_in_a_total_outage() {
    for (cost, allowed) in [(5, 100), (10, 50), (14, 35)] {
        let budget = Account::new(Tick(0));
        let settings = bucket(500, 0.0, cost);
        assert_eq!((0..1_000).filter(|_| withdraws(&budget, &settings)).count(), allowed, "cost {cost}");
    }
}

/// Finagle's default: a fifth of the calls, and 10 a second whatever the traffic.
#[test]
fn a_finagle_budget_allows_a_fifth_of_the_calls_and_ten_a_second() {
    let settings = BudgetSettings::TokenBucket(settings!(BucketSettings {
        ratio: Ratio::saturating(0.2),
        min_per_second: Tokens::whole(10),
        burst_capacity: Tokens::whole(100),
        ..BucketSettings::default()
    }));
    let budget = Account::new(Tick(0));
    let mut retries = 0;
    for call in 0..10_000_u64 {
        budget.deposit();
        let now = Tick(call * 10_000_000);
        retries += u32::from(budget.withdraw(&settings, false, now, None).is_some());
    }
    // 100 at the start, 2,000 for the calls, 999.9 for the 99.99 seconds.
    assert_eq!(retries, 3_099);
}

/// "What is Backoff For?" (Brooker, 2022): a tenth of a token per success, and at most 5, limits the load to 1.1 times
/// the calls at any failure rate, where three plain retries quadruple it.
#[test]
fn a_token_bucket_bounds_the_load_at_any_failure_rate() {
    let calls = 20_000_u32;
    for percent in (0..=100_u32).step_by(5) {
        let load = |budget: Option<&Account>| {
            let settings = bucket(5, 0.1, 1);
            let mut attempts = 0_u32;
            // Fails `percent` of the attempts, spread by a stride that is prime to 100.
            let mut fails = move || {
                attempts += 1;
                (attempts * 37 % 100 < percent, attempts)
            };
            let mut last = 0;
            for _ in 0..calls {
                for attempt in 1..=4 {
                    let (failed, attempts) = fails();
                    last = attempts;
                    if !failed {
                        budget.inspect(|budget| budget.deposit());
                        break;
                    }
                    if attempt == 4 || budget.is_some_and(|budget| !withdraws(budget, &settings)) {
                        break;
                    }
                }
            }
            f64::from(last) / f64::from(calls)
        };
        let bounded = load(Some(&Account::new(Tick(0))));
        assert!(bounded <= 1.1 + 5.0 / f64::from(calls), "{percent} %: {bounded}");
        if percent == 100 {
            assert!((load(None) - 4.0).abs() < 1e-9);
        }
    }
}
