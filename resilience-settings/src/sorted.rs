//! Sorts a list that is not on the way of a call: places are sorted here, and the list follows them. The standard library compiles
//! its sort anew for each type and comparison, at great length.

use std::cmp::Ordering;

/// Sorts by a comparison; equal ones stay in their order.
pub fn sort<T>(list: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let places = places(list.len(), &|one, other| compare(&list[one], &list[other]));
    arrange(places, &mut |one, other| list.swap(one, other));
}

/// In the order in which they belong, the places where they are.
fn places(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_by(|one, other| compare(*one, *other));
    places
}

/// Follows each circle of places once: each swap brings one where it belongs.
fn arrange(mut places: Vec<usize>, swap: &mut dyn FnMut(usize, usize)) {
    for first in 0..places.len() {
        let mut to = first;
        loop {
            let from = std::mem::replace(&mut places[to], to);
            if from == first || from == to {
                break;
            }
            swap(to, from);
            to = from;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_sorts_as_the_standard_library_does(list in proptest::collection::vec((0_u8..8, any::<u16>()), 0..60)) {
            let mut expected = list.clone();
            expected.sort_by_key(|(key, _)| *key);
            let mut sorted = list;
            sort(&mut sorted, |one, other| one.0.cmp(&other.0));
            prop_assert_eq!(sorted, expected);
        }
    }
}
