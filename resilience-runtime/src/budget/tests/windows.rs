//! The window kinds.

use resilience_settings::policy::BudgetSettings;

use super::account::Account;
use super::{S, drain, quota, take};
use crate::clock::Tick;

#[test]
fn a_sliding_window_bounds_every_second_minute_and_hour() {
    let settings = BudgetSettings::SlidingWindow(quota(3, 10, 25));
    let budget = Account::new(Tick(0));
    let at = |seconds: f64| {
        drain(&budget, &settings, crate::clock::nanos(std::time::Duration::from_secs_f64(seconds)))
    };
    assert_eq!([at(100.0), at(100.9), at(101.2), at(102.5), at(104.0)], [3, 0, 3, 3, 1]);
    assert_eq!([at(160.0), at(161.2)], [0, 3], "the three of second 100 are more than a minute ago");
    assert_eq!(at(300.0), 3);
    assert_eq!(at(302.0), 3);
    assert_eq!(at(304.0), 3);
    assert_eq!(at(306.0), 1);
    assert_eq!(at(500.0), 2, "25 in an hour");
    assert_eq!(at(3_600.0), 0);
    assert_eq!(at(3_800.0), 3, "those of the second minute are more than an hour ago");
}

#[test]
fn a_fixed_window_starts_anew_every_minute_and_hour_since_the_first_use() {
    let settings = BudgetSettings::FixedWindow(quota(100, 10, 25));
    let budget = Account::new(Tick(0));
    let at = |seconds: u64| drain(&budget, &settings, seconds * S);
    assert_eq!([at(130), at(189), at(190), at(249)], [10, 0, 10, 0]);
    assert_eq!([at(250), at(310), at(130 + 3_599)], [5, 0, 0]);
    assert_eq!(at(130 + 3_600), 10);
}

#[test]
fn a_fixed_window_bounds_every_second_too() {
    let settings = BudgetSettings::FixedWindow(quota(2, 10, 25));
    let budget = Account::new(Tick(0));
    let at = |millis: u64| drain(&budget, &settings, millis * 1_000_000);
    assert_eq!([at(59_900), at(60_000), at(119_000), at(119_900), at(120_100)], [2, 0, 2, 0, 2]);
}

#[test]
fn a_window_forgets_a_retry_that_never_started() {
    for settings in
        [BudgetSettings::SlidingWindow(quota(5, 5, 5)), BudgetSettings::FixedWindow(quota(5, 5, 5))]
    {
        let budget = Account::new(Tick(0));
        for _ in 0..20 {
            let receipt = take(&budget, &settings, S).expect("all were given back");
            budget.give_back(receipt, Tick(S));
        }
        let receipt = take(&budget, &settings, S).expect("empty window");
        assert_eq!(drain(&budget, &settings, S), 4);
        budget.give_back(receipt, Tick(30 * S));
        assert_eq!(drain(&budget, &settings, 30 * S), 1);
        let late = take(&budget, &settings, 4_000 * S).expect("an hour later");
        budget.give_back(late, Tick(8_000 * S));
        assert_eq!(drain(&budget, &settings, 8_000 * S), 5, "a late return frees no place");
    }
}

#[test]
fn a_thread_with_an_older_time_is_counted_now_and_can_give_back() {
    let settings = BudgetSettings::SlidingWindow(quota(5, 5, 5));
    let budget = Account::new(Tick(0));
    assert!(take(&budget, &settings, 10 * S).is_some());
    let late = take(&budget, &settings, 9 * S).expect("room");
    budget.give_back(late, Tick(8 * S));
    assert_eq!(drain(&budget, &settings, 10 * S), 4);
}
