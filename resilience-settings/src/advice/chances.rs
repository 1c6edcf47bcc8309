//! Computes the binomial distribution. In: how many trials, the chance of each. Out: the chance that so many of them or more come
//! true. Summed from the largest term, in logarithms, so that nothing underflows.

/// The chance of at least `least` of `trials`.
pub(super) fn at_least(least: u32, trials: u32, chance: f64) -> f64 {
    if least == 0 {
        return 1.0;
    }
    if least > trials || chance <= 0.0 {
        return 0.0;
    }
    if chance >= 1.0 {
        return 1.0;
    }
    let odds = (chance / (1.0 - chance)).ln();
    let mut term = f64::from(trials) * (1.0 - chance).ln();
    let mut sum = 0.0;
    for count in 0..=trials {
        if count >= least {
            sum += term.exp();
        }
        // From C(n, k) to C(n, k + 1).
        term += (f64::from(trials - count) / f64::from(count + 1)).ln() + odds;
    }
    sum.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chances_are_those_of_the_tables() {
        for (least, trials, chance, expected) in [
            (0, 10, 0.5, 1.0),
            (1, 1, 0.25, 0.25),
            (10, 10, 0.5, 1.0 / 1024.0),
            (6, 10, 0.5, 386.0 / 1024.0),
            (2, 20, 0.05, 0.264_161),
            (11, 10, 0.9, 0.0),
            (3, 10, 0.0, 0.0),
            (3, 10, 1.0, 1.0),
        ] {
            let found = at_least(least, trials, chance);
            assert!((found - expected).abs() < 1e-6, "{least} of {trials} at {chance}: {found}");
        }
        let large = at_least(600, 1_000, 0.5);
        assert!(large > 1e-11 && large < 1e-9, "{large}");
    }
}
