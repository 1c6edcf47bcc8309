//! Data: the words for quantiles: `P95` is how people say 0.95. Apart from the ratios, which know no words.

use super::numbers::Ratio;
use crate::words;

words! {
    /// A quantile that has a name.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    #[non_exhaustive]
    pub enum Percentile {
        /// The median.
        P50 = "p50",
        /// 90 of 100 are faster.
        P90 = "p90",
        /// 95 of 100 are faster.
        P95 = "p95",
        /// 99 of 100 are faster.
        P99 = "p99",
        /// 999 of 1000 are faster.
        P999 = "p999",
    }
}

impl Percentile {
    /// The share that is faster.
    pub const fn ratio(self) -> Ratio {
        Ratio::saturating(match self {
            Self::P50 => 0.5,
            Self::P90 => 0.9,
            Self::P95 => 0.95,
            Self::P99 => 0.99,
            Self::P999 => 0.999,
        })
    }

    /// The word for a share, if it has one.
    pub fn of(ratio: Ratio) -> Option<Self> {
        Self::ALL.iter().copied().find(|word| word.ratio() == ratio)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_its_digits_behind_the_point() {
        for &word in Percentile::ALL {
            let digits = word.name().trim_start_matches('p');
            let share: f64 = format!("0.{digits}").parse().expect("a number");
            assert_eq!(Some(word.ratio()), Ratio::new(share), "{word}");
            assert_eq!(Percentile::of(word.ratio()), Some(word));
        }
        assert_eq!(Percentile::of(Ratio::saturating(0.97)), None);
    }
}
