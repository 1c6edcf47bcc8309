//! Data: the shapes of values: which kind, unit and range a key takes. Whether a value is in range, `rules/accepted` decides.

use std::time::Duration;

/// Which values a key takes.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Shape {
    /// `true` or `false`.
    Switch,
    /// Makes a whole clause: a table, or `off`.
    Table,
    /// A whole number in the range; with `or_off`, also `off`.
    Count {
        /// The least.
        min: u64,
        /// The most.
        max: u64,
        /// Whether `off` is a value.
        or_off: bool,
    },
    /// A whole number above zero, or `unlimited`.
    Attempts,
    /// A number in the range.
    Number {
        /// The least.
        min: f64,
        /// The most.
        max: f64,
    },
    /// A length of time; `off` where it means something.
    Duration {
        /// The shortest.
        least: Duration,
        /// Whether `off` is a value.
        or_off: bool,
    },
    /// A length of time above zero, `adaptive` or a table that says how it adapts, or `off`.
    Timeout,
    /// A share from 0.5 to below 1, or the word for one, such as `P99`.
    Quantile,
    /// A length of time above zero, or the word for a quantile, such as `P95`.
    AfterOrQuantile,
    /// A [`Strategy`](crate::policy::Strategy).
    Strategy,
    /// A [`BudgetKind`](crate::policy::BudgetKind).
    BudgetKind,
    /// A [`Deposit`](crate::policy::Deposit).
    Deposit,
    /// A [`NestedRetries`](crate::policy::NestedRetries).
    NestedRetries,
    /// A [`CacheMode`](crate::policy::CacheMode).
    CacheMode,
    /// An [`OnUnavailable`](crate::policy::OnUnavailable).
    OnUnavailable,
    /// A [`Mode`](crate::policy::Mode).
    Mode,
    /// A [`Priority`](crate::Priority).
    Priority,
    /// A [`ServiceKind`](crate::policy::ServiceKind).
    Kind,
    /// A [`Window`](crate::policy::Window).
    Window,
    /// A list of HTTP status codes, 100 to 599.
    StatusCodes,
    /// An IP address of this machine, to listen on.
    Address,
}

/// The shortest time that is not zero.
const INSTANT: Duration = Duration::from_nanos(1);

impl Shape {
    /// Whether a length of time is a value, and a bare number one of seconds.
    pub fn is_time(self) -> bool {
        matches!(self, Self::Duration { .. } | Self::Timeout | Self::AfterOrQuantile)
    }

    /// A length of time above zero.
    pub(crate) const SPAN: Self = Self::from(INSTANT);
    /// A length of time, zero included.
    pub(crate) const DELAY: Self = Self::from(Duration::ZERO);
    /// A length of time above zero, or `off`.
    pub(crate) const LIMIT: Self = Self::Duration { least: INSTANT, or_off: true };
    /// A share.
    pub(crate) const SHARE: Self = Self::Number { min: 0.0, max: 1.0 };
    /// A share above zero; a millionth is the least that token counts can tell from it.
    pub(crate) const POSITIVE_SHARE: Self = Self::Number { min: 0.000_001, max: 1.0 };
    /// A number of retry tokens.
    pub(crate) const TOKENS: Self = Self::Number { min: 0.0, max: 1e9 };
    /// A number of attempts per second, above zero.
    pub(crate) const RATE: Self = Self::Number { min: 0.000_001, max: 1e9 };
    /// At least one.
    pub(crate) const COUNT: Self = Self::whole(1, u32::MAX);
    /// At least none.
    pub(crate) const COUNT_FROM_ZERO: Self = Self::whole(0, u32::MAX);
    /// At least one, or `off`.
    pub(crate) const COUNT_OR_OFF: Self = Self::Count { min: 1, max: u32::MAX as u64, or_off: true };

    /// Failures under light traffic, each of which is remembered; one alone would be no row. `off` for none.
    pub(crate) const QUIET_FAILURES: Self = Self::Count { min: 2, max: 1_000, or_off: true };

    /// A length of time of at least so much.
    pub(crate) const fn from(least: Duration) -> Self {
        Self::Duration { least, or_off: false }
    }

    /// A whole number in the range.
    pub(crate) const fn whole(min: u32, max: u32) -> Self {
        Self::Count { min: min as u64, max: max as u64, or_off: false }
    }
}
