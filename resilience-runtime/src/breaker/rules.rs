//! The settings of a breaker with what follows from them, so that a vote does not work it out again.

use crate::counting::slices::Slices;
use crate::policy::{BreakerSettings, Window};

/// What a breaker goes by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules<'a> {
    /// The settings.
    pub(crate) settings: &'a BreakerSettings,
    /// The slices of its window of time.
    pub(crate) slices: Slices,
}

impl<'a> Rules<'a> {
    /// The rules that the settings make. Whoever keeps settings keeps the slices beside them.
    pub(crate) fn of(settings: &'a BreakerSettings) -> Self {
        Self { settings, slices: Slices::of_breaker(settings) }
    }

    /// Whether a success that is counted by its time has been counted in full.
    #[inline]
    pub(super) fn is_time_based(self) -> bool {
        matches!(self.settings.window, Window::Time(_))
    }
}

/// The slices that the settings ask for; `None` is a breaker that is off.
#[inline]
pub(crate) fn slices(settings: Option<&BreakerSettings>) -> Slices {
    settings.map_or(Slices::DEFAULT, Slices::of_breaker)
}
