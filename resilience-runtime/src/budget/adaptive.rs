//! Computes by how much an adaptive budget lowers its ratio while calls fail. In: the ratio, the threshold and the success rate.
//! Out: what a deposit is worth. It is apart from the bucket, which only needs the resulting ratio.

use resilience_settings::policy::Ratio;

/// `ratio · clamp((2s − t) / t, 0, 1)` for success rate `s` and threshold `t`: the full ratio from the threshold up,
/// nothing at half the threshold and below, linear between. An unknown success rate counts as 1.
pub(super) fn effective_ratio(ratio: Ratio, threshold: Ratio, success_rate: Option<f64>) -> Ratio {
    let (t, s) = (threshold.get(), success_rate.unwrap_or(1.0));
    let share = if s >= t {
        Ratio::ONE
    } else {
        // Here t > s, so t is not 0 unless s is negative or NaN; both saturate to 0.
        Ratio::saturating((2.0 * s - t) / t)
    };
    Ratio::saturating(ratio.get() * share.get())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deposits_shrink_from_the_threshold_down_to_its_half() {
        let (ratio, threshold) = (Ratio::saturating(0.2), Ratio::saturating(0.8));
        for (success_rate, expected) in [
            (None, 0.2),
            (Some(1.0), 0.2),
            (Some(0.8), 0.2),
            (Some(0.6), 0.1),
            (Some(0.5), 0.05),
            (Some(0.4), 0.0),
            (Some(0.0), 0.0),
            (Some(-1.0), 0.0),
            (Some(f64::NAN), 0.0),
        ] {
            let effective = effective_ratio(ratio, threshold, success_rate).get();
            assert!((effective - expected).abs() < 1e-9, "{success_rate:?}: {effective}");
        }
        assert_eq!(effective_ratio(ratio, Ratio::ZERO, Some(0.0)), ratio);
    }
}
