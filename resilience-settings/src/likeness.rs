//! Two words go in, how alike they are comes out: from 0 to 1, by Jaro and Winkler (Winkler, "String Comparator Metrics", 1990).
//!
//! `strsim` says the same, and all else that is in it is compiled as well, in each build of every user.

/// How alike two words are.
pub fn likeness(one: &str, other: &str) -> f64 {
    const IS_PREFIX_COUNTED: f64 = 0.7;
    const LONGEST_PREFIX: usize = 4;

    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let jaro = jaro(&one, &other);
    if jaro <= IS_PREFIX_COUNTED {
        return jaro;
    }
    let differs = one.iter().zip(&other).take(LONGEST_PREFIX).position(|(one, other)| one != other);
    let prefix = differs.unwrap_or(LONGEST_PREFIX.min(one.len()).min(other.len()));
    jaro + 0.1 * float(prefix) * (1.0 - jaro)
}

/// Letters match that are equal and not far from each other, each with one; of those that match, some are in another order.
fn jaro(one: &[char], other: &[char]) -> f64 {
    if one.is_empty() && other.is_empty() {
        return 1.0;
    }
    let reach = (one.len().max(other.len()) / 2).saturating_sub(1);
    let mut is_taken = vec![false; other.len()];
    let mut matched = Vec::new();
    for (place, letter) in one.iter().enumerate() {
        let end = other.len().min(place + reach + 1);
        let free = (place.saturating_sub(reach)..end).find(|&near| other[near] == *letter && !is_taken[near]);
        if let Some(near) = free {
            is_taken[near] = true;
            matched.push(*letter);
        }
    }
    if matched.is_empty() {
        return 0.0;
    }
    let in_other = other.iter().zip(&is_taken).filter(|(_, is_taken)| **is_taken);
    let displaced = matched.iter().zip(in_other).filter(|(letter, (other, _))| letter != other).count();
    let count = float(matched.len());
    let in_order = float(matched.len() - displaced / 2);
    (count / float(one.len()) + count / float(other.len()) + in_order / count) / 3.0
}

#[expect(clippy::cast_precision_loss, reason = "lengths of words")]
fn float(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_that_of_the_crate(one in "[a-dé_]{0,12}", other in "[a-dé_]{0,12}") {
            let expected = strsim::jaro_winkler(&one, &other);
            prop_assert!((likeness(&one, &other) - expected).abs() < 1e-12, "{} {expected}", likeness(&one, &other));
        }
    }
}
