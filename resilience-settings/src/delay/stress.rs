//! Computes by which factor the adaptive strategy widens its delays. In: the failure rate of a service and the pressure on the
//! process. Out: the factor. It is apart from the delay formulas because it depends on the service and the process, not on a call.

use crate::policy::Ratio;

/// The largest factor: two doublings beyond those of the call's own attempts. More would push even a first retry
/// straight to the cap while other calls fail.
pub(super) const WIDEST: f64 = 4.0;

/// The factor `f = 1 + 3 · max(failure_rate, pressure)`, from 1 (all is well) to 4 (everything fails).
///
/// The larger of the two counts, not their sum: calls of an overloaded process time out, so both often show the same
/// problem. The factor is linear so that there is no threshold at which all clients change pace at once. Both are
/// shares; values out of range are clamped, and NaN counts as 0.
pub fn stress(failure_rate: f64, pressure: f64) -> f64 {
    // `f64::max` ignores a NaN on either side.
    1.0 + (WIDEST - 1.0) * Ratio::saturating(failure_rate.max(pressure)).get()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::stress;

    #[test]
    fn the_factor_goes_from_one_to_four() {
        for (failure_rate, pressure, expected) in [
            (0.0, 0.0, 1.0),
            (0.5, 0.0, 2.5),
            (0.0, 0.5, 2.5),
            (0.5, 0.5, 2.5),
            (1.0, 0.2, 4.0),
            (f64::NAN, 1.0, 4.0),
            (f64::NAN, f64::NAN, 1.0),
            (-7.0, f64::NEG_INFINITY, 1.0),
            (f64::INFINITY, 0.0, 4.0),
        ] {
            let factor = stress(failure_rate, pressure);
            assert!((factor - expected).abs() < 1e-12, "{failure_rate} {pressure}: {factor}");
        }
    }

    proptest! {
        #[test]
        fn more_trouble_never_shortens_a_delay(rate in 0.0..1.0, pressure in 0.0..1.0, more in 0.0..1.0) {
            prop_assert!(stress(rate + more, pressure) >= stress(rate, pressure));
            prop_assert!(stress(rate, pressure + more) >= stress(rate, pressure));
            prop_assert!((1.0..=4.0).contains(&stress(rate + more, pressure + more)));
        }
    }
}
