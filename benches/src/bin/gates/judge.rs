//! Decides which counts are beyond their pins. In: pinned figures and counted ones. Out: what does not hold, in the words that the
//! reader needs.

use super::counts::{Count, Metric};

/// The share of a pin by which instructions may rise: compilers of one version lay out code alike, but what one
/// thread finds in a cache of another is not the same each time.
const RISE: f64 = 0.02;
/// The share by which they may fall before the pin has to follow, so that what was won cannot be lost again.
const FALL: f64 = 0.10;
/// What these shares are at least: a bare body has 20 instructions.
const AT_LEAST: f64 = 3.0;

/// What the case of a handle has behind the name, what that of the attribute around the same body has there, and what the
/// first may have as a share of the instructions of the second. A deadline of its own, which an attribute cannot have, is compared
/// with one around the call: either costs a reading of the clock, its conversion, and being handed down to the attempt.
const OF_HANDLE: &[(&str, &str, f64)] =
    &[(", by handle", "", 1.10), (", by handle, each with its deadline", ", each with its deadline", 1.10)];

/// Of a count of a handle, that of the attribute that it is held against, without its value, and the share that it may have.
fn attribute_of(handle: &Count) -> Option<(Count, f64)> {
    let of_attribute = |(of_handle, of_attribute, most): &(&str, &str, f64)| {
        let name = handle.case.strip_suffix(of_handle)?;
        Some((Count::instructions(&format!("{name}{of_attribute}"), 0.0), *most))
    };
    OF_HANDLE.iter().find_map(of_attribute).filter(|_| handle.metric == Metric::Instructions)
}

/// By how much a count of a handle is above what that of its attribute allows; zero within it, and for all other counts.
pub(crate) fn above_attribute(counted: &[Count], handle: &Count) -> f64 {
    let above = |(attribute, most): (Count, f64)| {
        let attribute = counted.iter().find(|count| attribute.is_of(count))?;
        Some((handle.value - attribute.value * most).max(0.0))
    };
    attribute_of(handle).and_then(above).unwrap_or(0.0)
}

/// One line for each case of a handle that costs too much beside that of the attribute. Pins follow each other: what a
/// pin allows today and tomorrow may add up.
pub(crate) fn handle_faults(counted: &[Count]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut compared = 0_u32;
    for handle in counted {
        let Some((attribute, most)) = attribute_of(handle) else { continue };
        let Some(attribute) = counted.iter().find(|count| attribute.is_of(count)) else {
            faults.push(format!("{handle}: there is no case of an attribute to compare it with"));
            continue;
        };
        compared += 1;
        if handle.value > attribute.value * most {
            faults.push(format!("{handle}: more than {most} times the {} of the attribute", attribute.value));
        }
    }
    if compared == 0 {
        faults.push("no case of a handle was compared with that of an attribute".to_owned());
    }
    faults
}

/// One line for each count that does not hold.
pub(crate) fn faults(pinned: &[Count], counted: &[Count]) -> Vec<String> {
    let new = counted.iter().filter_map(|count| match pinned.iter().find(|pin| pin.is_of(count)) {
        Some(pin) => fault(pin, count),
        None => Some(format!("{count}: is not pinned")),
    });
    let gone = pinned.iter().filter(|pin| !counted.iter().any(|count| count.is_of(pin)));
    new.chain(gone.map(|pin| format!("{pin}: pinned, and no longer there"))).collect()
}

/// By how much a count is outside of what its pin allows; zero within it, and without a pin.
pub(crate) fn off(pinned: &[Count], count: &Count) -> f64 {
    let outside = |pin: &Count| {
        let (rise, fall) = margins(pin);
        (count.value - pin.value - rise).max(pin.value - fall - count.value).max(0.0)
    };
    pinned.iter().find(|pin| pin.is_of(count)).map_or(0.0, outside)
}

/// By how much a figure may rise above its pin, and fall below it.
fn margins(pin: &Count) -> (f64, f64) {
    match pin.metric {
        Metric::Instructions => ((pin.value * RISE).max(AT_LEAST), (pin.value * FALL).max(AT_LEAST)),
        Metric::Allocations | Metric::FutureBytes => (0.0, 0.0),
    }
}

fn fault(pin: &Count, count: &Count) -> Option<String> {
    let (rise, fall) = margins(pin);
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
    fn what_is_outside_of_its_pin_is_so_by_the_distance_to_what_is_allowed() {
        let pins = [Count::instructions("a case", 1_000.0)];
        for (case, counted, expected) in
            [("a case", 1_025.0, 5.0), ("a case", 1_020.0, 0.0), ("a case", 890.0, 10.0), ("new", 9.0, 0.0)]
        {
            let off = off(&pins, &Count::instructions(case, counted));
            assert!((off - expected).abs() < 1e-9, "{case} {counted}: {off}");
        }
    }

    #[test]
    fn a_handle_may_have_a_tenth_more_instructions_than_its_attribute_also_with_a_deadline() {
        let faults = |handle| {
            let counts = [
                Count::instructions("retry/ours", 200.0),
                Count::instructions("retry/ours, by handle", handle),
                Count::instructions("retry/ours, each with its deadline", 382.0),
                Count::instructions("retry/ours, by handle, each with its deadline", handle + 200.0),
            ];
            handle_faults(&counts)
        };
        assert!(faults(220.0).is_empty());
        let attribute = [Count::instructions("retry/ours", 200.0)];
        let above = |case, value| above_attribute(&attribute, &Count::instructions(case, value)).round();
        assert_eq!(
            (above("retry/ours, by handle", 220.0), above("retry/ours, by handle", 225.0)),
            (0.0, 5.0)
        );
        assert_eq!((above("retry/ours", 900.0), above("breaker/ours, by handle", 900.0)), (0.0, 0.0));
        assert!(faults(221.0)[0].contains("1.1 times the 200"), "{:?}", faults(221.0));
        assert!(faults(221.0)[1].contains("1.1 times the 382"), "{:?}", faults(221.0));
        assert_eq!(
            handle_faults(&[Count::instructions("retry/ours", 200.0)]).len(),
            1,
            "nothing is compared"
        );
        let alone = [Count::instructions("retry/ours, by handle", 200.0)];
        assert!(handle_faults(&alone)[0].contains("no case of an attribute"), "{:?}", handle_faults(&alone));
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
