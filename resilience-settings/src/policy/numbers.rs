//! Data: numbers that cannot be wrong: ratios, multipliers and token counts, comparable and hashable.

use core::fmt;
use core::hash::{Hash, Hasher};

/// A share between 0 and 1, never NaN.
///
/// ```
/// use resilience_runtime::policy::Ratio;
/// assert_eq!(Ratio::new(0.5).map(Ratio::get), Some(0.5));
/// assert!(Ratio::new(1.1).is_none());
/// ```
#[derive(Clone, Copy, PartialEq)]
pub struct Ratio(f64);

/// A growth factor of at least 1, finite.
#[derive(Clone, Copy, PartialEq)]
pub struct Multiplier(f64);

/// An amount of retry tokens, kept in millionths so that sums are exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tokens(u64);

macro_rules! checked {
    ($name:ident, $range:expr) => {
        impl $name {
            /// The number, or `None` when it is out of range.
            pub const fn new(value: f64) -> Option<Self> {
                // `+ 0.0` turns -0.0 into 0.0, so that equal numbers have equal bits.
                let (low, high): (f64, f64) = $range;
                if value >= low && value <= high { Some(Self(value + 0.0)) } else { None }
            }

            /// The number itself.
            pub const fn get(self) -> f64 {
                self.0
            }
        }

        impl Eq for $name {}

        impl Hash for $name {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.0.to_bits().hash(state);
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }
    };
}
checked!(Ratio, (0.0, 1.0));
checked!(Multiplier, (1.0, f64::MAX));

impl Multiplier {
    /// Doubling, the default.
    pub const TWO: Self = Self(2.0);
}

impl Ratio {
    /// Nothing.
    pub const ZERO: Self = Self(0.0);
    /// Everything.
    pub const ONE: Self = Self(1.0);

    /// Clamps any number into the range; NaN becomes 0.
    pub const fn saturating(value: f64) -> Self {
        if value >= 1.0 {
            Self::ONE
        } else if value > 0.0 {
            Self(value)
        } else {
            Self::ZERO
        }
    }

    /// The share in millionths, rounded down, so that a budget is never overdrawn by rounding.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0..=1 times a million fits")]
    pub const fn millionths(self) -> u64 {
        // A hair is added first: 0.1 * 1e6 must be 100_000 and not 99_999.
        (self.0 * 1e6 + 1e-6) as u64
    }
}

impl Tokens {
    const UNIT: u64 = 1_000_000;

    /// Whole tokens, saturating.
    pub const fn whole(count: u64) -> Self {
        Self(count.saturating_mul(Self::UNIT))
    }

    /// Tokens from a number; negative and NaN become 0, too large saturates.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "float casts saturate"
    )]
    pub const fn from_number(count: f64) -> Self {
        Self((count * Self::UNIT as f64 + 1e-6) as u64)
    }

    /// Tokens from millionths.
    pub const fn from_millionths(millionths: u64) -> Self {
        Self(millionths)
    }

    /// The amount in millionths.
    pub const fn millionths(self) -> u64 {
        self.0
    }

    /// The amount as a number of tokens.
    #[expect(clippy::cast_precision_loss, reason = "for display and metrics")]
    pub const fn get(self) -> f64 {
        self.0 as f64 / Self::UNIT as f64
    }
}
