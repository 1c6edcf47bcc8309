//! Settings that change, and the slots that were used before.

use proptest::prelude::*;

use super::super::RateLimit;
use super::{MS, S, drain, of, start};
use crate::clock::Tick;

#[test]
fn a_reload_counts_what_was_used_in_attempts_and_not_in_time() {
    let (limit, slow, fast) = (RateLimit::default(), of(1.0, 10, 0), of(100.0, 10, 0));
    assert_eq!(drain(&limit, &slow, S), 10);
    limit.reshape(Some(&slow), Some(&fast), Tick(S)).wake();
    assert_eq!(start(&limit, &fast, S), Err(10 * MS), "and not nearly ten seconds");
    limit.reshape(Some(&fast), Some(&slow), Tick(S)).wake();
    assert_eq!(start(&limit, &slow, S), Err(S));
}

#[test]
fn a_larger_burst_brings_the_difference_once() {
    let (limit, small, large) = (RateLimit::default(), of(1.0, 4, 0), of(1.0, 10, 0));
    assert_eq!(drain(&limit, &small, 0), 4);
    limit.reshape(Some(&small), Some(&large), Tick(0)).wake();
    assert_eq!(drain(&limit, &large, 0), 6);
    for _ in 0..3 {
        limit.reshape(Some(&large), Some(&small), Tick(0)).wake();
        assert_eq!(drain(&limit, &small, 0), 0);
        limit.reshape(Some(&small), Some(&large), Tick(0)).wake();
        assert_eq!(drain(&limit, &large, 0), 0);
    }
}

#[test]
fn switched_off_it_goes_on_filling() {
    let (limit, settings, faster) = (RateLimit::default(), of(1.0, 10, 0), of(2.0, 10, 0));
    assert_eq!(drain(&limit, &settings, 0), 10);
    limit.reshape(Some(&settings), None, Tick(0)).wake();
    limit.reshape(None, None, Tick(S)).wake();
    limit.reshape(None, Some(&faster), Tick(4 * S)).wake();
    assert_eq!(drain(&limit, &faster, 4 * S), 4);
}

#[test]
fn a_limit_that_was_never_on_begins_with_the_whole_burst() {
    let (limit, settings) = (RateLimit::default(), of(2.0, 3, 0));
    limit.reshape(None, Some(&settings), Tick(S)).wake();
    assert_eq!(drain(&limit, &settings, S), 3);
}

#[test]
fn rounding_lets_nobody_through() {
    // Three nanoseconds apart, then two.
    let (limit, slow, fast) = (RateLimit::default(), of(333_333_334.0, 1, 0), of(5e8, 1, 0));
    assert_eq!(drain(&limit, &slow, S), 1);
    limit.reshape(Some(&slow), Some(&fast), Tick(S + 2)).wake();
    assert_eq!(start(&limit, &fast, S + 2), Err(1), "two thirds of a nanosecond");
}

proptest! {
    /// Whatever is reloaded in between: attempts without a wait cost one each of the largest burst and flow.
    #[test]
    fn reloads_set_nobody_free(reloads in prop::collection::vec((1..50_u32, 1..20_u32, any::<bool>()), 1..40)) {
        let limit = RateLimit::default();
        let mut current = Some(of(5.0, 20, 0));
        let mut starts = drain(&limit, current.as_ref().unwrap(), S);
        for (per_second, burst, off) in reloads {
            let new = (!off).then(|| of(f64::from(per_second), burst, 0));
            limit.reshape(current.as_ref(), new.as_ref(), Tick(S)).wake();
            current = new;
            if let Some(settings) = &current {
                starts += drain(&limit, settings, S);
            }
        }
        prop_assert_eq!(starts, 20);
    }
}
