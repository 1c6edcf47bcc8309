//! Failures of a few sorts, and of more sorts than there are slots.

use super::*;

const MINUTE: u64 = 60_000_000_000;
const FAILED: AttemptOutcome = AttemptOutcome::Retryable;

fn down(status: u16) -> PatternKey {
    PatternKey { what: "Down", status: Some(status) }
}

/// What, status, calls, attempts.
fn read(patterns: &ErrorPatterns, now: u64) -> Vec<(String, Option<u16>, u64, u64)> {
    let all = patterns.read(Tick(now), 1_000_000_000);
    all.into_iter().map(|one| (one.what, one.status, one.count, one.attempts)).collect()
}

#[test]
fn failures_are_counted_by_what_they_are_and_by_their_status() {
    let patterns = ErrorPatterns::default();
    assert_eq!(read(&patterns, MINUTE), []);
    for attempt in 0..9 {
        patterns.hit(down(503), FAILED, Tick(MINUTE), attempt % 3 == 2);
    }
    patterns.hit(down(500), AttemptOutcome::Throttled, Tick(MINUTE), true);
    patterns.hit(PatternKey { what: "Down", status: None }, AttemptOutcome::Never, Tick(2 * MINUTE), true);
    patterns.hit(PatternKey { what: "Gone", status: None }, AttemptOutcome::Never, Tick(2 * MINUTE), true);
    let down = "Down".to_owned();
    let expected = [(down.clone(), Some(503), 3, 9), (down.clone(), Some(500), 1, 1), (down, None, 1, 1)];
    let all = read(&patterns, 3 * MINUTE);
    assert_eq!(all.len(), 4);
    for one in expected {
        assert!(all.contains(&one), "{one:?} {all:?}");
    }
    let all = patterns.read(Tick(3 * MINUTE), 1_000_000_000);
    assert_eq!((all[0].outcome, all[0].last_at_ms), ("retryable", 1_000_000_000 - 120_000));
}

#[test]
fn one_text_at_two_addresses_is_one_sort() {
    let patterns = ErrorPatterns::default();
    let elsewhere: &'static str = String::leak("Down".to_owned());
    for (what, at, outcome) in [("Down", 1, FAILED), (elsewhere, 2, AttemptOutcome::Throttled)] {
        patterns.hit(PatternKey { what, status: None }, outcome, Tick(at * MINUTE), true);
    }
    let all = patterns.read(Tick(3 * MINUTE), 1_000_000_000);
    assert_eq!((all.len(), all[0].count, all[0].attempts, all[0].outcome), (1, 2, 2, "throttled"));
}

#[test]
fn what_finds_no_slot_is_other_until_slots_are_free_again() {
    let patterns = ErrorPatterns::default();
    for status in 0..100 {
        patterns.hit(down(status), FAILED, Tick(MINUTE), true);
    }
    let all = read(&patterns, MINUTE);
    assert_eq!((all.len(), all[64].clone()), (65, (OTHER.to_owned(), None, 36, 36)));
    // Half of them go on.
    for status in 0..32 {
        patterns.hit(down(status), FAILED, Tick(9 * MINUTE), true);
    }
    let late = 11 * MINUTE + 1;
    let all = read(&patterns, late);
    assert_eq!(all.len(), 32, "the others, and `other`, were not seen for ten minutes");
    assert!(all.iter().all(|(.., calls, attempts)| (*calls, *attempts) == (2, 2)));
    for status in 1_000..1_032 {
        patterns.hit(down(status), FAILED, Tick(late), true);
    }
    patterns.hit(down(64), FAILED, Tick(late), true);
    let all = read(&patterns, late);
    assert_eq!((all.len(), all[64].clone()), (65, (OTHER.to_owned(), None, 1, 1)));
}

#[test]
fn a_sort_that_comes_back_after_ten_minutes_begins_anew() {
    let patterns = ErrorPatterns::default();
    for minute in [1, 2, 20] {
        patterns.hit(down(503), FAILED, Tick(minute * MINUTE), true);
    }
    assert_eq!(read(&patterns, 21 * MINUTE), [("Down".to_owned(), Some(503), 1, 1)]);
}

#[test]
fn threads_that_fail_at_once_lose_no_failure_and_no_slot() {
    let patterns = ErrorPatterns::default();
    std::thread::scope(|scope| {
        for thread in 0..4_u16 {
            let patterns = &patterns;
            scope.spawn(move || {
                for round in 0..4_000_u16 {
                    patterns.hit(down((round + thread) % 80), FAILED, Tick(MINUTE), true);
                }
            });
        }
    });
    let all = read(&patterns, MINUTE);
    assert_eq!(all.len(), 65);
    assert_eq!(all.iter().map(|(.., calls, _)| calls).sum::<u64>(), 16_000);
    assert!(all[..64].iter().all(|(.., calls, _)| *calls == 200), "{all:?}");
}
