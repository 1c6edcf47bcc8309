//! Computes in which slice of a sliding window a time lies. In: the length of a window, and times. Out: which slice a time lies in,
//! where that is stored, and the tag that distinguishes it from former contents of the same place.

use std::time::Duration;

use resilience_settings::policy::{BreakerSettings, Window};

use crate::clock::{Tick, nanos};

/// A window is this many whole slices plus the current one, so it is exact to a tenth of its length.
pub(crate) const FULL_SLICES: u64 = 10;

/// The slices before the current one, and the current one.
pub(crate) const PLACES: usize = 11;

/// The slice length of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Slices {
    length: u64,
}

impl Slices {
    /// The slices in which results are counted while the breaker is off or counts calls.
    pub(crate) const DEFAULT: Self = Self::of(Duration::from_secs(10));

    /// The slices of a window of this length.
    #[inline]
    pub(crate) const fn of(window: Duration) -> Self {
        let length = nanos(window) / FULL_SLICES;
        Self { length: if length == 0 { 1 } else { length } }
    }

    /// The slices of a breaker's window of time.
    pub(crate) fn of_breaker(settings: &BreakerSettings) -> Self {
        match settings.window {
            Window::Time(time) => Self::of(time),
            _ => Self::DEFAULT,
        }
    }

    /// The number of the slice that a time lies in, counted from the start of the clock.
    #[inline]
    pub(crate) fn number(self, now: Tick) -> u64 {
        now.0 / self.length
    }

    /// How long one slice is, in nanoseconds.
    #[inline]
    pub(crate) fn length(self) -> u64 {
        self.length
    }

    /// The time that the slices before the current one cover.
    pub(crate) fn window(self) -> u64 {
        self.length.saturating_mul(FULL_SLICES)
    }

    /// The tag of a slice. Odd factors spread generations, lengths and eras over the 32 bits, so that only slices hours
    /// apart could collide, and only if they also share a place that was not written since.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "a tag keeps the low half")]
    pub(crate) fn tag(self, slice: u64, generation: u32, era: u32) -> u32 {
        let length = self.length as u32 ^ (self.length >> 32) as u32;
        (slice as u32)
            .wrapping_add(generation.wrapping_mul(0x9E37_79B1))
            .wrapping_add(length.wrapping_mul(0x85EB_CA6B))
            .wrapping_add(era.wrapping_mul(0xC2B2_AE35))
    }
}

/// The place where a slice is stored.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "below 11")]
pub(crate) fn place(slice: u64) -> usize {
    (slice % PLACES as u64) as usize
}
