//! Pinned figures and counted ones go in, what does not hold comes out, in the words that the reader needs.

use super::counts::{Count, Metric};

/// The share of a pin by which instructions may rise: compilers of one version lay out code alike, but what one
/// thread finds in a cache of another is not the same each time.
const RISE: f64 = 0.02;
/// The share by which they may fall before the pin has to follow, so that what was won cannot be lost again.
const FALL: f64 = 0.10;
/// What these shares are at least: a bare body has 20 instructions.
const AT_LEAST: f64 = 3.0;

/// One line for each count that does not hold.
pub(crate) fn faults(pinned: &[Count], counted: &[Count]) -> Vec<String> {
    let new = counted.iter().filter_map(|count| match pinned.iter().find(|pin| pin.is_of(count)) {
        Some(pin) => fault(pin, count),
        None => Some(format!("{count}: is not pinned")),
    });
    let gone = pinned.iter().filter(|pin| !counted.iter().any(|count| count.is_of(pin)));
    new.chain(gone.map(|pin| format!("{pin}: pinned, and no longer there"))).collect()
}

fn fault(pin: &Count, count: &Count) -> Option<String> {
    let (rise, fall) = match pin.metric {
        Metric::Instructions => ((pin.value * RISE).max(AT_LEAST), (pin.value * FALL).max(AT_LEAST)),
        Metric::Allocations | Metric::FutureBytes => (0.0, 0.0),
    };
    let pinned = pin.value;
    if count.value > pinned + rise {
        Some(format!("{count}: more than the pinned {pinned}"))
    } else if count.value < pinned - fall {
        Some(format!("{count}: less than the pinned {pinned}, which has to follow"))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(metric: Metric, pin: f64, counted: f64) -> bool {
        let count = |value| Count { metric, case: "a case".to_owned(), value };
        faults(&[count(pin)], &[count(counted)]).is_empty()
    }

    #[test]
    fn instructions_may_rise_by_two_percent_and_fall_by_ten() {
        for (pin, counted, expected) in [
            (1_000.0, 1_000.0, true),
            (1_000.0, 1_020.0, true),
            (1_000.0, 1_021.0, false),
            (1_000.0, 900.0, true),
            (1_000.0, 899.0, false),
            (20.0, 23.0, true),
            (20.0, 24.0, false),
            (20.0, 17.0, true),
            (20.0, 16.0, false),
        ] {
            assert_eq!(holds(Metric::Instructions, pin, counted), expected, "{pin} {counted}");
        }
    }

    #[test]
    fn allocations_and_bytes_are_exact() {
        for metric in [Metric::Allocations, Metric::FutureBytes] {
            assert!(holds(metric, 200.0, 200.0));
            assert!(!holds(metric, 200.0, 200.001));
            assert!(!holds(metric, 200.0, 199.0));
        }
    }

    #[test]
    fn a_case_without_a_pin_and_a_pin_without_a_case_are_faults() {
        let (one, other) = (Count::instructions("one", 5.0), Count::instructions("other", 5.0));
        let faults = faults(&[one], &[other]);
        assert_eq!(faults.len(), 2, "{faults:?}");
        assert!(faults[0].contains("other: is not pinned"), "{faults:?}");
        assert!(faults[1].contains("one: pinned, and no longer there"), "{faults:?}");
    }
}
